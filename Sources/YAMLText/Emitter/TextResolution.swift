// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Whether a text must be quoted to stay a text.
enum TextResolution {
    /// Whether a YAML 1.1 reader would take the plain text for something else than a string.
    static func isAmbiguous(_ text: String) -> Bool {
        guard case .string = ScalarResolver.resolve(text) else { return true }
        guard let first = text.utf8.first, isDigit(first) || first == UInt8(ascii: "+") || first == UInt8(ascii: "-")
        else { return false }
        return isBaseSixty(Array(text.utf8)) || isTimestamp(Array(text.utf8))
    }

    /// `12:30`, which YAML 1.1 calls a number in base 60.
    private static func isBaseSixty(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        guard let first = rest.first, isDigit(first) else { return false }
        rest = rest.drop { isDigit($0) || $0 == UInt8(ascii: "_") }
        var parts = 0
        while rest.first == UInt8(ascii: ":") {
            let digits = rest.dropFirst().prefix { isDigit($0) }
            guard digits.count == 1 || (digits.count == 2 && digits.first.map { $0 < UInt8(ascii: "6") } ?? false)
            else {
                return false
            }
            rest = rest.dropFirst(1 + digits.count)
            parts += 1
        }
        guard parts > 0 else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst().drop { isDigit($0) || $0 == UInt8(ascii: "_") }
        }
        return rest.isEmpty
    }

    /// `2001-12-14`, with or without a time.
    private static func isTimestamp(_ text: [UInt8]) -> Bool {
        var rest = text[...]
        func number(_ digits: ClosedRange<Int>, _ values: ClosedRange<Int>) -> Int? {
            let found = rest.prefix { isDigit($0) }
            guard digits.contains(found.count) else { return nil }
            let value = found.reduce(0) { $0 * 10 + Int($1) - 48 }
            rest = rest.dropFirst(found.count)
            return values.contains(value) ? value : nil
        }
        func skip(_ characters: String) -> UInt8? {
            guard let byte = rest.first, characters.utf8.contains(byte) else { return nil }
            rest = rest.dropFirst()
            return byte
        }
        guard let year = number(4...4, 0...9999), skip("-") != nil, let month = number(1...2, 1...12), skip("-") != nil,
            let day = number(1...2, 1...31), day <= days(in: month, of: year)
        else { return false }
        if rest.isEmpty { return true }
        guard let separator = skip("Tt "), number(1...2, 0...23) != nil, skip(":") != nil, number(1...2, 0...59) != nil,
            skip(":") != nil, number(1...2, 0...59) != nil
        else { return false }
        if skip(".") != nil {
            let fraction = rest.prefix { isDigit($0) }
            guard !fraction.isEmpty else { return false }
            rest = rest.dropFirst(fraction.count)
        }
        if separator == UInt8(ascii: " ") { return rest.isEmpty }
        if skip("Z") != nil { return rest.isEmpty }
        return skip("+-") != nil && number(2...2, 0...24) != nil && skip(":") != nil && number(2...2, 0...60) != nil
            && rest.isEmpty
    }

    private static func days(in month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
