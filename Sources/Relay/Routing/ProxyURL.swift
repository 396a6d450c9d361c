// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An HTTP proxy that knows CONNECT.
public struct ProxyURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether the proxy itself is spoken to over TLS.
    public var isSecure: Bool
    /// Where it is.
    public var server: HostPort

    /// Names a proxy.
    public init(isSecure: Bool = false, _ server: HostPort) {
        self.isSecure = isSecure
        self.server = server
    }

    /// Why a text names no proxy.
    public enum Problem: Error, Sendable, Hashable {
        /// The scheme is neither http nor https.
        case scheme(String)
        /// It holds a user or a password, which everybody could read who may see the process.
        case login
        /// It has a path or a query.
        case path
        /// There is no host, or the port is none, and why.
        case server(HostPort.Fault)
    }

    /// Reads `http://HOST:PORT` or `https://HOST:PORT`; the port is 80 or 443 unless given.
    public init(_ text: String) throws(Problem) {
        guard let separator = text.firstRange(of: "://") else { throw .scheme("") }
        let scheme = text[..<separator.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else { throw .scheme(scheme) }
        var authority = text[separator.upperBound...]
        guard !authority.contains("@") else { throw .login }
        if authority.hasSuffix("/") { authority = authority.dropLast() }
        guard !authority.contains(where: { "/?#".contains($0) }) else { throw .path }
        let isSecure = scheme == "https"
        // A colon within brackets is a part of the address.
        let hasPort = authority.lastIndex(of: ":").map { !authority[$0...].contains("]") } ?? false
        do throws(HostPort.Fault) {
            self.init(
                isSecure: isSecure, try HostPort(hasPort ? String(authority) : "\(authority):\(isSecure ? 443 : 80)"))
        } catch {
            throw .server(error)
        }
    }

    /// The whole URL, with its port.
    public var description: String { "\(isSecure ? "https" : "http")://\(server)" }
}
