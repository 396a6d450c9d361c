// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `strconv` quoting and unquoting.
enum GoQuote {
    /// `strconv.Quote`: double quotes, escapes for what does not print.
    static func quote(_ text: Bytes, asciiOnly: Bool = false, delimiter: UInt8 = UInt8(ascii: "\"")) -> Bytes {
        var result = Bytes()
        result.reserveCapacity(text.count + 2)
        result.append(delimiter)
        var index = 0
        while index < text.count {
            let byte = text[index]
            let (rune, width) = text.rune(at: index)
            if rune == 0xFFFD && width == 1 {
                result += Bytes("\\x") + hexadecimal(UInt32(byte), width: 2)
            } else {
                escape(rune, asciiOnly: asciiOnly, delimiter: delimiter, into: &result)
            }
            index += width
        }
        result.append(delimiter)
        return result
    }

    private static func escape(_ rune: UInt32, asciiOnly: Bool, delimiter: UInt8, into result: inout Bytes) {
        if rune == UInt32(delimiter) || rune == 0x5C {
            result += [0x5C, UInt8(truncatingIfNeeded: rune)]
            return
        }
        if asciiOnly ? (0x20..<0x7F).contains(rune) : Rune.isPrint(rune) {
            result.append(rune: rune)
            return
        }
        switch rune {
        case 0x07: result += Bytes("\\a")
        case 0x08: result += Bytes("\\b")
        case 0x0C: result += Bytes("\\f")
        case 0x0A: result += Bytes("\\n")
        case 0x0D: result += Bytes("\\r")
        case 0x09: result += Bytes("\\t")
        case 0x0B: result += Bytes("\\v")
        case 0..<0x20, 0x7F: result += Bytes("\\x") + hexadecimal(rune, width: 2)
        case 0x80..<0x10000: result += Bytes("\\u") + hexadecimal(rune, width: 4)
        default: result += Bytes("\\U") + hexadecimal(rune, width: 8)
        }
    }

    static func hexadecimal(_ value: UInt32, width: Int, uppercase: Bool = false) -> Bytes {
        let digits = Bytes(String(value, radix: 16, uppercase: uppercase))
        return Bytes(repeating: 0x30, count: max(0, width - digits.count)) + digits
    }

    /// `strconv.Unquote` of a double- or back-quoted string.
    static func unquote(_ text: Bytes) -> Bytes? {
        guard text.count >= 2, let quote = text.first, text.last == quote else { return nil }
        let body = Bytes(text[1..<text.count - 1])
        if quote == UInt8(ascii: "`") { return body.filter { $0 != 0x0D } }
        guard body.contains(0x5C) else { return body }
        var result = Bytes()
        var index = 0
        while index < body.count {
            guard let (unit, next) = unit(of: body, at: index, delimiter: quote) else { return nil }
            switch unit {
            case .byte(let byte): result.append(byte)
            case .rune(let rune): result.append(rune: rune)
            }
            index = next
        }
        return result
    }

    /// The character of `'x'`.
    static func unquoteCharacter(_ text: Bytes) -> UInt32? {
        guard text.count >= 3 else { return nil }
        let body = Bytes(text[1..<text.count - 1])
        guard let (unit, next) = unit(of: body, at: 0, delimiter: UInt8(ascii: "'")), next == body.count else {
            return nil
        }
        switch unit {
        case .byte(let byte): return UInt32(byte)
        case .rune(let rune): return rune
        }
    }

    private enum Unit {
        case byte(UInt8)
        case rune(UInt32)
    }

    private static func unit(of body: Bytes, at index: Int, delimiter: UInt8) -> (Unit, next: Int)? {
        let byte = body[index]
        guard byte == 0x5C else {
            if byte == delimiter { return nil }
            let (rune, width) = body.rune(at: index)
            return width == 1 ? (.byte(byte), index + 1) : (.rune(rune), index + width)
        }
        guard index + 1 < body.count else { return nil }
        let next = index + 2
        switch body[index + 1] {
        case UInt8(ascii: "a"): return (.byte(0x07), next)
        case UInt8(ascii: "b"): return (.byte(0x08), next)
        case UInt8(ascii: "f"): return (.byte(0x0C), next)
        case UInt8(ascii: "n"): return (.byte(0x0A), next)
        case UInt8(ascii: "r"): return (.byte(0x0D), next)
        case UInt8(ascii: "t"): return (.byte(0x09), next)
        case UInt8(ascii: "v"): return (.byte(0x0B), next)
        case 0x5C: return (.byte(0x5C), next)
        case delimiter: return (.byte(delimiter), next)
        case UInt8(ascii: "x"):
            return number(body, next, digits: 2, radix: 16).map { (.byte(UInt8(truncatingIfNeeded: $0)), next + 2) }
        case UInt8(ascii: "0")...UInt8(ascii: "7"):
            guard let value = number(body, index + 1, digits: 3, radix: 8), value < 256 else { return nil }
            return (.byte(UInt8(value)), index + 4)
        case UInt8(ascii: "u"): return scalar(body, next, digits: 4)
        case UInt8(ascii: "U"): return scalar(body, next, digits: 8)
        default: return nil
        }
    }

    private static func scalar(_ body: Bytes, _ start: Int, digits: Int) -> (Unit, next: Int)? {
        guard let value = number(body, start, digits: digits, radix: 16), Unicode.Scalar(value) != nil else {
            return nil
        }
        return (.rune(value), start + digits)
    }

    private static func number(_ body: Bytes, _ start: Int, digits: Int, radix: UInt32) -> UInt32? {
        guard start + digits <= body.count else { return nil }
        var value: UInt64 = 0
        for byte in body[start..<start + digits] {
            guard let digit = GoNumber.digitValue(byte), digit < UInt64(radix) else { return nil }
            value = value * UInt64(radix) + digit
        }
        return UInt32(exactly: value)
    }
}
