// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A request a client sent, with its whole body.
public struct HTTPRequest: Sendable {
    /// The method, in capitals.
    public let method: String
    /// The target as it was sent: path and query, percent-encoded.
    public let target: String
    /// The header fields.
    public let headers: HTTPHeaders
    /// The body; empty when there is none.
    public let body: [UInt8]

    /// Makes a request, for handlers that are tested without a server.
    public init(method: String, target: String, headers: HTTPHeaders = [:], body: [UInt8] = []) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    /// The path, still percent-encoded, so that an encoded slash does not separate segments.
    public var encodedPath: Substring { target.prefix { $0 != "?" } }

    /// The segments of the path, decoded; empty ones are left out.
    ///
    /// Nil when a segment is not percent-encoded UTF-8.
    public var pathSegments: [String]? {
        var segments: [String] = []
        for part in encodedPath.utf8.split(separator: 47) {
            guard let segment = PercentEncoding.decode(part, plusIsSpace: false) else { return nil }
            segments.append(segment)
        }
        return segments
    }

    /// The parameters of the query, decoded, in order.
    public var query: HTTPQuery { HTTPQuery(encoded: target.utf8.drop { $0 != 63 }.dropFirst()) }
}

/// The parameters of a query.
public struct HTTPQuery: Sendable {
    /// Names and values, in order.
    public let items: [(name: String, value: String)]

    init(encoded: Substring.UTF8View) {
        var items: [(name: String, value: String)] = []
        for part in encoded.split(separator: 38) {
            let name = part.prefix { $0 != 61 }
            let value = part.dropFirst(name.count + 1)
            guard let name = PercentEncoding.decode(name, plusIsSpace: true),
                let value = PercentEncoding.decode(value, plusIsSpace: true)
            else { continue }
            items.append((name, value))
        }
        self.items = items
    }

    /// The first value of a name.
    public subscript(name: String) -> String? { items.first { $0.name == name }?.value }

    /// All values of a name, in order.
    public func all(_ name: String) -> [String] { items.filter { $0.name == name }.map(\.value) }

    /// Whether a parameter is there, with whatever value.
    public func contains(_ name: String) -> Bool { items.contains { $0.name == name } }
}
