// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How long and how often requests are tried again.
public struct RetryPolicy: Sendable, Hashable {
    /// The time for all tries of one request.
    public var budget = Duration.seconds(120)
    /// The time for all tries to reach a server that has not answered yet; nil for `budget`.
    ///
    /// Who mistyped an address, or forgot to start the cluster, should hear of it at once.
    public var firstContactBudget: Duration?
    /// The wait before the second try; it doubles from try to try.
    public var firstDelay = Duration.milliseconds(200)
    /// The longest wait between tries.
    public var longestDelay = Duration.seconds(10)
    /// The longest wait that a server may ask for.
    public var longestRetryAfter = Duration.seconds(60)
    /// How long a kind whose definition was just written may be unknown to the server.
    public var missingAPIBudget = Duration.seconds(30)
    /// How often a write that collided on a quota's counter is tried again.
    public var quotaRetries = 10
    /// The time for one read.
    public var readTimeout = Duration.seconds(60)
    /// The time for one write: shorter than the lock's lease, so that no write outlives it.
    public var writeTimeout = Duration.seconds(25)

    /// Makes the product's policy.
    public init() {}

    /// Makes a policy that never tries again, for callers with a loop of their own.
    public static var once: RetryPolicy {
        var policy = RetryPolicy()
        policy.budget = .zero
        return policy
    }

    /// The policy with every duration divided, for tests with the built binary.
    public func scaled(by divisor: Int) -> RetryPolicy {
        guard divisor > 1 else { return self }
        var scaled = self
        scaled.budget /= divisor
        scaled.firstContactBudget = firstContactBudget.map { $0 / divisor }
        scaled.firstDelay /= divisor
        scaled.longestDelay /= divisor
        scaled.longestRetryAfter /= divisor
        scaled.missingAPIBudget /= divisor
        return scaled
    }

    /// The wait before the try after `attempt` (1 for the first), without the server's wishes.
    ///
    /// `jitter` is chance in `0..<1`, so that many clients do not come back at once.
    func delay(after attempt: Int, jitter: Double) -> Duration {
        var delay = firstDelay
        for _ in 1..<max(1, min(attempt, 16)) where delay < longestDelay { delay *= 2 }
        return min(delay, longestDelay) * (0.5 + jitter / 2)
    }
}

/// Whether a request may be sent again when nobody knows if it was carried out.
public enum RequestSafety: Sendable, Hashable {
    /// It changes nothing.
    case read
    /// Doing it twice is the same as once: server-side apply, deletion by uid, replacement of a version.
    case idempotentWrite
    /// It makes an object of a fixed name: the caller must look whether it is there.
    case creation
    /// Doing it twice is not the same as once.
    case onceOnly
}

/// Another try is about to be made: what it is for and why.
public struct RetryEvent: Sendable, Hashable {
    /// The request.
    public var request: RequestDescription
    /// Why the last try failed, for people.
    public var cause: String
    /// How many tries failed so far.
    public var attempt: Int
    /// The wait before the next one.
    public var delay: Duration
}
