// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

@testable import Sandbox

/// A clock that goes only when it is told to; its wall time goes with it.
final class ManualClock: Sendable {
    private struct State {
        var now = Duration.zero
        var last = 0
        var alarms: [Int: (time: Duration, action: @Sendable () -> Void)] = [:]
    }

    private static let start = Timestamp(seconds: 1_795_180_605)
    private let state = Mutex(State())

    /// The time since the clock was made.
    var now: Duration { state.withLock(\.now) }
    /// When the first alarm is due.
    var nextAlarm: Duration? { state.withLock { $0.alarms.values.map(\.time).min() } }

    /// The clocks of a cluster.
    var pace: Pace {
        Pace(
            elapsed: { [self] in now }, schedule: { [self] in schedule(after: $0, $1) },
            wallTime: { [self] in Self.start + now })
    }

    /// Goes forward to a time and rings what is due.
    func advance(to time: Duration) {
        let due = state.withLock { state in
            state.now = max(state.now, time)
            let due = state.alarms.filter { $0.value.time <= state.now }
            for id in due.keys { state.alarms[id] = nil }
            return due.values.map(\.action)
        }
        for action in due { action() }
    }

    private func schedule(after delay: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void {
        let id = state.withLock { state in
            state.last += 1
            state.alarms[state.last] = (state.now + delay, action)
            return state.last
        }
        return { [self] in state.withLock { _ = $0.alarms.removeValue(forKey: id) } }
    }
}
