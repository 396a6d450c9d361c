// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Processes
import Synchronization

/// One request of the client with what the pipeline must know about it.
struct Exchange: Sendable {
    var request: HTTPRequest
    var description: RequestDescription
    var safety: RequestSafety
    var onRetry: (@Sendable (RetryEvent) -> Void)?
    /// Is asked before every try.
    var beforeTry: (@Sendable () async throws -> Void)?
    /// Whether the kind's definition was just written.
    var expectsNewAPI = false
    /// The time for all tries, where it is not the policy's.
    var budget: Duration?
    /// Whether an application behind the API server answers: one that is slow says nothing about the server, and what is
    /// asked of the server itself does not wait for it.
    var isForApplication = false
}

/// Sends requests with credentials, limits and retries, and turns bad answers into errors.
final class RequestPipeline: Sendable {
    let transport: any HTTPTransport
    let authenticator: Authenticator
    let policy: RetryPolicy
    let time: TimeSource
    private let random: @Sendable () -> Double
    private let userAgent: String
    private let log: (@Sendable (RequestRecord) -> Void)?
    private let writes: RequestLimiter
    private let status: RequestLimiter
    private let rate: RequestRate
    /// Whether the server has ever answered.
    private let hasAnswered = Atomic(false)

    init(
        transport: any HTTPTransport, authenticator: Authenticator, policy: RetryPolicy, time: TimeSource,
        random: @escaping @Sendable () -> Double, userAgent: String, log: (@Sendable (RequestRecord) -> Void)?
    ) {
        self.transport = transport
        self.authenticator = authenticator
        self.policy = policy
        self.time = time
        self.random = random
        self.userAgent = userAgent
        self.log = log
        writes = RequestLimiter(maximum: 16, now: time.monotonic)
        status = RequestLimiter(maximum: 16, now: time.monotonic)
        rate = RequestRate(now: time.monotonic)
    }

    /// Sends a request until it is answered well, is refused for good, or the budget is used up.
    func send(_ exchange: Exchange) async throws -> HTTPResponse {
        var tries = Tries(started: time.monotonic())
        while true {
            do {
                return try await sendOnce(exchange, &tries)
            } catch let error as APIError {
                var error = error
                error.followsAmbiguousTry = tries.anyAmbiguous
                try await tries.afterFailure(error, advice(for: error, exchange, tries), exchange, in: self)
            } catch var error as TransportError {
                error.request = exchange.description
                let advice = policy.advice(
                    for: error, safety: exchange.safety, attempt: tries.count + 1, jitter: random())
                try await tries.afterFailure(error, advice, exchange, in: self)
            }
        }
    }

    /// The time for all tries of a request that failed like this.
    fileprivate func budget(after error: any ClusterFailure, _ exchange: Exchange) -> Duration {
        if (error as? APIError)?.isMissingAPI == true { return policy.missingAPIBudget }
        let usual = exchange.budget ?? policy.budget
        guard error is TransportError, !hasAnswered.load(ordering: .relaxed) else { return usual }
        return policy.firstContactBudget.map { min($0, usual) } ?? usual
    }

    /// Opens a stream.
    ///
    /// An answer other than 200 is an error like any other. Opening is tried again only with renewed credentials.
    func stream(_ exchange: Exchange) async throws -> HTTPStream {
        var renewed = false
        while true {
            let credentials = try await authenticator.credentials(now: time.wall())
            let (stream, failure) = try await openOnce(exchange, with: credentials)
            guard let failure else { return stream }
            guard failure.code == 401, !renewed, try await authenticator.renew(instead: credentials) else {
                throw failure
            }
            renewed = true
        }
    }

    private func openOnce(_ exchange: Exchange, with credentials: Credentials) async throws -> (HTTPStream, APIError?) {
        let request = prepared(exchange.request, with: credentials)
        let started = time.monotonic()
        do {
            let stream = try await transport.stream(request)
            record(request, status: stream.status, since: started)
            if stream.status == 200 { return (stream, nil) }
            var body: [UInt8] = []
            for try await chunk in stream.body {
                body += chunk.prefix(ResponseReading.failureBodyLimit - body.count)
                if body.count >= ResponseReading.failureBodyLimit { break }
            }
            let response = HTTPResponse(status: stream.status, headers: stream.headers, body: body)
            return (stream, try ResponseReading.failure(of: response, exchange.description))
        } catch var error as TransportError {
            error.request = exchange.description
            record(request, failure: error.message, since: started)
            throw error
        }
    }

    private func sendOnce(_ exchange: Exchange, _ tries: inout Tries) async throws -> HTTPResponse {
        if exchange.isForApplication { return try await exchangeOnce(exchange, &tries, reportingTo: nil) }
        return switch exchange.request.lane {
        case .writes: try await writes.withSlot { try await exchangeOnce(exchange, &tries, reportingTo: writes) }
        case .status: try await status.withSlot { try await exchangeOnce(exchange, &tries, reportingTo: status) }
        // Renewals of the lock must go through whatever else happens.
        case .lease, .streams: try await exchangeOnce(exchange, &tries, reportingTo: nil)
        }
    }

    private func exchangeOnce(
        _ exchange: Exchange, _ tries: inout Tries, reportingTo limiter: RequestLimiter?
    ) async throws -> HTTPResponse {
        if limiter != nil {
            let wait = rate.reserve()
            if wait > .zero { try await time.sleep(wait) }
        }
        let credentials = try await authenticator.credentials(now: time.wall())
        tries.credentials = credentials
        let request = prepared(exchange.request, with: credentials)
        try await exchange.beforeTry?()
        let started = time.monotonic()
        do {
            let response = try await transport.send(request)
            hasAnswered.store(true, ordering: .relaxed)
            record(request, status: response.status, since: started)
            rate.learn(from: response.headers)
            limiter?.report(overloaded: response.status == 429 || response.status == 504)
            if (200..<300).contains(response.status) { return response }
            throw try ResponseReading.failure(of: response, exchange.description)
        } catch let error as TransportError {
            record(request, failure: error.message, since: started)
            throw error
        }
    }

    private func prepared(_ request: HTTPRequest, with credentials: Credentials) -> HTTPRequest {
        var request = request
        request.headers["User-Agent"] = userAgent
        if let authorization = credentials.authorization { request.headers["Authorization"] = authorization }
        for field in authenticator.impersonation.fields { request.headers.append(field.name, field.value) }
        request.identity = credentials.identity
        return request
    }

    /// Chance in `0..<1`, for jitter.
    func chance() -> Double { random() }

    private func advice(for error: APIError, _ exchange: Exchange, _ tries: Tries) -> RetryAdvice {
        policy.advice(
            for: error, safety: exchange.safety, attempt: tries.count + 1, jitter: random(),
            expectsNewAPI: exchange.expectsNewAPI)
    }

    private func record(_ request: HTTPRequest, status: Int? = nil, failure: String? = nil, since started: Duration) {
        log?(
            RequestRecord(
                method: request.method, target: request.target, status: status,
                duration: time.monotonic() - started, failure: failure))
    }
}

/// The tries of one request so far.
private struct Tries {
    let started: Duration
    var count = 0
    var anyAmbiguous = false
    var credentialsRenewed = false
    /// The credentials of the last try.
    var credentials: Credentials?

    init(started: Duration) { self.started = started }

    /// Waits for the next try, or throws the failure.
    mutating func afterFailure(
        _ error: any ClusterFailure, _ advice: RetryAdvice, _ exchange: Exchange, in pipeline: RequestPipeline
    ) async throws {
        count += 1
        if (error as? TransportError)?.mayHaveBeenProcessed == true || ((error as? APIError)?.code ?? 0) >= 500 {
            anyAmbiguous = true
        }
        switch advice {
        case .stop: throw error
        case .refreshCredentials:
            guard !credentialsRenewed, try await pipeline.authenticator.renew(instead: credentials) else { throw error }
            credentialsRenewed = true
        case .retry(let delay):
            let limit = pipeline.budget(after: error, exchange)
            guard pipeline.time.monotonic() - started + delay <= limit else { throw error }
            exchange.onRetry?(
                RetryEvent(
                    request: exchange.description, cause: error.diagnostic.message, attempt: count, delay: delay))
            try await pipeline.time.sleep(delay)
        }
    }
}
