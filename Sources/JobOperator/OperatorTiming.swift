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

    /// The product's durations.
    public init() {
        reflector = ReflectorPolicy()
        // Pods with their managed fields are ten kilobytes each, and ten times that while they are read.
        reflector.pageSize = 100
    }

    /// The durations divided by a number, for tests with the built binary (`IFLEARNERCTL_TIME_SCALE`).
    public func scaled(by divisor: Int) -> OperatorTiming {
        guard divisor > 1 else { return self }
        var scaled = self
        scaled.reflector = reflector.scaled(by: divisor)
        for path in [\OperatorTiming.refusedInterval, \.longestRetry] { scaled[keyPath: path] /= divisor }
        return scaled
    }
}
