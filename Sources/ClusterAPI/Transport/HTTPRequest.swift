// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A request as the transport sends it.
public struct HTTPRequest: Sendable {
    /// The request methods of the Kubernetes API.
    public enum Method: String, Sendable {
        /// Reads.
        case get = "GET"
        /// Creates.
        case post = "POST"
        /// Replaces.
        case put = "PUT"
        /// Changes.
        case patch = "PATCH"
        /// Deletes.
        case delete = "DELETE"
    }

    /// The method.
    public var method: Method
    /// The path and query below the server's URL, starting with a slash, percent-encoded.
    public var target: String
    /// The header fields.
    public var headers: HTTPFields
    /// The body; nil for none.
    public var body: [UInt8]?
    /// The whole time that the exchange may take; nil for a stream without end.
    public var timeout: Duration?
    /// How long the server may be silent before the connection counts as dead; nil for as long as it likes.
    public var idleTimeout: Duration?
    /// How many bytes of body are taken before the exchange is given up.
    public var responseLimit: Int
    /// Which connection it goes over.
    public var lane: Lane
    /// The certificate and key to show to the server; nil for none.
    public var identity: ClientIdentity?

    /// Requests of different lanes never wait for each other.
    public enum Lane: Sendable, Hashable, CaseIterable {
        /// Writes, and reads that belong to them.
        case writes
        /// Reads that only inform: readiness, display.
        case status
        /// Renewals of the lock, which must go through whatever else happens.
        case lease
        /// Watches and logs, which stay open.
        case streams
    }

    /// Makes a request.
    public init(
        _ method: Method, _ target: String, headers: HTTPFields = HTTPFields(), body: [UInt8]? = nil,
        timeout: Duration? = .seconds(60), idleTimeout: Duration? = nil, responseLimit: Int = 64 << 20,
        lane: Lane = .writes, identity: ClientIdentity? = nil
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.idleTimeout = idleTimeout
        self.responseLimit = responseLimit
        self.lane = lane
        self.identity = identity
    }
}

/// A client certificate with its key, as PEM bytes.
public struct ClientIdentity: Sendable, Hashable {
    /// The certificate chain, the client's own first.
    public var certificate: [UInt8]
    /// The private key.
    public var key: [UInt8]

    /// Makes an identity of PEM bytes.
    public init(certificate: [UInt8], key: [UInt8]) {
        self.certificate = certificate
        self.key = key
    }
}
