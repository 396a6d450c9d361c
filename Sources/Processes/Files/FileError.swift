// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The system refuses something about a file.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The file.
    public var path: String
    /// What was tried, as in `read`.
    public var action: String
    /// The system's error number.
    public var code: Int32

    /// Makes an error.
    public init(path: String, action: String, code: Int32) {
        self.path = path
        self.action = action
        self.code = code
    }

    /// Whether there is no such file.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// The system's words, as in `no such file or directory`.
    public var reason: String {
        let text = String(cString: strerror(code))
        return text.prefix(1).lowercased() + text.dropFirst()
    }

    /// As in `cannot read /x: no such file or directory`.
    public var description: String { "cannot \(action) \(path): \(reason)" }
}
