// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A command line that cannot be understood: what, what may have been meant, and whose help to read.
///
/// Its exit code is 64.
public struct UsageError: Error, Sendable, Hashable {
    /// What was wrong.
    public var message: String
    /// What to type instead, if that can be guessed.
    public var hint: String?
    /// The command whose help tells more, such as `iflearnerctl cluster install`; set by the parser.
    public var command: String?

    /// Makes an error.
    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// The text for people.
    public var rendered: String {
        var text = "error: \(message)"
        if let hint { text += "\n  hint: \(hint)" }
        if let command { text += "\nRun '\(command) --help' for usage." }
        return text
    }
}
