// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The URL of an API server.
public struct ServerURL: Sendable, Hashable, CustomStringConvertible {
    /// Whether TLS is spoken.
    public var isSecure: Bool
    /// The host: a name, an IPv4 address, or an IPv6 address without brackets.
    public var host: String
    /// The port.
    public var port: Int
    /// The path before every request's own, without a slash at its end; often empty.
    public var path: String

    /// Makes a URL of its parts.
    public init(isSecure: Bool, host: String, port: Int, path: String = "") {
        self.isSecure = isSecure
        self.host = host
        self.port = port
        self.path = path
    }

    /// Why a text is no URL of a server.
    public enum Problem: Error, Sendable, Hashable {
        /// The scheme is neither http nor https.
        case scheme(String)
        /// It has a user or a password, which belong into a user entry.
        case userInfo
        /// It has a query or a fragment.
        case query
        /// There is no host, or it holds what no host can.
        case host
        /// The port is no number of 1 ... 65535.
        case port(String)
    }

    /// Reads a URL; without a scheme it is taken for http, as client-go does, or for https when TLS options are there.
    public init(_ text: String, defaultsToTLS: Bool = false) throws(Problem) {
        var rest = Substring(text)
        var isSecure = defaultsToTLS
        if let end = text.firstRange(of: "://") {
            switch text[..<end.lowerBound].lowercased() {
            case "https": isSecure = true
            case "http": isSecure = false
            case let other: throw .scheme(other)
            }
            rest = text[end.upperBound...]
        }
        guard !rest.contains("?"), !rest.contains("#") else { throw .query }
        let authority = rest.prefix { $0 != "/" }
        var path = rest[authority.endIndex...]
        while path.hasSuffix("/") { path = path.dropLast() }
        guard !authority.contains("@") else { throw .userInfo }
        var host = authority
        var portText: Substring?
        if authority.hasPrefix("[") {
            guard let close = authority.firstIndex(of: "]") else { throw .host }
            host = authority[authority.index(after: authority.startIndex)..<close]
            let after = authority[authority.index(after: close)...]
            guard after.isEmpty || after.hasPrefix(":") else { throw .host }
            if !after.isEmpty { portText = after.dropFirst() }
        } else if let colon = authority.lastIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
            guard !host.contains(":") else { throw .host }
        }
        let isPlain = host.utf8.allSatisfy {
            $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "\"")
        }
        guard !host.isEmpty, isPlain, path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw .host }
        var port = isSecure ? 443 : 80
        if let portText {
            guard let number = Int(portText), (1...65535).contains(number) else { throw .port(String(portText)) }
            port = number
        }
        self.init(isSecure: isSecure, host: String(host), port: port, path: String(path))
    }

    /// The host as it stands in a URL: IPv6 addresses in brackets.
    var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }

    /// Host and port, as messages name the server.
    public var authority: String { "\(bracketedHost):\(port)" }

    /// The whole URL.
    public var description: String { "\(isSecure ? "https" : "http")://\(authority)\(path)" }
}
