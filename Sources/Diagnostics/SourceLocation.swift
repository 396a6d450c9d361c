// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A place in a text: file, 1-based line and 1-based column, with the line's text for an excerpt.
public struct SourceLocation: Sendable, Hashable {
    /// The file as the user named it; `-` is standard input, `--set` the command line.
    public var file: String
    /// 1-based line; 0 when only the file is known.
    public var line: Int
    /// 1-based column in characters; 0 when only the line is known.
    public var column: Int
    /// The text of the line, without its end, for an excerpt; nil when it should not be shown, as it may hold a secret.
    public var excerpt: String?

    /// Makes a location.
    public init(file: String, line: Int = 0, column: Int = 0, excerpt: String? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.excerpt = excerpt
    }
}

extension SourceLocation: CustomStringConvertible {
    /// `file:line:column`, as editors understand it; parts that are not known are left out.
    public var description: String {
        if line == 0 { return file }
        return column == 0 ? "\(file):\(line)" : "\(file):\(line):\(column)"
    }
}
