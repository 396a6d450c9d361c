// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How long keys that failed wait: the longer of what their own failures and what all failures together ask for.
///
/// As in client-go: 5 ms, doubled from failure to failure of the same key, and ten a second after a burst of a hundred for all
/// keys.
struct RetryDelays<Key: Hashable & Sendable>: Sendable {
    private static var first: Duration { .milliseconds(5) }
    private static var perSecond: Double { 10 }
    private static var burst: Double { 100 }

    private let longest: Duration
    private var failures: [Key: Int] = [:]
    private var tokens = Self.burst
    private var filled = Duration.zero

    /// Delays up to `longest`.
    init(longest: Duration) {
        self.longest = longest
    }

    /// How often a key failed in a row.
    func failures(of key: Key) -> Int { failures[key] ?? 0 }

    /// Counts a failure and tells how long the key has to wait.
    mutating func delay(after key: Key, now: Duration) -> Duration {
        let count = failures[key, default: 0]
        failures[key] = count + 1
        // Sixty doublings of 5 ms are longer than any limit.
        let own = count < 60 ? Self.first * (Int64(1) << Int64(count)) : longest
        return min(max(own, shared(now)), longest)
    }

    /// Forgets the failures of a key.
    mutating func forget(_ key: Key) { failures[key] = nil }

    private mutating func shared(_ now: Duration) -> Duration {
        tokens = min(Self.burst, tokens + max(0, (now - filled) / .seconds(1)) * Self.perSecond)
        filled = now
        // What would have to wait for longer than the longest delay takes no place in the line.
        tokens = max(tokens - 1, -(longest / .seconds(1)) * Self.perSecond)
        return tokens >= 0 ? .zero : .seconds(-tokens / Self.perSecond)
    }
}
