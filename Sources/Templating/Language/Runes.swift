// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Array where Element == UInt8 {
    /// The character at `index` and its width; what is not UTF-8 reads as U+FFFD of width 1, as in Go.
    func rune(at index: Int) -> (rune: UInt32, width: Int) {
        let first = self[index]
        if first < 0x80 { return (UInt32(first), 1) }
        let width: Int
        var rune: UInt32
        switch first {
        case 0xC2...0xDF: (width, rune) = (2, UInt32(first & 0x1F))
        case 0xE0...0xEF: (width, rune) = (3, UInt32(first & 0x0F))
        case 0xF0...0xF4: (width, rune) = (4, UInt32(first & 0x07))
        default: return (0xFFFD, 1)
        }
        guard index + width <= count else { return (0xFFFD, 1) }
        for offset in 1..<width {
            let byte = self[index + offset]
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            rune = rune << 6 | UInt32(byte & 0x3F)
        }
        let tooShort = (width == 3 && rune < 0x800) || (width == 4 && rune < 0x10000)
        if tooShort || rune > 0x10FFFF || (0xD800...0xDFFF).contains(rune) { return (0xFFFD, 1) }
        return (rune, width)
    }

    /// Appends the UTF-8 of `rune`; what is no character becomes U+FFFD.
    mutating func append(rune: UInt32) {
        guard rune >= 0x80 else { return append(UInt8(rune)) }
        let scalar = Unicode.Scalar(rune) ?? "\u{FFFD}"
        append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    }

    /// The characters, with U+FFFD for what is not UTF-8.
    var runes: [UInt32] {
        var result: [UInt32] = []
        result.reserveCapacity(count)
        var index = 0
        while index < count {
            let (rune, width) = rune(at: index)
            result.append(rune)
            index += width
        }
        return result
    }

    /// The number of characters.
    var runeCount: Int {
        var result = 0
        var index = 0
        while index < count {
            index += rune(at: index).width
            result += 1
        }
        return result
    }

    init(runes: some Sequence<UInt32>) {
        self = []
        for rune in runes { append(rune: rune) }
    }
}

/// What Go's `unicode` package says about characters.
enum Rune {
    static func isSpace(_ rune: UInt32) -> Bool {
        switch rune {
        case 0x09...0x0D, 0x20, 0x85, 0xA0, 0x1680, 0x2000...0x200A, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000: true
        default: false
        }
    }

    static func isLetter(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x61...0x7A).contains(rune | 0x20) }
        switch Unicode.Scalar(rune)?.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    static func isDigit(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x30...0x39).contains(rune) }
        return Unicode.Scalar(rune)?.properties.generalCategory == .decimalNumber
    }

    static func isUpper(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x41...0x5A).contains(rune) }
        return Unicode.Scalar(rune)?.properties.generalCategory == .uppercaseLetter
    }

    static func isLower(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x61...0x7A).contains(rune) }
        return Unicode.Scalar(rune)?.properties.generalCategory == .lowercaseLetter
    }

    /// Printable in Go's sense: letters, marks, numbers, punctuation, symbols and the ASCII space.
    static func isPrint(_ rune: UInt32) -> Bool {
        if rune < 0x80 { return (0x20...0x7E).contains(rune) }
        switch Unicode.Scalar(rune)?.properties.generalCategory {
        case nil, .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator,
            .spaceSeparator:
            return false
        default: return true
        }
    }

    /// The simple upper-case mapping: one character to one.
    static func toUpper(_ rune: UInt32) -> UInt32 {
        if rune < 0x80 { return isLower(rune) ? rune - 0x20 : rune }
        return single(Unicode.Scalar(rune)?.properties.uppercaseMapping) ?? rune
    }

    /// The simple lower-case mapping: one character to one.
    static func toLower(_ rune: UInt32) -> UInt32 {
        if rune < 0x80 { return isUpper(rune) ? rune + 0x20 : rune }
        return single(Unicode.Scalar(rune)?.properties.lowercaseMapping) ?? rune
    }

    /// The simple title-case mapping: one character to one.
    static func toTitle(_ rune: UInt32) -> UInt32 {
        if rune < 0x80 { return toUpper(rune) }
        return single(Unicode.Scalar(rune)?.properties.titlecaseMapping) ?? rune
    }

    private static func single(_ text: String?) -> UInt32? {
        guard let scalars = text?.unicodeScalars, let first = scalars.first, scalars.count == 1 else { return nil }
        return first.value
    }
}
