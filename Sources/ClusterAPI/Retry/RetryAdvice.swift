// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What to do about a failed try.
enum RetryAdvice: Equatable {
    /// The failure stands.
    case stop
    /// Try again after the wait, unless the budget is used up.
    case retry(after: Duration)
    /// Renew the credentials and try again, once.
    case refreshCredentials
}

extension RetryPolicy {
    /// The advice for an answer of the server: `deployment.md` §6.11.
    ///
    /// `attempt` counts the tries made, 1 after the first; `jitter` is chance in `0..<1`; `expectsNewAPI` says that the
    /// kind's definition was just written, so that "not found" may mean "not yet".
    func advice(
        for error: APIError, safety: RequestSafety, attempt: Int, jitter: Double, expectsNewAPI: Bool = false
    ) -> RetryAdvice {
        let backoff = delay(after: attempt, jitter: jitter)
        switch error.code {
        case 401: return .refreshCredentials
        case 429: return .retry(after: max(backoff, min(error.retryAfter ?? .zero, longestRetryAfter)))
        case 404 where error.isMissingAPI && expectsNewAPI: return .retry(after: backoff)
        case 409 where error.isQuotaConflict && safety != .read:
            return attempt <= quotaRetries ? .retry(after: backoff) : .stop
        case 500 where error.isUnknownFieldFailure || error.isUnreadableValue: return .stop
        case 500 where error.isWebhookFailure:
            return safety == .read ? .stop : .retry(after: backoff)
        case 500 where !Self.isTransient(error): return safety == .read ? .retry(after: backoff) : .stop
        case 500, 502, 503, 504:
            // A write whose answer was a gateway's may have been carried out behind it.
            if safety == .onceOnly, error.code != 503 { return .stop }
            return .retry(after: max(backoff, min(error.retryAfter ?? .zero, longestRetryAfter)))
        default: return .stop
        }
    }

    /// The advice for a try without an answer.
    func advice(for error: TransportError, safety: RequestSafety, attempt: Int, jitter: Double) -> RetryAdvice {
        switch error.kind {
        case .tls, .unknownAuthority, .clientCertificate, .tooLarge, .malformed, .other: return .stop
        case .unknownHost, .refused, .proxy, .connectTimeout: return retry(attempt, jitter)
        case .timeout, .reset:
            let mayRepeat = safety == .read || safety == .idempotentWrite || !error.mayHaveBeenProcessed
            return mayRepeat ? retry(attempt, jitter) : .stop
        }
    }

    private func retry(_ attempt: Int, _ jitter: Double) -> RetryAdvice {
        .retry(after: delay(after: attempt, jitter: jitter))
    }

    /// Whether a 500 is one of those that pass: a change of etcd's leader, a storage time-out.
    private static func isTransient(_ error: APIError) -> Bool {
        let texts = [
            "etcdserver: leader changed", "etcdserver: request timed out", "etcdserver: no leader",
            "etcdserver: too many requests", "context deadline exceeded", "the server was unable to return a response",
            "connection refused", "connection reset",
        ]
        return error.retryAfter != nil || error.reason == .serverTimeout
            || texts.contains { error.message.contains($0) }
    }
}
