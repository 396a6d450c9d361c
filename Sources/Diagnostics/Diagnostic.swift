// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What is wrong with an input, where, and what to do about it.
///
/// A value, not a printed line: libraries collect diagnostics, the command line alone renders them (`rendered()`).
public struct Diagnostic: Error, Sendable, Hashable {
    /// How bad it is.
    public enum Severity: String, Sendable {
        /// The input cannot be used.
        case error
        /// The input can be used, but the user should look.
        case warning
    }

    /// How bad it is.
    public var severity: Severity
    /// What happened, without a final stop, naming the object or key.
    public var message: String
    /// Where it happened, if there is a place.
    public var location: SourceLocation?
    /// What to do about it, without a final stop.
    public var hint: String?
    /// Further places and facts, such as the first of two duplicate keys or an include stack.
    public var notes: [Note]

    /// A further place or fact of a diagnostic.
    public struct Note: Sendable, Hashable {
        /// The fact.
        public var message: String
        /// Its place, if it has one.
        public var location: SourceLocation?

        /// Makes a note.
        public init(_ message: String, at location: SourceLocation? = nil) {
            self.message = message
            self.location = location
        }
    }

    /// Makes a diagnostic.
    public init(
        _ message: String, at location: SourceLocation? = nil, severity: Severity = .error, hint: String? = nil,
        notes: [Note] = []
    ) {
        self.severity = severity
        self.message = message
        self.location = location
        self.hint = hint
        self.notes = notes
    }
}
