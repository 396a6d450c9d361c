// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension FastReader {
    /// The mapping or list that starts on a line.
    mutating func block(_ line: Line) throws(Unsupported) -> Value {
        guard depth > 0 else { throw Unsupported() }
        depth -= 1
        defer { depth += 1 }
        return isItem(line) ? .array(try list(line)) : .mapping(try mapping(line))
    }

    /// Whether the line starts with `- `, or is a `-` alone.
    func isItem(_ line: Line) -> Bool {
        text[line.start] == UInt8(ascii: "-")
            && (line.start + 1 == line.end || text[line.start + 1] == UInt8(ascii: " "))
    }

    // MARK: Mappings

    /// The mapping whose first key stands at `line.start`; the other keys stand in the same column.
    private mutating func mapping(_ first: Line) throws(Unsupported) -> Mapping {
        var result = Mapping()
        var line = first
        while true {
            let (key, afterColon) = try key(line)
            result[key] = try value(from: afterColon, on: line, indent: line.indent, isInMapping: true)
            guard let next = try nextLine(), next.indent >= first.indent, !isMarker(next) else { return result }
            // Deeper: a scalar that goes on, or a mistake. An item here is a mistake.
            guard next.indent == first.indent, !isItem(next) else { throw Unsupported() }
            line = next
        }
    }

    /// The key at the start of a line and the offset behind its colon.
    private func key(_ line: Line) throws(Unsupported) -> (String, Int) {
        let first = text[line.start]
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            let (text, end) = try quoted(line.start, line.end)
            return (text, try colon(end, line))
        }
        var end = line.start
        while end < line.end, Self.isWord(text[end]) { end += 1 }
        guard end > line.start, first != UInt8(ascii: "-"), end - line.start <= 128 else { throw Unsupported() }
        let text = string(line.start..<end)
        // `y:` and `1:` are other keys than they look.
        guard case .string = ScalarResolver.resolve(text) else { throw Unsupported() }
        return (text, try colon(end, line))
    }

    private func colon(_ offset: Int, _ line: Line) throws(Unsupported) -> Int {
        guard offset < line.end, text[offset] == UInt8(ascii: ":"), offset - line.start <= 256,
            offset + 1 == line.end || text[offset + 1] == UInt8(ascii: " ")
        else { throw Unsupported() }
        return offset + 1
    }

    /// Letters, digits, `_`, `-`, `.` and `/`: what keys of manifests are made of, and what means nothing to YAML.
    static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "/"):
            true
        default: false
        }
    }

    // MARK: Lists

    private mutating func list(_ first: Line) throws(Unsupported) -> [Value] {
        var result: [Value] = []
        var line = first
        while true {
            result.append(try item(line))
            guard let next = try nextLine(), next.indent >= first.indent, !isMarker(next) else { return result }
            guard next.indent == first.indent, isItem(next) else {
                // A list below a key may stand in the key's own column: then the next key ends it.
                guard next.indent == first.indent else { throw Unsupported() }
                return result
            }
            line = next
        }
    }

    private mutating func item(_ line: Line) throws(Unsupported) -> Value {
        var start = line.start + 1
        while start < line.end, text[start] == UInt8(ascii: " ") { start += 1 }
        guard start < line.end, text[start] != UInt8(ascii: "#") else {
            return try value(from: line.start + 1, on: line, indent: line.indent, isInMapping: false)
        }
        let inner = Line(indent: line.indent + start - line.start, start: start, end: line.end)
        if isKey(inner) { return try block(inner) }
        return try value(from: line.start + 1, on: line, indent: line.indent, isInMapping: false)
    }

    /// Whether a key with its colon stands at the start of the line.
    private func isKey(_ line: Line) -> Bool {
        var end = line.start
        let first = text[line.start]
        if first == UInt8(ascii: "\"") || first == UInt8(ascii: "'") {
            end += 1
            while end < line.end, text[end] != first { end += 1 }
            end += 1
        } else {
            while end < line.end, Self.isWord(text[end]) { end += 1 }
        }
        return end < line.end && text[end] == UInt8(ascii: ":")
            && (end + 1 == line.end || text[end + 1] == UInt8(ascii: " "))
    }

    // MARK: Values

    /// The value behind a colon or dash, on the same line or below it.
    ///
    /// `indent` is the column of the key or dash. Leaves the position on the line that follows.
    private mutating func value(
        from offset: Int, on line: Line, indent: Int, isInMapping: Bool
    ) throws(Unsupported) -> Value {
        var start = offset
        while start < line.end, text[start] == UInt8(ascii: " ") { start += 1 }
        position = line.end + 1
        guard start < line.end, text[start] != UInt8(ascii: "#") else {
            guard let next = try nextLine(), !isMarker(next) else { return .null }
            if next.indent > indent || isInMapping && next.indent == indent && isItem(next) { return try block(next) }
            return .null
        }
        switch text[start] {
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            let (text, end) = try quoted(start, line.end)
            guard try isEnd(end, of: line) else { throw Unsupported() }
            return .string(text)
        case UInt8(ascii: "["), UInt8(ascii: "{"):
            var flow = FastFlow(text: text, position: start, end: line.end, depth: depth)
            let value = try flow.value()
            guard try isEnd(flow.position, of: line) else { throw Unsupported() }
            return value
        case UInt8(ascii: "|"): return .string(try literal(start, line, indent: indent))
        default: return try plain(start, line.end)
        }
    }
}
