// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a relay cannot start.
public struct RelayError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What happened.
    public var message: String
    /// What to do about it.
    public var hint: String?

    /// Makes an error.
    public init(_ message: String, hint: String? = nil) {
        self.message = message
        self.hint = hint
    }

    /// What happened, and what to do.
    public var description: String { hint.map { "\(message): \($0)" } ?? message }
}
