// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Every duration of a rollout in one place.
public struct Timing: Sendable, Hashable {
    /// How long one component may take to be ready.
    public var componentTimeout = Duration.seconds(600)
    /// How long a job may take.
    public var jobTimeout = Duration.seconds(3600)
    /// How long a component may show no progress.
    public var noProgress = Duration.seconds(300)
    /// How long a failure must last without progress before it counts.
    public var failureGrace = Duration.seconds(60)
    /// How long a ready answer must hold for a workload.
    public var stability = Duration.seconds(2)
    /// How long after the last renewal a lock counts as dead.
    public var leaseDuration = Duration.seconds(60)
    /// How often the lock is renewed, and the record looked at for a stop.
    public var leaseRenewal = Duration.seconds(10)
    /// How long after its last renewal a holder stops writing.
    public var stopWriting = Duration.seconds(30)
    /// How long a live holder is waited for; it renews within this time.
    public var lockObservation = Duration.seconds(12)
    /// How long a new worker may take to confirm that it has the lock.
    public var handOver = Duration.seconds(10)
    /// How often a job record is written at most while it only progresses.
    public var recordInterval = Duration.seconds(2)
    /// How often heartbeat lines are printed where there is no live view.
    public var heartbeat = Duration.seconds(10)
    /// How long a definition may take to be established and discovered.
    public var definitionTimeout = Duration.seconds(30)
    /// How long a deletion may take before it is explained.
    public var deletionStuck = Duration.seconds(60)
    /// How often something is asked for that cannot be watched.
    public var poll = Duration.seconds(5)

    /// The product's durations.
    public init() {}

    /// The durations divided by a number, for tests with the built binary (`IFLEARNERCTL_TIME_SCALE`).
    public func scaled(by divisor: Int) -> Timing {
        guard divisor > 1 else { return self }
        var scaled = self
        let all: [WritableKeyPath<Timing, Duration>] = [
            \.componentTimeout, \.jobTimeout, \.noProgress, \.failureGrace, \.stability, \.leaseDuration,
            \.leaseRenewal,
            \.stopWriting, \.lockObservation, \.handOver, \.recordInterval, \.heartbeat, \.definitionTimeout,
            \.deletionStuck, \.poll,
        ]
        for path in all { scaled[keyPath: path] = self[keyPath: path] / divisor }
        return scaled
    }
}
