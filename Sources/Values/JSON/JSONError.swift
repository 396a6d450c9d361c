// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a text is not JSON, and where.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was wrong, such as "expected ',' or '}'".
    public let message: String
    /// The byte at which it was found, from 0.
    public let offset: Int
    /// The 1-based line of that byte.
    public let line: Int
    /// The 1-based column of that byte, in bytes.
    public let column: Int

    init(_ message: String, at offset: Int, in text: [UInt8]) {
        self.message = message
        self.offset = offset
        var line = 1
        var lineStart = 0
        for position in 0..<min(offset, text.count) where text[position] == UInt8(ascii: "\n") {
            line += 1
            lineStart = position + 1
        }
        self.line = line
        self.column = offset - lineStart + 1
    }

    /// The message with line and column.
    public var description: String { "line \(line), column \(column): \(message)" }
}
