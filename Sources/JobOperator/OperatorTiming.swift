// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI

/// Every duration of the controller in one place.
public struct OperatorTiming: Sendable, Hashable {
    /// How lists and watches start over.
    public var reflector: ReflectorPolicy
    /// How long what the server refuses is left alone, where the controller can do without it.
    public var refusedInterval = Duration.seconds(300)
    /// The longest wait of a job whose passes fail.
    public var longestRetry = Duration.seconds(300)
    /// How often a job is looked at that never comes to rest, after a burst: somebody undoes what is done for it.
    public var restlessInterval = Duration.seconds(5)
    /// How long a lead lasts and how often it is renewed: 15, 10 and 2 seconds, as client-go has it.
    public var lease = LeaseTerms()
    /// How long passes may take to come to their end after that was asked for: the chart gives the pod ten seconds.
    public var drain = Duration.seconds(6)
    /// How often aggregators are asked how far they are.
    public var polling = PollingTerms()
    /// How requests are tried again: for seconds only, for a pass that fails is repeated, and others want the worker.
    public var retry = RetryPolicy()

    /// The product's durations.
    public init() {
        reflector = ReflectorPolicy()
        // Pods with their managed fields are ten kilobytes each, and ten times that while they are read.
        reflector.pageSize = 100
        lease.duration = .seconds(15)
        lease.writeWindow = .seconds(10)
        lease.renewalInterval = .seconds(2)
        lease.observationInterval = .seconds(2)
        retry.budget = .seconds(3)
        retry.longestDelay = .seconds(1)
        retry.longestRetryAfter = .seconds(1)
        retry.missingAPIBudget = .zero
        retry.quotaRetries = 3
        retry.readTimeout = .seconds(30)
        retry.writeTimeout = .seconds(30)
    }

    /// The durations divided by a number, for tests with the built binary (`IFLEARNERCTL_TIME_SCALE`).
    public func scaled(by divisor: Int) -> OperatorTiming {
        guard divisor > 1 else { return self }
        var scaled = self
        scaled.reflector = reflector.scaled(by: divisor)
        scaled.lease = lease.scaled(by: divisor)
        scaled.retry = retry.scaled(by: divisor)
        scaled.polling = polling.scaled(by: divisor)
        for path in [\OperatorTiming.refusedInterval, \.longestRetry, \.restlessInterval, \.drain] {
            scaled[keyPath: path] /= divisor
        }
        return scaled
    }
}
