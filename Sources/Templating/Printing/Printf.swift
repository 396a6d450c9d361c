// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `fmt.Sprintf`, including its texts for verbs that do not fit.
struct Printf {
    private var output = Bytes()
    private var options = Options()

    struct Options {
        var plus = false
        var minus = false
        var sharp = false
        var space = false
        var zero = false
        /// `%#v`: values as Go source.
        var syntax = false
        var width: Int?
        var precision: Int?
    }

    /// Widths and precisions above this are refused, as in Go.
    private static let sizeLimit = 1_000_000

    static func format(_ format: Bytes, _ values: [GoValue]) -> Bytes {
        var printf = Printf()
        printf.run(format, values)
        return printf.output
    }

    private mutating func run(_ format: Bytes, _ values: [GoValue]) {
        var index = 0
        var argument = 0
        var reordered = false
        while index < format.count {
            let start = index
            while index < format.count, format[index] != UInt8(ascii: "%") { index += 1 }
            output += format[start..<index]
            guard index < format.count else { break }
            index += 1
            options = Options()
            var goodIndex = true
            flags(format, &index)
            argumentIndex(format, &index, &argument, count: values.count, &reordered, &goodIndex)
            var isAfterIndex = reordered
            options.width = size(format, &index, values, &argument, "WIDTH")
            if let width = options.width, width < 0 {
                options.width = -width
                options.minus = true
                options.zero = false
            }
            if index < format.count, format[index] == UInt8(ascii: ".") {
                index += 1
                argumentIndex(format, &index, &argument, count: values.count, &reordered, &goodIndex)
                options.precision = size(format, &index, values, &argument, "PREC") ?? 0
                if let precision = options.precision, precision < 0 { options.precision = nil }
            }
            if !isAfterIndex || index < format.count {
                argumentIndex(format, &index, &argument, count: values.count, &reordered, &goodIndex)
                isAfterIndex = true
            }
            guard index < format.count else {
                output += Bytes("%!(NOVERB)")
                break
            }
            let (verb, width) = format.rune(at: index)
            index += width
            switch verb {
            case 0x25: output.append(0x25)
            case _ where !goodIndex: output += Bytes("%!") + Bytes(runes: [verb]) + Bytes("(BADINDEX)")
            case _ where argument >= values.count:
                output += Bytes("%!") + Bytes(runes: [verb]) + Bytes("(MISSING)")
            default:
                if verb == UInt32(UInt8(ascii: "v")) {
                    options.syntax = options.sharp
                    (options.sharp, options.plus) = (false, false)
                }
                show(values[argument], verb, depth: 0)
                argument += 1
            }
        }
        if !reordered, argument < values.count { extra(values[argument...]) }
    }

    private mutating func extra(_ values: ArraySlice<GoValue>) {
        options = Options()
        output += Bytes("%!(EXTRA ")
        for (place, value) in values.enumerated() {
            if place > 0 { output += Bytes(", ") }
            if value.isNil {
                output += Bytes("<nil>")
            } else {
                output += Bytes(value.typeName + "=")
                show(value, UInt32(UInt8(ascii: "v")), depth: 0)
            }
        }
        output.append(UInt8(ascii: ")"))
    }

    private mutating func flags(_ format: Bytes, _ index: inout Int) {
        while index < format.count {
            switch format[index] {
            case UInt8(ascii: "#"): options.sharp = true
            case UInt8(ascii: "0"): options.zero = true
            case UInt8(ascii: "+"): options.plus = true
            case UInt8(ascii: "-"): options.minus = true
            case UInt8(ascii: " "): options.space = true
            default: return
            }
            index += 1
        }
    }

    /// `[n]` chooses the operand.
    private func argumentIndex(
        _ format: Bytes, _ index: inout Int, _ argument: inout Int, count: Int, _ reordered: inout Bool,
        _ isGood: inout Bool
    ) {
        guard index < format.count, format[index] == UInt8(ascii: "[") else { return }
        reordered = true
        guard let end = format[index...].firstIndex(of: UInt8(ascii: "]")) else {
            isGood = false
            index += 1
            return
        }
        let number = GoNumber.parseInt(Bytes(format[(index + 1)..<end]), base: 10)
        index = end + 1
        guard let number, number >= 1, number <= count else {
            isGood = false
            return
        }
        argument = Int(number) - 1
    }

    private mutating func size(
        _ format: Bytes, _ index: inout Int, _ values: [GoValue], _ argument: inout Int, _ name: String
    ) -> Int? {
        if index < format.count, format[index] == UInt8(ascii: "*") {
            index += 1
            guard argument < values.count, let value = values[argument].anyInteger, abs(value) <= Self.sizeLimit else {
                argument += argument < values.count ? 1 : 0
                output += Bytes("%!(BAD\(name))")
                return nil
            }
            argument += 1
            return value
        }
        var value: Int?
        while index < format.count, (0x30...0x39).contains(format[index]) {
            value = min((value ?? 0) * 10 + Int(format[index] - 0x30), Self.sizeLimit)
            index += 1
        }
        return value
    }

    // MARK: Values

    private mutating func show(_ value: GoValue, _ verb: UInt32, depth: Int) {
        switch (verb, value) {
        case (0x54, _): pad(Bytes(value.typeName))
        case (_, .invalid), (_, .null):
            if depth > 0 || verb == UInt32(UInt8(ascii: "v")) {
                depth > 0 ? output += Bytes("<nil>") : pad(Bytes("<nil>"))
            } else {
                output += Bytes("%!") + Bytes(runes: [verb]) + Bytes("(<nil>)")
            }
        case (_, .bool(let flag)):
            guard verb == UInt32(UInt8(ascii: "t")) || verb == UInt32(UInt8(ascii: "v")) else {
                return bad(value, verb)
            }
            pad(Bytes(flag ? "true" : "false"))
        case (_, .int(let number)): integer(value, number < 0, UInt64(number.magnitude), verb)
        case (_, .int64(let number)): integer(value, number < 0, number.magnitude, verb)
        case (_, .uint64(let number)): integer(value, false, number, verb)
        case (_, .float64(let number)): float(value, number, verb)
        case (_, .complex128(let number)): complex(value, number, verb)
        case (_, .string(let text)): string(value, text, verb)
        case (_, .bytes(let bytes)): self.bytes(value, bytes, verb)
        case (_, .list(let list)): self.list(list, verb, depth: depth)
        case (_, .map(let map)): self.map(map, verb, depth: depth)
        case (_, .object(let object)):
            if verb == UInt32(UInt8(ascii: "v")) || verb == UInt32(UInt8(ascii: "s")) {
                pad(object.printed)
            } else if verb == UInt32(UInt8(ascii: "q")) {
                pad(GoQuote.quote(object.printed))
            } else {
                bad(value, verb)
            }
        }
    }

    private mutating func bad(_ value: GoValue, _ verb: UInt32) {
        output += Bytes("%!") + Bytes(runes: [verb]) + Bytes("(" + value.typeName + "=")
        show(value, UInt32(UInt8(ascii: "v")), depth: 0)
        output.append(UInt8(ascii: ")"))
    }

    private mutating func list(_ list: GoList, _ verb: UInt32, depth: Int) {
        let isSyntax = options.syntax
        output += isSyntax ? Bytes(GoType.slice(list.element).name + "{") : Bytes("[")
        for (index, item) in list.items.enumerated() {
            if index > 0 { output += isSyntax ? Bytes(", ") : [0x20] }
            show(item, verb, depth: depth + 1)
        }
        output += isSyntax ? Bytes("}") : Bytes("]")
    }

    private mutating func map(_ map: GoMap, _ verb: UInt32, depth: Int) {
        let isSyntax = options.syntax
        output += isSyntax ? Bytes(map.type.name + "{") : Bytes("map[")
        for (index, (key, item)) in zip(map.keys, map.values).enumerated() {
            if index > 0 { output += isSyntax ? Bytes(", ") : [0x20] }
            show(.string(key), verb, depth: depth + 1)
            output.append(UInt8(ascii: ":"))
            show(item, verb, depth: depth + 1)
        }
        output += isSyntax ? Bytes("}") : Bytes("]")
    }

    private mutating func string(_ value: GoValue, _ text: Bytes, _ verb: UInt32) {
        switch UInt8(truncatingIfNeeded: verb) {
        case UInt8(ascii: "v") where options.syntax: pad(quoted(text))
        case UInt8(ascii: "v"), UInt8(ascii: "s"): pad(truncated(text))
        case UInt8(ascii: "q"): pad(quoted(truncated(text)))
        case UInt8(ascii: "x"): pad(hexadecimal(text, uppercase: false))
        case UInt8(ascii: "X"): pad(hexadecimal(text, uppercase: true))
        default: bad(value, verb)
        }
    }

    private mutating func bytes(_ value: GoValue, _ bytes: Bytes, _ verb: UInt32) {
        switch UInt8(truncatingIfNeeded: verb) {
        case UInt8(ascii: "v") where options.syntax:
            output += Bytes("[]byte{") + bytes.map { Bytes("0x" + String($0, radix: 16)) }.joined(by: Bytes(", "))
            output.append(UInt8(ascii: "}"))
        case UInt8(ascii: "v"), UInt8(ascii: "d"):
            output.append(UInt8(ascii: "["))
            for (index, byte) in bytes.enumerated() {
                if index > 0 { output.append(0x20) }
                integer(.int(Int(byte)), false, UInt64(byte), verb)
            }
            output.append(UInt8(ascii: "]"))
        default: string(value, bytes, verb)
        }
    }

    private func truncated(_ text: Bytes) -> Bytes {
        guard let precision = options.precision, precision < text.runeCount else { return text }
        return Bytes(runes: text.runes.prefix(precision))
    }

    private func quoted(_ text: Bytes) -> Bytes {
        let canBeRaw =
            options.sharp && !text.contains { $0 == UInt8(ascii: "`") || ($0 < 0x20 && $0 != 0x09) || $0 == 0x7F }
        if canBeRaw { return [UInt8(ascii: "`")] + text + [UInt8(ascii: "`")] }
        return GoQuote.quote(text, asciiOnly: options.plus)
    }

    private func hexadecimal(_ text: Bytes, uppercase: Bool) -> Bytes {
        let source = options.precision.map { Bytes(text.prefix($0)) } ?? text
        let prefix: Bytes = options.sharp ? Bytes(uppercase ? "0X" : "0x") : []
        let pairs = source.map { GoQuote.hexadecimal(UInt32($0), width: 2, uppercase: uppercase) }
        guard options.space else { return source.isEmpty ? [] : prefix + pairs.joined() }
        return pairs.map { prefix + $0 }.joined(by: [0x20])
    }

    // MARK: Numbers

    private mutating func integer(_ value: GoValue, _ isNegative: Bool, _ magnitude: UInt64, _ verb: UInt32) {
        switch UInt8(truncatingIfNeeded: verb) {
        case UInt8(ascii: "v"), UInt8(ascii: "d"): number(isNegative, magnitude, radix: 10, prefix: "")
        case UInt8(ascii: "b"): number(isNegative, magnitude, radix: 2, prefix: options.sharp ? "0b" : "")
        case UInt8(ascii: "o"): number(isNegative, magnitude, radix: 8, prefix: options.sharp ? "0" : "")
        case UInt8(ascii: "O"): number(isNegative, magnitude, radix: 8, prefix: "0o")
        case UInt8(ascii: "x"): number(isNegative, magnitude, radix: 16, prefix: options.sharp ? "0x" : "")
        case UInt8(ascii: "X"):
            number(isNegative, magnitude, radix: 16, prefix: options.sharp ? "0X" : "", uppercase: true)
        case UInt8(ascii: "c"): pad(Bytes(runes: [isNegative ? 0xFFFD : UInt32(clamping: magnitude)]))
        case UInt8(ascii: "q"):
            let character = Bytes(runes: [isNegative ? 0xFFFD : UInt32(clamping: magnitude)])
            pad(GoQuote.quote(character, asciiOnly: options.plus, delimiter: UInt8(ascii: "'")))
        case UInt8(ascii: "U"):
            let digits = GoQuote.hexadecimal(
                UInt32(clamping: magnitude), width: max(4, options.precision ?? 0), uppercase: true)
            pad(Bytes("U+") + digits)
        default: bad(value, verb)
        }
    }

    private mutating func number(
        _ isNegative: Bool, _ magnitude: UInt64, radix: Int, prefix: String, uppercase: Bool = false
    ) {
        var digits = Bytes(String(magnitude, radix: radix, uppercase: uppercase))
        let sign = isNegative ? "-" : options.plus ? "+" : options.space ? " " : ""
        if let precision = options.precision {
            if precision == 0 && magnitude == 0 { digits = [] }
            digits = Bytes(repeating: 0x30, count: max(0, precision - digits.count)) + digits
        } else if options.zero, !options.minus, let width = options.width {
            digits = Bytes(repeating: 0x30, count: max(0, width - sign.utf8.count - digits.count)) + digits
        }
        pad(Bytes(sign + prefix) + digits, zeros: false)
    }

    private mutating func float(_ value: GoValue, _ number: Double, _ verb: UInt32) {
        var text: Bytes
        switch UInt8(truncatingIfNeeded: verb) {
        case UInt8(ascii: "v"), UInt8(ascii: "g"), UInt8(ascii: "G"):
            let isUpper = verb == UInt32(UInt8(ascii: "G"))
            text =
                options.precision.map { GoFloat.fixed(number, verb: isUpper ? 0x47 : 0x67, precision: $0) }
                ?? GoFloat.shortest(number, uppercase: isUpper)
        case UInt8(ascii: "e"), UInt8(ascii: "E"), UInt8(ascii: "f"):
            text = GoFloat.fixed(number, verb: UInt8(verb), precision: options.precision ?? 6)
        case UInt8(ascii: "F"): text = GoFloat.fixed(number, verb: 0x66, precision: options.precision ?? 6)
        default: return bad(value, verb)
        }
        let isSigned = text.first == 0x2D || text.first == 0x2B
        let sign: Bytes = text.first == 0x2D ? [0x2D] : options.plus ? [0x2B] : options.space ? [0x20] : []
        if isSigned { text.removeFirst() }
        let infinite: Bytes = number == .infinity && sign.isEmpty ? [0x2B] : sign
        if options.zero, !options.minus, number.isFinite, let width = options.width {
            text = Bytes(repeating: 0x30, count: max(0, width - sign.count - text.count)) + text
        }
        pad((number.isFinite || number.isNaN ? sign : infinite) + text, zeros: false)
    }

    private mutating func complex(_ value: GoValue, _ number: GoComplex, _ verb: UInt32) {
        output.append(UInt8(ascii: "("))
        float(value, number.real, verb)
        let plus = options.plus
        options.plus = true
        float(value, number.imaginary, verb)
        options.plus = plus
        output += Bytes("i)")
    }

    private mutating func pad(_ text: Bytes, zeros: Bool = true) {
        let missing = (options.width ?? 0) - text.runeCount
        guard missing > 0 else { return output += text }
        if options.minus {
            output += text + Bytes(repeating: 0x20, count: missing)
        } else {
            output += Bytes(repeating: options.zero && zeros ? 0x30 : 0x20, count: missing) + text
        }
    }
}

extension GoValue {
    /// The value of any integer kind.
    var anyInteger: Int? {
        switch self {
        case .int(let value): value
        case .int64(let value): Int(value)
        case .uint64(let value): Int(exactly: value)
        default: nil
        }
    }
}
