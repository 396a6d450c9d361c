// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI

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
    /// How long locks last and how often they are renewed; at each renewal the record is looked at for a request to stop.
    public var lease = LeaseTerms()
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
    ///
    /// All but the time to start a worker, which is spent by the machine and nobody waits for in full.
    public func scaled(by divisor: Int) -> Timing {
        guard divisor > 1 else { return self }
        var scaled = self
        let all: [WritableKeyPath<Timing, Duration>] = [
            \.componentTimeout, \.jobTimeout, \.noProgress, \.failureGrace, \.stability, \.recordInterval, \.heartbeat,
            \.definitionTimeout, \.deletionStuck, \.poll,
        ]
        for path in all { scaled[keyPath: path] = self[keyPath: path] / divisor }
        scaled.lease = lease.scaled(by: divisor)
        return scaled
    }
}
