// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The order in which Go's yaml v2 writes keys.
enum NaturalOrder {
    /// Whether `left` is written before `right`.
    static func precedes(_ left: String, _ right: String) -> Bool {
        let first = Array(left.unicodeScalars)
        let second = Array(right.unicodeScalars)
        guard let place = zip(first, second).enumerated().first(where: { $0.element.0 != $0.element.1 })?.offset else {
            return first.count < second.count
        }
        let (one, other) = (first[place], second[place])
        switch (isLetter(one), isLetter(other)) {
        case (true, true): return one.value < other.value
        case (true, false): return false
        case (false, true): return true
        case (false, false): break
        }
        // A zero inside a number counts, one at its start does not.
        let isInsideNumber = (one == "0" || other == "0") && hasDigitsBefore(place, in: first)
        let (oneNumber, oneEnd) = number(in: first, from: place, start: isInsideNumber ? 1 : 0)
        let (otherNumber, otherEnd) = number(in: second, from: place, start: isInsideNumber ? 1 : 0)
        if oneNumber != otherNumber { return oneNumber < otherNumber }
        if oneEnd != otherEnd { return oneEnd < otherEnd }
        return one.value < other.value
    }

    private static func hasDigitsBefore(_ place: Int, in text: [Unicode.Scalar]) -> Bool {
        for index in stride(from: place - 1, through: 0, by: -1) {
            guard isDigit(text[index]) else { return false }
            if text[index] != "0" { return true }
        }
        return false
    }

    private static func number(in text: [Unicode.Scalar], from place: Int, start: Int64) -> (Int64, end: Int) {
        var value = start
        var index = place
        while index < text.count, isDigit(text[index]) {
            value = value &* 10 &+ Int64(text[index].value) &- 48
            index += 1
        }
        return (value, index)
    }

    private static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x61...0x7A).contains(scalar.value | 0x20) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: return true
        default: return false
        }
    }

    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII { return (0x30...0x39).contains(scalar.value) }
        return scalar.properties.generalCategory == .decimalNumber
    }
}
