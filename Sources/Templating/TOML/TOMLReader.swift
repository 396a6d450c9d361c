// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Reads TOML 1.1, as Go's BurntSushi decoder does.
struct TOMLReader {
    /// How deeply keys and arrays may be nested.
    private static let depthLimit = 1000

    private let source: Bytes
    private(set) var position = 0
    private var line = 1
    private var isAtEnd = false
    /// Where the table is that is being read.
    var context: [Bytes] = []
    /// The key whose value is being read.
    var currentKey: [Bytes] = []
    /// How many arrays are open.
    var arrayDepth = 0
    /// Seconds east of Greenwich, of times that name no zone.
    let localOffset: Int64

    private init(_ source: Bytes, localOffset: Int64) {
        self.source = source
        self.localOffset = localOffset
    }

    /// The table that the text is; times without a zone are `localOffset` seconds east of Greenwich.
    static func read(_ text: Bytes, localOffset: Int64) throws(TOMLError) -> GoMap {
        var reader = TOMLReader(text, localOffset: localOffset)
        let root = TOMLTable(.header)
        try reader.readDocument(into: root)
        return root.map
    }

    private mutating func readDocument(into root: TOMLTable) throws(TOMLError) {
        if source.hasPrefix([0xEF, 0xBB, 0xBF]) { position = 3 }
        var table = root
        while let rune = try peek() {
            switch rune {
            case 0x20, 0x09, 0x0A, 0x0D: _ = try next()
            case UInt32(UInt8(ascii: "#")): try skipComment()
            case UInt32(UInt8(ascii: "[")):
                table = try openTable(below: root)
                try endLine()
            default:
                try readPair(into: table)
                try endLine()
            }
        }
    }

    /// After a pair or the name of a table nothing else may stand on the line.
    private mutating func endLine() throws(TOMLError) {
        while let rune = try next() {
            switch rune {
            case 0x20, 0x09: break
            case 0x0A, 0x0D: return
            case UInt32(UInt8(ascii: "#")): return try skipComment()
            default:
                throw failure(
                    "expected a top-level item to end with a newline, comment, or EOF, but got \(quoted(rune)) instead")
            }
        }
    }

    // MARK: Tables and keys

    private mutating func openTable(below root: TOMLTable) throws(TOMLError) -> TOMLTable {
        _ = try next()
        let isArray = try skip(UInt8(ascii: "["))
        let start = line
        var path: [Bytes] = []
        var isOpen = true
        while isOpen {
            skipBlanks()
            switch try peek() {
            case nil, UInt32(UInt8(ascii: "]")):
                throw failure("unexpected end of table name (table names cannot be empty)")
            case UInt32(UInt8(ascii: ".")):
                throw failure("unexpected table separator (table names cannot be empty)")
            default: path.append(try readName())
            }
            skipBlanks()
            switch try next() {
            case UInt32(UInt8(ascii: ".")): break
            case UInt32(UInt8(ascii: "]")): isOpen = false
            case let other:
                throw failure("expected '.' or ']' to end table name, but got \(quoted(other)) instead")
            }
        }
        if isArray, !(try skip(UInt8(ascii: "]"))) {
            let found = try next()
            throw failure("expected end of table array name delimiter ']', but got \(quoted(found)) instead")
        }
        try checkDepth(path.count)
        do throws(TOMLTable.Conflict) {
            let table = try root.open(path, addsToArray: isArray)
            context = path
            return table
        } catch {
            if error.depth == path.count { context = path.dropLast() }
            throw failure(error.message, line: start)
        }
    }

    /// `key = value`.
    mutating func readPair(into table: TOMLTable) throws(TOMLError) {
        let start = line
        let path = try readKey()
        currentKey = path
        try checkDepth(context.count + path.count + arrayDepth)
        let entry = try readEntry()
        do throws(TOMLTable.Conflict) {
            try table.set(path, to: entry, context: context)
        } catch {
            throw failure(error.message, line: start)
        }
        currentKey = []
    }

    private mutating func readKey() throws(TOMLError) -> [Bytes] {
        skipBlanks()
        var path: [Bytes] = []
        while true {
            switch (try peek(), path.isEmpty) {
            case (nil, true), (UInt32(UInt8(ascii: "=")), true):
                throw failure("unexpected '=': key name appears blank")
            case (UInt32(UInt8(ascii: ".")), true): throw failure("unexpected '.': keys cannot start with a '.'")
            case (nil, false), (UInt32(UInt8(ascii: "=")), false): throw failure("unexpected '='")
            case (UInt32(UInt8(ascii: ".")), false): throw failure("unexpected '.'")
            default: path.append(try readName())
            }
            skipBlanks()
            switch try next() {
            case UInt32(UInt8(ascii: ".")): skipBlanks()
            case UInt32(UInt8(ascii: "=")): return path
            case nil: throw failure("unexpected EOF; expected key separator '='")
            case let other: throw failure("expected '.' or '=', but got \(quoted(other)) instead")
            }
        }
    }

    /// One part of a key, bare or quoted.
    private mutating func readName() throws(TOMLError) -> Bytes {
        if try skip(UInt8(ascii: "\"")) { return try readString() }
        if try skip(UInt8(ascii: "'")) { return try readRawString() }
        return take { byte in
            (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) || byte == 0x5F || byte == 0x2D
        }
    }

    /// Refuses what is nested so deeply that reading it would not end well.
    func checkDepth(_ depth: Int) throws(TOMLError) {
        guard depth <= Self.depthLimit else { throw failure("nested deeper than \(Self.depthLimit)") }
    }

    // MARK: Characters

    /// The next character; nil at the end.
    mutating func next() throws(TOMLError) -> UInt32? {
        guard let (rune, width) = try rune() else {
            isAtEnd = true
            return nil
        }
        if rune == 0x0A { line += 1 }
        position += width
        return rune
    }

    /// The next character, which stays the next.
    func peek() throws(TOMLError) -> UInt32? { try rune()?.rune }

    private func rune() throws(TOMLError) -> (rune: UInt32, width: Int)? {
        guard position < source.count else { return nil }
        let (rune, width) = source.rune(at: position)
        if rune == 0xFFFD {
            throw failure("invalid UTF-8 byte: 0x\(GoQuote.hexadecimal(UInt32(source[position]), width: 2).text)")
        }
        let isLoneReturn = rune == 0x0D && !source.hasPrefix([0x0D, 0x0A], at: position)
        if rune == 0x7F || rune < 0x20 && ![0x09, 0x0A, 0x0D].contains(rune) || isLoneReturn {
            let code = GoQuote.hexadecimal(rune, width: 2).text
            throw failure("TOML files cannot contain control characters: '0x\(code)'")
        }
        return (rune, width)
    }

    /// Skips an ASCII character if it is the next.
    mutating func skip(_ byte: UInt8) throws(TOMLError) -> Bool {
        guard try peek() == UInt32(byte) else { return false }
        _ = try next()
        return true
    }

    /// Skips a text if it comes next; it holds no line break.
    mutating func skip(_ text: StaticString) -> Bool {
        let bytes = text.withUTF8Buffer { Bytes($0) }
        guard source.hasPrefix(bytes, at: position) else { return false }
        position += bytes.count
        return true
    }

    /// Spaces and tabs.
    mutating func skipBlanks() {
        while position < source.count, source[position] == 0x20 || source[position] == 0x09 { position += 1 }
    }

    /// Blanks, line breaks and comments.
    mutating func skipLines() throws(TOMLError) {
        while let rune = try peek() {
            switch rune {
            case 0x20, 0x09, 0x0A, 0x0D: _ = try next()
            case UInt32(UInt8(ascii: "#")): try skipComment()
            default: return
            }
        }
    }

    private mutating func skipComment() throws(TOMLError) {
        while let rune = try peek(), rune != 0x0A, rune != 0x0D { _ = try next() }
    }

    /// The bytes, all of them ASCII and none a line break, for which `belongs` holds.
    mutating func take(while belongs: (UInt8) -> Bool) -> Bytes {
        let start = position
        while position < source.count, belongs(source[position]) { position += 1 }
        return Bytes(source[start..<position])
    }

    func text(from start: Int) -> Bytes { Bytes(source[start..<position]) }

    // MARK: Messages

    /// An error here; where the text has ended Go counts one line less.
    func failure(_ message: String) -> TOMLError {
        failure(message, line: isAtEnd ? line - 1 : line)
    }

    /// An error about the line break that was read just now.
    func failureOfLineBreak(_ message: String) -> TOMLError { failure(message, line: line - 1) }

    private func failure(_ message: String, line: Int) -> TOMLError {
        TOMLError(line: line, lastKey: TOMLTable.text(of: context + currentKey), message: message)
    }

    /// A character as Go's `%q` shows it.
    func quoted(_ rune: UInt32?) -> String {
        GoQuote.quote(Bytes(runes: [rune ?? 0]), delimiter: UInt8(ascii: "'")).text
    }
}
