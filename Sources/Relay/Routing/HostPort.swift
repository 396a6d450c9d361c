// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Formats

/// A server on the network: a name or an address, and a port.
public struct HostPort: Sendable, Hashable, CustomStringConvertible {
    /// A host name, an IPv4 address, or an IPv6 address without brackets.
    public var host: String
    /// The port, `1...65535`.
    public var port: UInt16

    /// Names a server.
    public init(host: String, port: UInt16) {
        self.host = host
        self.port = port
    }

    /// Why a text is no `HOST:PORT`, as in `has no port: write host:port`.
    public struct Fault: Error, Sendable, Hashable {
        /// The predicate of a sentence about the text.
        public let text: String
    }

    /// Reads `HOST:PORT`, with an IPv6 address in brackets.
    public init(_ text: String) throws(Fault) {
        if let fault = Addresses.hostPortFault(text) { throw Fault(text: fault) }
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Fault(text: "has no port from 1 to 65535 after the ':'")
        }
        let host = text[..<colon]
        self.init(host: String(host.hasPrefix("[") ? host.dropFirst().dropLast() : host), port: port)
    }

    /// As it is typed, and as CONNECT names it.
    public var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}
