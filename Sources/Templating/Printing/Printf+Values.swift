// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Values by their kind: what is no number.
extension Printf {
    mutating func show(_ value: GoValue, _ verb: UInt32, depth: Int) {
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

    mutating func bad(_ value: GoValue, _ verb: UInt32) {
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
}
