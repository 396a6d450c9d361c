// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Where a server listens: an address of this machine or all of them, and a port.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// An IPv4 or IPv6 address without brackets; nil for every address of both families.
    public var host: String?
    /// The port; 0 takes a free one.
    public var port: UInt16

    /// Every address of this machine, unless one is named.
    public init(host: String? = nil, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Reads `8081`, `:8081`, `127.0.0.1:8081` or `[::1]:8081`; nil for anything else.
    public init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":") else {
            guard let port = Self.port(text) else { return nil }
            self.init(port: port)
            return
        }
        guard let port = Self.port(text[text.index(after: colon)...]) else { return nil }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        if host.isEmpty {
            self.init(port: port)
        } else {
            guard SocketAddress(host: String(host), port: port) != nil else { return nil }
            self.init(host: String(host), port: port)
        }
    }

    private static func port(_ text: some StringProtocol) -> UInt16? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return UInt16(text)
    }

    /// As it is typed: `:8081`, `127.0.0.1:8081` or `[::1]:8081`.
    public var description: String {
        guard let host else { return ":\(port)" }
        return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    }
}
