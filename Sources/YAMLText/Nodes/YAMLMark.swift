// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A place in a YAML text.
public struct YAMLMark: Sendable, Hashable, Comparable {
    /// The line, counted from 1.
    public var line: Int { Int(lineNumber) }
    /// The column, counted from 1 in Unicode scalars (not in bytes), as editors show it.
    public var column: Int { Int(columnNumber) }

    // Two 32-bit numbers: every node carries a mark, and a manifest stream holds many nodes.
    private let lineNumber: UInt32
    private let columnNumber: UInt32

    /// Makes a mark from a line and a column, both counted from 1.
    public init(line: Int, column: Int) {
        lineNumber = UInt32(clamping: line)
        columnNumber = UInt32(clamping: column)
    }

    /// Orders marks as they stand in the text.
    public static func < (left: YAMLMark, right: YAMLMark) -> Bool {
        (left.lineNumber, left.columnNumber) < (right.lineNumber, right.columnNumber)
    }
}
