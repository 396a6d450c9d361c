// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
public import Sandbox

/// The ways of a test to its sandbox.
extension SandboxServer {
    /// Where it is: it is trusted by its own authority, and speaks HTTP/1.1 alone.
    public func endpoint() throws -> ServerEndpoint {
        var endpoint = ServerEndpoint(url: try ServerURL(url), trust: .authorities(Array(authorityPEM.utf8)))
        endpoint.disablesHTTP2 = true
        return endpoint
    }

    /// Lets requests be those of the account with a token; the administrator's when nil.
    public func authenticator(_ token: String? = nil) -> Authenticator {
        Authenticator(Credentials(authorization: "Bearer \(token ?? self.token)"))
    }

    /// A client of an account, by its token, or of the administrator.
    public func client(
        _ token: String? = nil, over transport: any HTTPTransport, retry: RetryPolicy = RetryPolicy(),
        time: TimeSource = .system, userAgent: String = "iflearnerctl", log: (@Sendable (RequestRecord) -> Void)? = nil
    ) -> ClusterClient {
        ClusterClient(
            transport: transport, authenticator: authenticator(token), retry: retry, time: time, userAgent: userAgent,
            log: log)
    }
}
