// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A table as kubectl prints it: upper-case headings, columns three blanks apart, no trailing blanks.
public struct TextTable: Sendable {
    /// The headings.
    public var headings: [String]
    /// The rows; a row may be shorter than the headings.
    public var rows: [[String]]

    /// Makes a table.
    public init(_ headings: [String], _ rows: [[String]] = []) {
        self.headings = headings
        self.rows = rows
    }

    /// The lines of the table; cells are escaped, so that text from a cluster cannot drive the terminal.
    public var lines: [String] {
        let cells = ([headings] + rows).map { $0.map(escapedForTerminal) }
        var widths: [Int] = []
        for row in cells {
            for (column, cell) in row.enumerated() {
                if column == widths.count { widths.append(0) }
                widths[column] = max(widths[column], cell.columns)
            }
        }
        return cells.map { row in
            var line = ""
            for (column, cell) in row.enumerated() {
                line += cell
                guard column + 1 < row.count else { break }
                line += String(repeating: " ", count: widths[column] - cell.columns + 3)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }
}
