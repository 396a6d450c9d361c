// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The system refuses something about a socket.
public struct SocketError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What was tried, as in `listen on :8081`.
    public var action: String
    /// The system's error number.
    public var code: Int32

    /// Makes an error.
    public init(action: String, code: Int32) {
        self.action = action
        self.code = code
    }

    /// Why, as in `the port is in use`.
    public var reason: String {
        switch code {
        case EADDRINUSE: return "the port is in use"
        case EADDRNOTAVAIL: return "this machine does not have the address"
        case EACCES: return "ports below 1024 are reserved; take a higher one"
        default:
            let text = String(cString: strerror(code))
            return text.prefix(1).lowercased() + text.dropFirst()
        }
    }

    /// As in `cannot listen on :8081: the port is in use`.
    public var description: String { "cannot \(action): \(reason)" }
}
