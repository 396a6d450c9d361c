// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What stands between the delimiters.
extension Lexer {
    mutating func insideAction() -> Token {
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
}
