// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Cuts a template into tokens, following the rules of Go's `text/template`.
struct Lexer {
    let source: Bytes
    private var position = 0
    private var line = 1
    private var isInsideAction = false
    private var isFinished = false
    private var parentheses = 0
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

    private func hasRightTrim(_ index: Int) -> Bool {
        index + 3 < source.count && Self.isSpace(source[index]) && source[index + 1] == 0x2D
            && source.hasPrefix(Self.right, at: index + 2)
    }

    private mutating func rightDelimiter(trims: Bool) -> Token {
        let start = position + (trims ? 2 : 0)
        position = start + 2
        let result = token(.rightDelimiter, from: start)
        if trims { skipSpace() }
        isInsideAction = false
        return result
    }

    // MARK: Inside an action

    private mutating func insideAction() -> Token {
        let trims = hasRightTrim(position)
        if trims || source.hasPrefix(Self.right, at: position) {
            return parentheses == 0 ? rightDelimiter(trims: trims) : failure("unclosed left paren")
        }
        guard position < source.count else { return failure("unclosed action") }
        let start = position
        let byte = source[start]
        if Self.isSpace(byte) { return space() }
        position += 1
        switch byte {
        case UInt8(ascii: "="): return token(.assign, from: start)
        case UInt8(ascii: ":"):
            guard position < source.count, source[position] == UInt8(ascii: "=") else {
                return failure("expected :=")
            }
            position += 1
            return token(.declare, from: start)
        case UInt8(ascii: "|"): return token(.pipe, from: start)
        case UInt8(ascii: "\""): return quoted(from: start, by: byte, "unterminated quoted string", as: .string)
        case UInt8(ascii: "'"): return quoted(from: start, by: byte, "unterminated character constant", as: .character)
        case UInt8(ascii: "`"): return rawString(from: start)
        case UInt8(ascii: "$"): return name(from: start, as: .variable)
        case UInt8(ascii: "."):
            if position >= source.count || !Self.isDigit(source[position]) { return name(from: start, as: .field) }
            return number(from: start)
        case UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number(from: start)
        case UInt8(ascii: "("):
            parentheses += 1
            return token(.leftParenthesis, from: start)
        case UInt8(ascii: ")"):
            parentheses -= 1
            return parentheses < 0 ? failure("unexpected right paren") : token(.rightParenthesis, from: start)
        default: break
        }
        if isAlphanumeric(at: start) { return identifier(from: start) }
        if (0x20...0x7E).contains(byte) { return token(.symbol, from: start) }
        return failure("unrecognized character in action: " + Self.describe(source.rune(at: start).rune))
    }

    private mutating func space() -> Token {
        let start = position
        while position < source.count, Self.isSpace(source[position]) { position += 1 }
        if hasRightTrim(position - 1) {
            position -= 1
            if position == start { return insideAction() }
        }
        let result = token(.space, from: start)
        countLines(from: start, to: position)
        return result
    }

    private mutating func quoted(from start: Int, by quote: UInt8, _ message: String, as kind: Token.Kind) -> Token {
        while position < source.count {
            let byte = source[position]
            position += 1
            if byte == quote { return token(kind, from: start) }
            if byte == 0x0A { break }
            if byte == UInt8(ascii: "\\") {
                guard position < source.count, source[position] != 0x0A else { break }
                position += 1
            }
        }
        return failure(message)
    }

    private mutating func rawString(from start: Int) -> Token {
        guard let end = source.firstIndex(of: [UInt8(ascii: "`")], from: position) else {
            return failure("unterminated raw quoted string")
        }
        position = end + 1
        let result = token(.rawString, from: start)
        countLines(from: start, to: position)
        return result
    }

    /// A field or a variable: its first character is read.
    private mutating func name(from start: Int, as kind: Token.Kind) -> Token {
        if isTerminator(at: position) { return token(kind == .field ? .dot : .variable, from: start) }
        skipAlphanumeric()
        guard isTerminator(at: position) else { return badCharacter() }
        return token(kind, from: start)
    }

    private mutating func identifier(from start: Int) -> Token {
        position = start
        skipAlphanumeric()
        guard isTerminator(at: position) else { return badCharacter() }
        return token(Token.keyword(source, start, position) ?? .identifier, from: start)
    }

    private mutating func number(from start: Int) -> Token {
        position = start
        var isNumber = scanNumber()
        if isNumber, position < source.count,
            source[position] == UInt8(ascii: "+") || source[position] == UInt8(ascii: "-")
        {
            isNumber = scanNumber() && source[position - 1] == UInt8(ascii: "i")
        }
        guard isNumber else {
            return failure("bad number syntax: " + GoQuote.quote(Bytes(source[start..<position])).text)
        }
        return token(.number, from: start)
    }

    /// Skips what looks like a number; the parser reads its value.
    private mutating func scanNumber() -> Bool {
        accept("+-")
        var digits: StaticString = "0123456789_"
        var isDecimal = true
        if accept("0") {
            if accept("xX") {
                (digits, isDecimal) = ("0123456789abcdefABCDEF_", false)
            } else if accept("oO") {
                (digits, isDecimal) = ("01234567_", false)
            } else if accept("bB") {
                (digits, isDecimal) = ("01_", false)
            }
        }
        while accept(digits) {}
        if accept(".") { while accept(digits) {} }
        if isDecimal ? accept("eE") : accept("pP") {
            accept("+-")
            while accept("0123456789_") {}
        }
        accept("i")
        guard position < source.count, isAlphanumeric(at: position) else { return true }
        position += source.rune(at: position).width
        return false
    }

    @discardableResult
    private mutating func accept(_ characters: StaticString) -> Bool {
        guard position < source.count else { return false }
        let byte = source[position]
        let isAccepted = characters.withUTF8Buffer { $0.contains(byte) }
        if isAccepted { position += 1 }
        return isAccepted
    }

    // MARK: Characters

    private static let left = Bytes("{{")
    private static let right = Bytes("}}")
    private static let commentStart = Bytes("/*")
    private static let commentEnd = Bytes("*/")

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x09 || byte == 0x0D
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    private func isAlphanumeric(at index: Int) -> Bool {
        let byte = source[index]
        if byte < 0x80 { return byte == 0x5F || Self.isDigit(byte) || (0x61...0x7A).contains(byte | 0x20) }
        let rune = source.rune(at: index).rune
        return Rune.isLetter(rune) || Rune.isDigit(rune)
    }

    private mutating func skipAlphanumeric() {
        while position < source.count, isAlphanumeric(at: position) { position += source.rune(at: position).width }
    }

    private func isTerminator(at index: Int) -> Bool {
        guard index < source.count else { return true }
        switch source[index] {
        case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: "."), UInt8(ascii: ","), UInt8(ascii: "|"), UInt8(ascii: ":"),
            UInt8(ascii: "("), UInt8(ascii: ")"):
            return true
        default: return source.hasPrefix(Self.right, at: index)
        }
    }

    private static func describe(_ rune: UInt32) -> String {
        let digits = String(rune, radix: 16, uppercase: true)
        let code = "U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return Rune.isPrint(rune) ? code + " '" + Bytes(runes: [rune]).text + "'" : code
    }

    // MARK: Making tokens

    private func token(_ kind: Token.Kind, from start: Int) -> Token {
        Token(kind: kind, position: start, end: position, line: line)
    }

    private mutating func failure(_ message: String) -> Token {
        isFinished = true
        self.message = message
        return Token(kind: .error, position: position, end: position, line: line)
    }

    private mutating func badCharacter() -> Token {
        failure("bad character " + Self.describe(source.rune(at: position).rune))
    }

    private mutating func advance(to end: Int) {
        countLines(from: position, to: end)
        position = end
    }

    private mutating func countLines(from start: Int, to end: Int) {
        for index in start..<end where source[index] == 0x0A { line += 1 }
    }
}
