// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Keeps events from flooding the API server, as client-go does: repetitions are counted, many similar ones become one, and
/// an object that never stops talking is not listened to.
struct EventCorrelator: Sendable {
    /// What to do with an event.
    enum Action: Sendable, Hashable {
        /// Nothing: there were too many.
        case drop
        /// Make an Event object; the key is for `noted`.
        case create(JobEvent, Key)
        /// Count up an Event object that was made before.
        case count(JobEvent, Key, name: String, count: Int64, since: Timestamp)
    }

    /// What makes two events the same.
    struct Key: Sendable, Hashable {
        var subject: JobKey
        var uid: String
        var reason: String
        var severity: JobEvent.Severity
        /// Nil for one that stands for many similar ones.
        var message: String?
    }

    private struct Series {
        var name: String
        var count: Int64
        var since: Timestamp
        var last: Duration
    }

    private struct Group {
        var messages: Set<String> = []
        var last: Duration
    }

    private struct Budget {
        var tokens: Double
        var last: Duration
    }

    /// How many different messages of a kind are told apart, and for how long.
    static let similar = 10
    static let window = Duration.seconds(600)
    /// How many events an object may have at once, and how long one more takes.
    static let burst = 25.0
    static let secondsPerEvent = 300.0
    /// How much is remembered.
    static let capacity = 4096

    private var series: [Key: Series] = [:]
    private var groups: [Key: Group] = [:]
    private var budgets: [String: Budget] = [:]

    /// Decides about an event.
    mutating func take(_ event: JobEvent, at now: Duration) -> Action {
        guard spend(event.subject.uid, now) else { return .drop }
        let (event, key) = grouped(event, now)
        guard let known = series[key] else { return .create(event, key) }
        return .count(event, key, name: known.name, count: known.count + 1, since: known.since)
    }

    /// Remembers the object that stands for an event now.
    mutating func noted(_ key: Key, name: String, count: Int64, since: Timestamp, at now: Duration) {
        if series.count >= Self.capacity { series = Self.younger(series, \.last) }
        series[key] = Series(name: name, count: count, since: since, last: now)
    }

    /// Forgets the object of an event: it has expired.
    mutating func forget(_ key: Key) { series[key] = nil }

    private mutating func spend(_ subject: String, _ now: Duration) -> Bool {
        var budget = budgets[subject] ?? Budget(tokens: Self.burst, last: now)
        let elapsed = now - budget.last
        budget.tokens = min(Self.burst, budget.tokens + elapsed / .seconds(1) / Self.secondsPerEvent)
        budget.last = now
        let isLeft = budget.tokens >= 1
        if isLeft { budget.tokens -= 1 }
        if budgets.count >= Self.capacity, budgets[subject] == nil { budgets = Self.younger(budgets, \.last) }
        budgets[subject] = budget
        return isLeft
    }

    private mutating func grouped(_ event: JobEvent, _ now: Duration) -> (JobEvent, Key) {
        var key = Key(
            subject: event.subject.key, uid: event.subject.uid, reason: event.reason, severity: event.severity)
        var group = groups[key] ?? Group(last: now)
        if now - group.last > Self.window { group.messages = [] }
        group.last = now
        group.messages.insert(event.message)
        let isCrowded = group.messages.count > Self.similar
        if isCrowded { group.messages.remove(event.message) }
        if groups.count >= Self.capacity, groups[key] == nil { groups = Self.younger(groups, \.last) }
        groups[key] = group
        var event = event
        if isCrowded {
            event.message = JobEvent.cut("(combined from similar events): " + event.message)
        } else {
            key.message = event.message
        }
        return (event, key)
    }

    /// The younger half.
    private static func younger<Key: Hashable, Entry>(
        _ entries: [Key: Entry], _ last: KeyPath<Entry, Duration>
    ) -> [Key: Entry] {
        let times = entries.values.map { $0[keyPath: last] }.sorted()
        let median = times[times.count / 2]
        return entries.filter { $0.value[keyPath: last] > median }
    }
}
