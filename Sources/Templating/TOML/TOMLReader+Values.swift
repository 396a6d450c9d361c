// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension TOMLReader {
    /// What a key stands for.
    mutating func readEntry() throws(TOMLError) -> TOMLTable.Entry {
        skipBlanks()
        return try skip(UInt8(ascii: "{")) ? .table(try readInlineTable()) : .value(try readValue())
    }

    /// A value; blanks before it are skipped.
    mutating func readValue() throws(TOMLError) -> GoValue {
        skipBlanks()
        guard let rune = try peek() else {
            _ = try next()
            throw failure("unexpected EOF; expected value")
        }
        switch rune {
        case UInt32(UInt8(ascii: "\"")):
            return .string(skip("\"\"\"") ? try readMultilineString() : try readQuoted())
        case UInt32(UInt8(ascii: "'")):
            return .string(skip("'''") ? try readMultilineRawString() : try readRawQuoted())
        case UInt32(UInt8(ascii: "[")): return .list(try readArray())
        case UInt32(UInt8(ascii: "{")):
            _ = try next()
            return .map(try readInlineTable().map)
        case UInt32(UInt8(ascii: ".")):
            _ = try next()
            throw failure("floats must start with a digit, not '.'")
        case 0x30...0x39: return try readNumberOrTime()
        case UInt32(UInt8(ascii: "+")), UInt32(UInt8(ascii: "-")): return try readSignedNumber()
        case _ where skip("inf"): return .float64(.infinity)
        case _ where skip("nan"): return .float64(.nan)
        case _ where Rune.isLetter(rune): return try readWord()
        default:
            _ = try next()
            throw failure("expected value but found \(quoted(rune)) instead")
        }
    }

    private mutating func readQuoted() throws(TOMLError) -> Bytes {
        _ = try next()
        return try readString()
    }

    private mutating func readRawQuoted() throws(TOMLError) -> Bytes {
        _ = try next()
        return try readRawString()
    }

    private mutating func readWord() throws(TOMLError) -> GoValue {
        var word = Bytes()
        while let rune = try peek(), Rune.isLetter(rune) {
            word.append(rune: rune)
            _ = try next()
        }
        switch word {
        case Bytes("true"): return .bool(true)
        case Bytes("false"): return .bool(false)
        default: throw failure("expected value but found \(GoQuote.quote(word).text) instead")
        }
    }

    private mutating func readArray() throws(TOMLError) -> [GoValue] {
        _ = try next()
        arrayDepth += 1
        defer { arrayDepth -= 1 }
        try checkDepth(arrayDepth)
        var items: [GoValue] = []
        while true {
            try skipLines()
            if try skip(UInt8(ascii: "]")) { return items }
            if try skip(UInt8(ascii: ",")) { throw failure("unexpected comma") }
            items.append(try readValue())
            try skipLines()
            switch try next() {
            case UInt32(UInt8(ascii: ",")): break
            case UInt32(UInt8(ascii: "]")): return items
            case let other:
                throw failure("expected a comma (',') or array terminator (']'), but got \(plain(other))")
            }
        }
    }

    /// What stands between braces; the first is read.
    private mutating func readInlineTable() throws(TOMLError) -> TOMLTable {
        let outer = (context, currentKey)
        context += currentKey
        currentKey = []
        let table = TOMLTable(.inline)
        try readPairs(into: table)
        (context, currentKey) = outer
        return table
    }

    private mutating func readPairs(into table: TOMLTable) throws(TOMLError) {
        while true {
            try skipLines()
            if try skip(UInt8(ascii: "}")) { return }
            if try skip(UInt8(ascii: ",")) { throw failure("unexpected comma") }
            try readPair(into: table)
            try skipLines()
            switch try next() {
            case UInt32(UInt8(ascii: ",")): break
            case UInt32(UInt8(ascii: "}")): return
            case let other:
                throw failure(
                    "expected a comma or an inline table terminator '}', but got \(plain(other)) instead")
            }
        }
    }

    /// A character between quotes, or the end.
    private func plain(_ rune: UInt32?) -> String {
        rune.map { "'" + Bytes(runes: [$0]).text + "'" } ?? "end of file"
    }
}
