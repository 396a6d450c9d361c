// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Go's `strconv` readings of numbers.
enum GoNumber {
    /// `ParseInt(text, base, 64)`; base 0 reads prefixes and underscores.
    static func parseInt(_ text: Bytes, base: Int = 0) -> Int64? {
        guard let first = text.first else { return nil }
        let isNegative = first == UInt8(ascii: "-")
        let digits = isNegative || first == UInt8(ascii: "+") ? Bytes(text.dropFirst()) : text
        guard let magnitude = parseUInt(digits, base: base) else { return nil }
        if isNegative { return magnitude <= UInt64(Int64.max) + 1 ? Int64(truncatingIfNeeded: 0 &- magnitude) : nil }
        return Int64(exactly: magnitude)
    }

    /// `ParseUint(text, base, 64)`.
    static func parseUInt(_ text: Bytes, base: Int = 0) -> UInt64? {
        var digits = text[...]
        var radix = UInt64(base)
        if base == 0 {
            radix = 10
            if text.count > 1, text[0] == UInt8(ascii: "0") {
                switch text[1] | 0x20 {
                case UInt8(ascii: "x"): (radix, digits) = (16, text.dropFirst(2))
                case UInt8(ascii: "o"): (radix, digits) = (8, text.dropFirst(2))
                case UInt8(ascii: "b"): (radix, digits) = (2, text.dropFirst(2))
                default: (radix, digits) = (8, text.dropFirst())
                }
            }
        }
        var result: UInt64 = 0
        var previousIsDigit = digits.startIndex > 0
        guard !digits.isEmpty else { return nil }
        for byte in digits {
            if byte == UInt8(ascii: "_"), base == 0 {
                guard previousIsDigit else { return nil }
                previousIsDigit = false
                continue
            }
            guard let digit = digitValue(byte), digit < radix else { return nil }
            let (product, overflow) = result.multipliedReportingOverflow(by: radix)
            let (sum, carry) = product.addingReportingOverflow(digit)
            guard !overflow, !carry else { return nil }
            result = sum
            previousIsDigit = true
        }
        return previousIsDigit ? result : nil
    }

    /// `ParseFloat(text, 64)`, with Go's underscores but without its range errors: out of range is nil.
    static func parseFloat(_ text: Bytes, allowUnderscore: Bool = true) -> Double? {
        var plain = text
        if text.contains(UInt8(ascii: "_")) {
            guard allowUnderscore else { return nil }
            plain.removeAll { $0 == UInt8(ascii: "_") }
        }
        guard let last = plain.last else { return nil }
        let unsigned =
            plain.first == UInt8(ascii: "+") || plain.first == UInt8(ascii: "-") ? plain.dropFirst() : plain[...]
        guard let first = unsigned.first else { return nil }
        if !(0x30...0x39).contains(first), first != UInt8(ascii: ".") { return special(plain, Bytes(unsigned)) }
        // Go allows "5." and ".5", Swift only the latter.
        if last == UInt8(ascii: ".") { plain.append(UInt8(ascii: "0")) }
        if let point = plain.firstIndex(of: UInt8(ascii: ".")), point + 1 < plain.count,
            plain[point + 1] | 0x20 == UInt8(ascii: "e")
        {
            plain.insert(UInt8(ascii: "0"), at: point + 1)
        }
        guard let value = Double(plain.text), value.isFinite else { return nil }
        return value
    }

    private static func special(_ text: Bytes, _ unsigned: Bytes) -> Double? {
        let isNegative = text.first == UInt8(ascii: "-")
        switch unsigned.map({ $0 | 0x20 }).text {
        case "inf", "infinity": return isNegative ? -.infinity : .infinity
        case "nan": return .nan
        default: return nil
        }
    }

    static func digitValue(_ byte: UInt8) -> UInt64? {
        switch byte {
        case 0x30...0x39: UInt64(byte - 0x30)
        case 0x61...0x7A: UInt64(byte - 0x61 + 10)
        case 0x41...0x5A: UInt64(byte - 0x41 + 10)
        default: nil
        }
    }
}
