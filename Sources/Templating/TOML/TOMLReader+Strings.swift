// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension TOMLReader {
    /// A string whose first quote is read.
    mutating func readString() throws(TOMLError) -> Bytes {
        var result = Bytes()
        while let rune = try next() {
            switch rune {
            case UInt32(UInt8(ascii: "\"")): return result
            case UInt32(UInt8(ascii: "\\")): result.append(rune: try readEscape())
            case 0x0A, 0x0D: throw failureOfLineBreak("strings cannot contain newlines")
            default: result.append(rune: rune)
            }
        }
        throw failure("unexpected EOF; expected '\"'")
    }

    /// A string without escapes whose first quote is read.
    mutating func readRawString() throws(TOMLError) -> Bytes {
        var result = Bytes()
        while let rune = try next() {
            switch rune {
            case UInt32(UInt8(ascii: "'")): return result
            case 0x0A, 0x0D: throw failureOfLineBreak("strings cannot contain newlines")
            default: result.append(rune: rune)
            }
        }
        throw failure("unexpected EOF; expected \"'\"")
    }

    /// A string on many lines whose first three quotes are read.
    mutating func readMultilineString() throws(TOMLError) -> Bytes {
        try skipFirstLineBreak()
        var result = Bytes()
        while let rune = try peek() {
            switch rune {
            case UInt32(UInt8(ascii: "\"")):
                let quotes = take { $0 == UInt8(ascii: "\"") }
                if let rest = try closing(quotes, "unexpected '\"\"\"\"\"\"'") { return result + rest }
                result += quotes
            case UInt32(UInt8(ascii: "\\")):
                _ = try next()
                if !(try skipEscapedLineBreak()) { result.append(rune: try readEscape()) }
            default:
                result.append(rune: rune)
                _ = try next()
            }
        }
        _ = try next()
        throw failure("unexpected EOF; expected '\"\"\"'")
    }

    /// A string on many lines, without escapes, whose first three quotes are read.
    mutating func readMultilineRawString() throws(TOMLError) -> Bytes {
        try skipFirstLineBreak()
        var result = Bytes()
        while let rune = try peek() {
            if rune == UInt32(UInt8(ascii: "'")) {
                let quotes = take { $0 == UInt8(ascii: "'") }
                if let rest = try closing(quotes, "unexpected \"''''''\"") { return result + rest }
                result += quotes
            } else {
                result.append(rune: rune)
                _ = try next()
            }
        }
        _ = try next()
        throw failure("unexpected EOF; expected \"'''\"")
    }

    /// A line break right after the quotes is no part of the string.
    private mutating func skipFirstLineBreak() throws(TOMLError) {
        if try peek() == 0x0D { _ = try next() }
        _ = try skip(0x0A)
    }

    /// What of a run of quotes belongs to the string when it ends there: up to two of five.
    private func closing(_ quotes: Bytes, _ message: String) throws(TOMLError) -> Bytes? {
        guard quotes.count >= 3 else { return nil }
        guard quotes.count <= 5 else { throw failure(message) }
        return Bytes(quotes.dropFirst(3))
    }

    /// A backslash at the end of a line skips to the next character that is no space; the backslash is read.
    private mutating func skipEscapedLineBreak() throws(TOMLError) -> Bool {
        let blanks = take { $0 == 0x20 || $0 == 0x09 }
        guard let rune = try peek(), rune == 0x0A || rune == 0x0D else {
            guard blanks.isEmpty else { throw escapeFailure(UInt32(blanks[0])) }
            return false
        }
        while let rune = try peek(), [0x20, 0x09, 0x0A, 0x0D].contains(rune) { _ = try next() }
        return true
    }

    private func escapeFailure(_ rune: UInt32) -> TOMLError {
        failure("invalid escape in string '\\\(Bytes(runes: [rune]).text)'")
    }

    /// What a backslash stands for that is read.
    private mutating func readEscape() throws(TOMLError) -> UInt32 {
        let rune = try next() ?? 0
        switch UInt8(truncatingIfNeeded: min(rune, 0xFF)) {
        case UInt8(ascii: "b"): return 0x08
        case UInt8(ascii: "t"): return 0x09
        case UInt8(ascii: "n"): return 0x0A
        case UInt8(ascii: "f"): return 0x0C
        case UInt8(ascii: "r"): return 0x0D
        case UInt8(ascii: "e"): return 0x1B
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return rune
        case UInt8(ascii: "x"): return try readCode(digits: 2, "two hexadecimal digits after '\\x'")
        case UInt8(ascii: "u"): return try readCode(digits: 4, "four hexadecimal digits after '\\u'")
        case UInt8(ascii: "U"): return try readCode(digits: 8, "eight hexadecimal digits after '\\U'")
        default: throw escapeFailure(rune)
        }
    }

    private mutating func readCode(digits: Int, _ expected: String) throws(TOMLError) -> UInt32 {
        let start = position
        var code: UInt64 = 0
        for _ in 0..<digits {
            guard let rune = try next(), rune < 0x80, let digit = GoNumber.digitValue(UInt8(rune)), digit < 16 else {
                throw failure("expected \(expected), but got \(GoQuote.quote(text(from: start)).text) instead")
            }
            code = code << 4 | digit
        }
        let rune = UInt32(truncatingIfNeeded: code)
        guard Unicode.Scalar(rune) != nil else {
            throw failure("Escaped character '\\u\(text(from: start).text)' is not valid UTF-8.")
        }
        return rune
    }
}
