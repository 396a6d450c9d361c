// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Why a sandbox could not be started or used.
public struct SandboxError: Error, Sendable, Equatable, CustomStringConvertible {
    /// What went wrong, and with which file or port.
    public let description: String

    /// Makes an error with a text for people.
    public init(_ description: String) { self.description = description }
}
