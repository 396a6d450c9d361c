// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Cuts a template into tokens, following the rules of Go's `text/template`.
struct Lexer {
    let source: Bytes
    var position = 0
    var line = 1
    private var isInsideAction = false
    private var isFinished = false
    var parentheses = 0
    /// What the error token is about.
    private(set) var message = ""

    init(_ source: Bytes) {
        self.source = source
    }

    mutating func next() -> Token {
        if isFinished { return token(.end, from: source.count) }
        return isInsideAction ? insideAction() : text()
    }

    // MARK: Text and delimiters

    private mutating func text() -> Token {
        while true {
            let start = position
            guard let delimiter = source.firstIndex(of: Self.left, from: start) else {
                isFinished = start == source.count
                if isFinished { return token(.end, from: start) }
                let result = Token(kind: .text, position: start, end: source.count, line: line)
                advance(to: source.count)
                return result
            }
            var end = delimiter
            if hasLeftTrim(delimiter + 2) {
                while end > start, Self.isSpace(source[end - 1]) { end -= 1 }
            }
            if end > start {
                let result = Token(kind: .text, position: start, end: end, line: line)
                advance(to: delimiter)
                return result
            }
            advance(to: delimiter)
            let trim = hasLeftTrim(delimiter + 2) ? 2 : 0
            if source.hasPrefix(Self.commentStart, at: delimiter + 2 + trim) {
                if let failure = comment(from: delimiter + 2 + trim) { return failure }
                continue
            }
            position = delimiter + 2
            let result = token(.leftDelimiter, from: delimiter)
            position += trim == 0 ? 0 : 1
            parentheses = 0
            isInsideAction = true
            return result
        }
    }

    /// Skips a comment and its closing delimiter, or answers what is wrong with it.
    private mutating func comment(from start: Int) -> Token? {
        position = start
        guard let end = source.firstIndex(of: Self.commentEnd, from: start) else {
            return failure("unclosed comment")
        }
        position = end + 2
        let trims = hasRightTrim(position)
        guard trims || source.hasPrefix(Self.right, at: position) else {
            return failure("comment ends before closing delimiter")
        }
        countLines(from: start, to: position)
        position += trims ? 4 : 2
        if trims { skipSpace() }
        return nil
    }

    private mutating func skipSpace() {
        let start = position
        while position < source.count, Self.isSpace(source[position]) { position += 1 }
        countLines(from: start, to: position)
    }

    private func hasLeftTrim(_ index: Int) -> Bool {
        index + 1 < source.count && source[index] == 0x2D && Self.isSpace(source[index + 1])
    }

    func hasRightTrim(_ index: Int) -> Bool {
        index + 3 < source.count && Self.isSpace(source[index]) && source[index + 1] == 0x2D
            && source.hasPrefix(Self.right, at: index + 2)
    }

    mutating func rightDelimiter(trims: Bool) -> Token {
        let start = position + (trims ? 2 : 0)
        position = start + 2
        let result = token(.rightDelimiter, from: start)
        if trims { skipSpace() }
        isInsideAction = false
        return result
    }

    // MARK: Characters

    private static let left = Bytes("{{")
    static let right = Bytes("}}")
    private static let commentStart = Bytes("/*")
    private static let commentEnd = Bytes("*/")

    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
    }

    static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    func isAlphanumeric(at index: Int) -> Bool {
        let byte = source[index]
        if byte < 0x80 { return byte == 0x5F || Self.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) }
        let rune = source.rune(at: index).rune
        return Rune.isLetter(rune) || Rune.isDigit(rune)
    }

    mutating func skipAlphanumeric() {
        while position < source.count, isAlphanumeric(at: position) { position += source.rune(at: position).width }
    }

    func isTerminator(at index: Int) -> Bool {
        guard index < source.count else { return true }
        switch source[index] {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"),
            UInt8(ascii: "("), UInt8(ascii: ")"):
            return true
        default: return source.hasPrefix(Self.right, at: index)
        }
    }

    static func describe(_ rune: UInt32) -> String {
        let digits = String(rune, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return Rune.isPrint(rune) ? code + " '" + Bytes(runes: [rune]).text + "'" : code
    }

    // MARK: Making tokens

    func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, position: start, end: position, line: line)
    }

    mutating func failure(_ message: String) -> Token {
        isFinished = true
        self.message = message
        return Token(kind: .error, position: position, end: position, line: line)
    }

    mutating func badCharacter() -> Token {
        failure("bad character " + Self.describe(source.rune(at: position).rune))
    }

    private mutating func advance(to end: Int) {
        countLines(from: position, to: end)
        position = end
    }

    mutating func countLines(from start: Int, to end: Int) {
        for index in start..<end where source[index] == 0x0A { line += 1 }
    }
}
