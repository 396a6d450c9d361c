// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `fmt.Sprintf`, including its texts for verbs that do not fit.
struct Printf {
    var output = Bytes()
    var options = Options()

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

    mutating func pad(_ text: Bytes, zeros: Bool = true) {
        let missing = (options.width ?? 0) - text.runeCount
        guard missing > 0 else { return output += text }
        if options.minus {
            output += text + Bytes(repeating: 0x20, count: missing)
        } else {
            output += Bytes(repeating: options.zero && zeros ? 0x30 : 0x20, count: missing) + text
        }
    }
}
