// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Speaks to one API server about objects of every kind.
///
/// A value that is cheap to copy: copies share connections, discovery and limits, and differ in their lane and in who
/// hears of retries. Every method throws `APIError` when the server refuses, `TransportError` when there is no answer,
/// `DiscoveryError` for a kind that is not served, `CredentialError` when credentials cannot be had, and
/// `CancellationError`.
public struct ClusterClient: Sendable {
    let pipeline: RequestPipeline

    /// What the server serves.
    public let discovery: Discovery
    /// The lane of the requests: lanes never wait for each other.
    public var lane = HTTPRequest.Lane.writes
    /// Hears of every retry before its wait.
    public var onRetry: (@Sendable (RetryEvent) -> Void)?

    /// Is asked before every try of a write: by throwing it keeps a holder who lost the lock from writing.
    public var beforeWrite: (@Sendable () async throws -> Void)?

    /// The time for one try of a request and for all of them, where it is not the retry policy's.
    var limits: (exchange: Duration, tries: Duration)?

    /// Makes a client over a transport.
    ///
    /// `discovery` says where discovery is kept between runs, nil for memory only; `random` is chance in `0..<1`, for
    /// jitter; `userAgent` is how audit logs of the server name the program; `log` hears of every exchange.
    public init(
        transport: any HTTPTransport, authenticator: Authenticator = Authenticator(.anonymous),
        retry: RetryPolicy = RetryPolicy(), discovery cache: DiscoveryCache? = nil, time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        userAgent: String = "iflearnerctl", log: (@Sendable (RequestRecord) -> Void)? = nil
    ) {
        pipeline = RequestPipeline(
            transport: transport, authenticator: authenticator, policy: retry, time: time, random: random,
            userAgent: userAgent, log: log)
        discovery = Discovery(pipeline: pipeline, cache: cache)
    }

    /// The client with requests on another lane.
    public func on(_ lane: HTTPRequest.Lane) -> ClusterClient {
        var client = self
        client.lane = lane
        return client
    }

    /// The client with every try of a write put to a function first.
    public func guardingWrites(with beforeWrite: @escaping @Sendable () async throws -> Void) -> ClusterClient {
        var client = self
        client.beforeWrite = beforeWrite
        return client
    }

    /// The client with a time limit of its own for each try of a request, and for all of them.
    ///
    /// For what is done in time or not at all, such as the renewal of a lock.
    public func limited(to exchange: Duration, tries: Duration = .zero) -> ClusterClient {
        var client = self
        client.limits = (exchange, tries)
        return client
    }

    /// The client with retries told to a function.
    public func reportingRetries(to onRetry: @escaping @Sendable (RetryEvent) -> Void) -> ClusterClient {
        var client = self
        client.onRetry = onRetry
        return client
    }
}
