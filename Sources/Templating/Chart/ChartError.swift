// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// Why a chart cannot be used: its files, its dependencies or its values.
public struct ChartError: Error, Sendable, CustomStringConvertible {
    /// What is wrong, in the words of `helm template`.
    public let message: String
    /// The file and place it is about, when there is one.
    public let location: SourceLocation?

    /// An error about a chart.
    public init(_ message: String, at location: SourceLocation? = nil) {
        self.message = message
        self.location = location
    }

    /// The message.
    public var description: String { message }

    /// The error for people.
    public var diagnostic: Diagnostic { Diagnostic(message, at: location) }
}
