// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How often durations fell below some bounds, as Prometheus counts them.
struct Histogram: Sendable, Hashable {
    /// The upper bounds in seconds, rising; one without a bound follows.
    let bounds: [Double]
    /// How many durations fell below each bound and not below the one before; the last counts the rest.
    private(set) var counts: [Int]
    /// The sum of all durations in seconds.
    private(set) var sum = 0.0

    init(bounds: [Double]) {
        self.bounds = bounds
        counts = Array(repeating: 0, count: bounds.count + 1)
    }

    /// How many durations there were.
    var count: Int { counts.reduce(0, +) }

    /// Counts a duration.
    mutating func observe(_ duration: Duration) {
        let seconds = duration / .seconds(1)
        counts[bounds.firstIndex { seconds <= $0 } ?? bounds.count] += 1
        sum += seconds
    }

    /// The bounds of controller-runtime's queue metrics: 10 ns to 1,000 s.
    static let queueBounds: [Double] = [
        1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 0.01, 0.1, 1, 10, 100, 1000,
    ]
    /// The bounds of controller-runtime's reconcile times.
    static let reconcileBounds: [Double] = [
        0.005, 0.01, 0.025, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5,
        1.75, 2,
        2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60,
    ]
}
