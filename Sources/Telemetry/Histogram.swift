// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How often durations fell below some bounds, as Prometheus counts them.
public struct Histogram: Sendable, Hashable {
    /// The upper bounds in seconds, rising; one without a bound follows.
    public let bounds: [Double]
    /// How many durations fell below each bound and not below the one before; the last counts the rest.
    public private(set) var counts: [Int]
    /// The sum of all durations in seconds.
    public private(set) var sum = 0.0

    /// Has counted nothing yet.
    public init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many durations there were.
    public var count: Int { counts.reduce(0, +) }

    /// Counts a duration.
    public mutating func observe(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sum += seconds
    }
}
