// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Reads the YAML that manifests are made of, several times faster than libyaml can.
///
/// It knows block mappings and lists, scalars that stand on one line, literal blocks and flow collections on one line. At
/// anything else (and at anything wrong) it gives up, and libyaml reads the text from its start: so it must never accept
/// what libyaml refuses, nor read it otherwise. A differential test compares the two.
struct FastReader {
    /// The text has something in it that is left to libyaml.
    struct Unsupported: Error {}

    /// A line with something on it, after blank lines and comments.
    struct Line {
        /// The number of blanks at its front.
        var indent: Int
        /// The offset of what follows them.
        var start: Int
        /// The offset of its end, without the line feed.
        var end: Int
    }

    let text: UnsafeBufferPointer<UInt8>
    /// The offset of the line that is read next; always the start of a line.
    var position = 0
    /// How many more levels may be opened.
    var depth: Int

    /// - Parameters:
    ///   - text: checked UTF-8 whose only line breaks are line feeds.
    ///   - depth: how deep lists and mappings may be nested.
    init(_ text: UnsafeBufferPointer<UInt8>, depth: Int) {
        self.text = text
        self.depth = depth
    }

    // MARK: Documents

    /// The next document, nil at the end.
    mutating func nextDocument() throws(Unsupported) -> Value? {
        let isFirst = position == 0
        guard let line = try nextLine() else { return nil }
        var hasMarker = false
        if isMarker(line) {
            try skipMarker(line)
            hasMarker = true
        } else if !isFirst {
            // A document ends at a marker or at the end of the text.
            throw Unsupported()
        }
        guard let content = try nextLine(), !isMarker(content) else { return hasMarker ? .null : nil }
        let value = try block(content)
        if let rest = try nextLine(), !isMarker(rest) { throw Unsupported() }
        return value
    }

    private mutating func skipMarker(_ line: Line) throws(Unsupported) {
        guard try isEnd(line.start + 3, of: line) else { throw Unsupported() }
        position = line.end + 1
    }

    /// Whether a line starts with `---` at its very front.
    func isMarker(_ line: Line) -> Bool {
        line.indent == 0 && line.end - line.start >= 3 && text[line.start] == UInt8(ascii: "-")
            && text[line.start + 1] == UInt8(ascii: "-") && text[line.start + 2] == UInt8(ascii: "-")
    }

    // MARK: Lines

    /// The next line that is not blank or a comment; the position stays on it.
    mutating func nextLine() throws(Unsupported) -> Line? {
        while position < text.count {
            var start = position
            while start < text.count, text[start] == UInt8(ascii: " ") { start += 1 }
            guard start < text.count else { break }
            switch text[start] {
            case 0x0A: position = start + 1
            case UInt8(ascii: "#"):
                position = lineEnd(from: start) + 1
            case 0x09: throw Unsupported()
            case UInt8(ascii: "%"), UInt8(ascii: "."):
                // A directive or the end of a document, if it stands at the front.
                guard start > position else { throw Unsupported() }
                return Line(indent: start - position, start: start, end: lineEnd(from: start))
            default:
                return Line(indent: start - position, start: start, end: lineEnd(from: start))
            }
        }
        position = text.count
        return nil
    }

    func lineEnd(from start: Int) -> Int {
        var end = start
        while end < text.count, text[end] != 0x0A { end += 1 }
        return end
    }

    /// Whether only blanks, or a comment after a blank, stand between an offset and the end of the line.
    func isEnd(_ offset: Int, of line: Line) throws(Unsupported) -> Bool {
        var offset = offset
        guard offset < line.end else { return true }
        guard text[offset] == UInt8(ascii: " ") else { return false }
        while offset < line.end, text[offset] == UInt8(ascii: " ") { offset += 1 }
        return offset == line.end || text[offset] == UInt8(ascii: "#")
    }

    func string(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: text[range]), as: UTF8.self)
    }
}
