// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What the characters of a string allow: which of YAML's styles can hold it.
struct ScalarAnalysis {
    private(set) var allowsPlain = true
    private(set) var allowsSingleQuotes = true
    private(set) var allowsBlock = true
    private(set) var isMultiline = false

    init(_ text: [Unicode.Scalar]) {
        guard let first = text.first, let last = text.last else {
            allowsBlock = false
            return
        }
        var hasIndicator = text.starts(with: ["-", "-", "-"]) || text.starts(with: [".", ".", "."])
        var hasSpecial = false
        var hasBreakThenSpace = false
        var hasSpaceThenBreak = false
        var isPrecededByBlank = true
        var previous: Unicode.Scalar?
        for (index, scalar) in text.enumerated() {
            let isFollowedByBlank = index + 1 == text.count || Self.isBlank(text[index + 1])
            switch scalar {
            case "#": hasIndicator = hasIndicator || isPrecededByBlank
            case ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`":
                hasIndicator = hasIndicator || index == 0
            case ":": hasIndicator = hasIndicator || isFollowedByBlank
            case "?", "-": hasIndicator = hasIndicator || (index == 0 && isFollowedByBlank)
            default: break
            }
            if !Self.isPrintable(scalar) { hasSpecial = true }
            if Self.isBreak(scalar) {
                isMultiline = true
                if previous == " " { hasSpaceThenBreak = true }
            } else if scalar == " ", let previous, Self.isBreak(previous) {
                hasBreakThenSpace = true
            }
            isPrecededByBlank = Self.isBlank(scalar) || Self.isBreak(scalar)
            previous = scalar
        }
        let hasOuterSpace = first == " " || last == " "
        let hasOuterBreak = Self.isBreak(first) || Self.isBreak(last)
        if hasOuterSpace || hasOuterBreak || hasIndicator || isMultiline { allowsPlain = false }
        if last == " " { allowsBlock = false }
        if hasBreakThenSpace { (allowsPlain, allowsSingleQuotes) = (false, false) }
        if hasSpaceThenBreak || hasSpecial { (allowsPlain, allowsSingleQuotes, allowsBlock) = (false, false, false) }
    }

    static func isBlank(_ scalar: Unicode.Scalar) -> Bool { scalar == " " || scalar == "\t" }

    static func isBreak(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x0D, 0x85, 0x2028, 0x2029: true
        default: false
        }
    }

    /// What Go's emitter prints as it is; characters beyond the basic plane are escaped.
    static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A, 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD: scalar.value != 0xFEFF
        default: false
        }
    }
}
