// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics

/// There is no answer: the server was not reached, or the exchange broke.
public struct TransportError: ClusterFailure, Hashable {
    /// What went wrong, to branch on.
    public enum Kind: Sendable, Hashable {
        /// The host name has no address.
        case unknownHost
        /// Nobody listens there.
        case refused
        /// The proxy cannot be reached or refused.
        case proxy
        /// No connection, or no TLS session, within the time for it.
        case connectTimeout
        /// The server's certificate does not fit, or there is no common protocol.
        case tls
        /// Nobody whom we trust vouches for the server's certificate.
        case unknownAuthority
        /// The server does not accept the client's certificate, or it cannot be used.
        case clientCertificate
        /// The answer did not come in time.
        case timeout
        /// The connection broke during the exchange.
        case reset
        /// The answer is not HTTP, or is cut off.
        case malformed
        /// The answer is larger than its limit.
        case tooLarge
        /// Anything else that the network library reports.
        case other
    }

    /// What went wrong.
    public var kind: Kind
    /// What happened, for people: names the server, proxy or certificate; without a final stop.
    public var message: String
    /// What to do next.
    public var hint: String?
    /// Whether the server may have received and carried out the request.
    public var mayHaveBeenProcessed: Bool
    /// What was asked, once the client has added it.
    public var request: RequestDescription?

    /// Makes an error.
    public init(
        _ kind: Kind, _ message: String, hint: String? = nil, mayHaveBeenProcessed: Bool = false,
        request: RequestDescription? = nil
    ) {
        self.kind = kind
        self.message = message
        self.hint = hint
        self.mayHaveBeenProcessed = mayHaveBeenProcessed
        self.request = request
    }

    /// What happened, during which request, and what to do next.
    public var diagnostic: Diagnostic {
        Diagnostic(request.map { "cannot \($0): \(message)" } ?? message, hint: hint)
    }
}

extension TransportError: CustomStringConvertible {
    /// What happened.
    public var description: String { diagnostic.message }
}
