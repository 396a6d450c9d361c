// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The order in which Go's yaml v2 writes keys.
enum NaturalOrder {
    /// Whether `left` is written before `right`.
    static func precedes(_ left: String, _ right: String) -> Bool {
        // Keys are ASCII nearly always: their bytes are their characters.
        let ofBytes = left.utf8.withContiguousStorageIfAvailable { first in
            right.utf8.withContiguousStorageIfAvailable { second in
                isASCII(first) && isASCII(second) ? precedes(first, second) : nil
            } ?? nil
        }
        if let isBefore = ofBytes ?? nil { return isBefore }
        return precedes(left.unicodeScalars.map(\.value), right.unicodeScalars.map(\.value))
    }

    private static func isASCII(_ text: UnsafeBufferPointer<UInt8>) -> Bool { text.allSatisfy { $0 < 0x80 } }

    /// The order of texts whose elements are characters.
    private static func precedes<Text: RandomAccessCollection>(_ first: Text, _ second: Text) -> Bool
    where Text.Element: FixedWidthInteger, Text.Index == Int {
        let common = min(first.count, second.count)
        var place = 0
        while place < common, first[place] == second[place] { place += 1 }
        guard place < common else { return first.count < second.count }
        let (one, other) = (UInt32(first[place]), UInt32(second[place]))
        switch (isLetter(one), isLetter(other)) {
        case (true, true): return one < other
        case (true, false): return false
        case (false, true): return true
        case (false, false): break
        }
        // A zero inside a number counts, one at its start does not.
        let isInsideNumber = (one == zero || other == zero) && hasDigitsBefore(place, in: first)
        let (oneNumber, oneEnd) = number(in: first, from: place, start: isInsideNumber ? 1 : 0)
        let (otherNumber, otherEnd) = number(in: second, from: place, start: isInsideNumber ? 1 : 0)
        if oneNumber != otherNumber { return oneNumber < otherNumber }
        if oneEnd != otherEnd { return oneEnd < otherEnd }
        return one < other
    }

    private static let zero: UInt32 = 0x30

    private static func hasDigitsBefore<Text: RandomAccessCollection>(_ place: Int, in text: Text) -> Bool
    where Text.Element: FixedWidthInteger, Text.Index == Int {
        for index in stride(from: place - 1, through: 0, by: -1) {
            guard isDigit(UInt32(text[index])) else { return false }
            if UInt32(text[index]) != zero { return true }
        }
        return false
    }

    private static func number<Text: RandomAccessCollection>(
        in text: Text, from place: Int, start: Int64
    ) -> (Int64, end: Int) where Text.Element: FixedWidthInteger, Text.Index == Int {
        var value = start
        var index = place
        while index < text.count, isDigit(UInt32(text[index])) {
            value = value &* 10 &+ Int64(text[index]) &- 48
            index += 1
        }
        return (value, index)
    }

    private static func isLetter(_ character: UInt32) -> Bool {
        if character < 0x80 { return (0x61...0x7A).contains(character | 0x20) }
        switch Unicode.Scalar(character)?.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    private static func isDigit(_ character: UInt32) -> Bool {
        if character < 0x80 { return (0x30...0x39).contains(character) }
        return Unicode.Scalar(character)?.properties.generalCategory == .decimalNumber
    }
}
