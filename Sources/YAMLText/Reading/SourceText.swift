// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics

/// A text with its name: finds lines and columns, and shapes errors.
struct SourceText: Sendable {
    /// The name for messages, as the user gave it.
    let file: String
    /// The text without byte order mark, checked to be UTF-8 (but while it is being checked).
    let bytes: [UInt8]
    /// Whether messages may quote lines of the text.
    let showsLines: Bool
    /// Whether line feeds are the only line breaks: YAML 1.1 has four more.
    var hasPlainLines = false

    /// Shapes an error; the Go words default to the message.
    func error(
        _ kind: YAMLError.Kind, _ message: String, at mark: YAMLMark? = nil, hint: String? = nil,
        notes: [(message: String, mark: YAMLMark)] = [], go: String? = nil
    ) -> YAMLError {
        YAMLError(
            kind: kind,
            diagnostic: Diagnostic(
                message, at: mark.map(location) ?? SourceLocation(file: file), hint: hint,
                notes: notes.map { Diagnostic.Note($0.message, at: location(of: $0.mark)) }),
            goMessage: "yaml: " + (go ?? message))
    }

    /// The place as people see it: the column counts characters, and the line comes along.
    func location(of mark: YAMLMark) -> SourceLocation {
        guard let line = line(mark.line) else {
            return SourceLocation(file: file, line: mark.line, column: mark.column)
        }
        let text = String(decoding: line, as: UTF8.self)
        let before = String(String.UnicodeScalarView(text.unicodeScalars.prefix(mark.column - 1)))
        return SourceLocation(
            file: file, line: mark.line, column: before.count + 1, excerpt: showsLines ? text : nil)
    }

    /// Line and column of a byte.
    func mark(ofByte offset: Int) -> YAMLMark {
        var line = 1
        var column = 1
        for index in 0..<min(max(offset, 0), bytes.count) {
            let byte = bytes[index]
            if byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A) {
                line += 1
                column = 1
            } else if byte & 0xC0 != 0x80, byte != 0x0D {
                column += 1
            }
        }
        return YAMLMark(line: line, column: column)
    }

    /// The character at a place, nil at the end of its line.
    func character(at mark: YAMLMark) -> Unicode.Scalar? {
        guard let line = line(mark.line) else { return nil }
        return String(decoding: line, as: UTF8.self).unicodeScalars.dropFirst(mark.column - 1).first
    }

    /// The bytes of a line without its end, counted from 1.
    private func line(_ number: Int) -> ArraySlice<UInt8>? {
        var start = 0
        var current = 1
        var index = 0
        while index < bytes.count {
            let isEnd = bytes[index] == 0x0A || bytes[index] == 0x0D
            if isEnd, current == number { break }
            if bytes[index] == 0x0A || bytes[index] == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A) {
                current += 1
                start = index + 1
            }
            index += 1
        }
        return current == number ? bytes[start..<index] : nil
    }
}
