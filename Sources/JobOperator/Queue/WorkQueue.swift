// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization
import Telemetry

/// Hands keys to workers: each to one worker at a time, and again when it came back meanwhile.
///
/// The semantics are those of client-go's work queue. A key that is added while it waits waits once; one that is added while
/// it is worked on is worked on once more afterwards; one that failed comes back after a delay that grows.
final class WorkQueue<Key: Hashable & Sendable>: Sendable {
    private typealias Waiter = (ticket: Int, continuation: CheckedContinuation<Key?, Never>)

    private struct State {
        var keys = WorkQueueState<Key>()
        var delayed = DelayedKeys<Key>()
        var delays: RetryDelays<Key>
        var retries = 0
        var lastTicket = 0
        var waiting: [Waiter] = []
        var draining: [CheckedContinuation<Void, Never>] = []
    }

    /// The longest wait of a key that failed: five minutes, where client-go takes a thousand seconds.
    ///
    /// Whoever repaired what a job lacked should not have to wait for a quarter of an hour, and a pass in five minutes costs
    /// nothing.
    static var longestDelay: Duration { .seconds(300) }

    private let time: TimeSource
    private let state: Mutex<State>
    private let alarm = Pulse()

    /// Makes an empty queue; `longestDelay` bounds the wait of keys that failed.
    init(longestDelay: Duration = WorkQueue.longestDelay, time: TimeSource = .system) {
        self.time = time
        state = Mutex(State(delays: RetryDelays(longest: longestDelay)))
    }

    // MARK: Adding

    /// Adds a key.
    func add(_ key: Key) { change { $0.keys.add(key, now: time.monotonic()) } }

    /// Adds a key after a while; one that waits for an earlier moment keeps that.
    func add(_ key: Key, after delay: Duration) {
        guard delay > .zero else { return add(key) }
        let isEarliest = state.withLock { state -> Bool in
            guard !state.keys.isShutDown else { return false }
            let due = time.monotonic() + delay
            let isEarliest = state.delayed.next.map { due < $0 } ?? true
            state.delayed.add(key, due: due)
            return isEarliest
        }
        if isEarliest { alarm.send() }
    }

    /// Adds a key that failed, after a delay that grows from failure to failure, and at least `after`.
    ///
    /// - Returns: the delay.
    @discardableResult
    func retry(_ key: Key, after least: Duration = .zero) -> Duration {
        let delay = state.withLock { state -> Duration in
            state.retries += 1
            return max(least, state.delays.delay(after: key, now: time.monotonic()))
        }
        add(key, after: delay)
        return delay
    }

    /// Forgets that a key failed.
    func forget(_ key: Key) { state.withLock { $0.delays.forget(key) } }

    /// How often a key failed in a row.
    func failures(of key: Key) -> Int { state.withLock { $0.delays.failures(of: key) } }

    /// Moves keys that are due into the line, until the task is cancelled.
    func keepTime() async {
        while !Task.isCancelled {
            change { state in
                let now = time.monotonic()
                for key in state.delayed.popDue(at: now) { state.keys.add(key, now: now) }
            }
            let next = state.withLock { $0.delayed.next }
            await withTaskGroup(of: Void.self) { group in
                if let next {
                    group.addTask { [time] in
                        // It fails when it is cancelled: an earlier key has come, or everything ends.
                        try? await time.sleep(next - time.monotonic())
                    }
                }
                group.addTask { [alarm] in await alarm.wait() }
                await group.next()
                group.cancelAll()
            }
        }
    }

    // MARK: Working

    /// The key that waits longest, as soon as there is one; nil once the queue is shut down or the task is cancelled.
    ///
    /// Whoever gets a key must call `finish`.
    func next() async -> Key? {
        let ticket = state.withLock { state -> Int in
            state.lastTicket += 1
            return state.lastTicket
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Key?, Never>) in
                let found = state.withLock { state -> Key?? in
                    if state.keys.isShutDown || Task.isCancelled { return .some(nil) }
                    if let key = state.keys.take(now: time.monotonic()) { return .some(key) }
                    state.waiting.append((ticket, continuation))
                    return .none
                }
                if let found { continuation.resume(returning: found) }
            }
        } onCancel: {
            let cancelled = state.withLock { state -> Waiter? in
                guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
                return state.waiting.remove(at: place)
            }
            cancelled?.continuation.resume(returning: nil)
        }
    }

    /// Ends the work on a key.
    func finish(_ key: Key) { change { $0.keys.finish(key, now: time.monotonic()) } }

    /// Hands out no keys any more: those that wait are dropped, for whoever comes next lists everything anyway.
    func shutDown() {
        change { state in
            state.keys.shutDown()
            state.delayed.removeAll()
        }
    }

    /// Waits until no key is worked on.
    func drained() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isIdle = state.withLock { state in
                if !state.keys.isIdle { state.draining.append(continuation) }
                return state.keys.isIdle
            }
            if isIdle { continuation.resume() }
        }
    }

    /// Changes the state, and then hands out keys and tells of the end of the work, outside of the lock.
    private func change(_ body: (inout State) -> Void) {
        let (served, drained) = state.withLock { state in
            body(&state)
            var served: [(CheckedContinuation<Key?, Never>, Key?)] = []
            while !state.waiting.isEmpty {
                let key = state.keys.take(now: time.monotonic())
                guard key != nil || state.keys.isShutDown else { break }
                served.append((state.waiting.removeFirst().continuation, key))
            }
            guard state.keys.isIdle else { return (served, [CheckedContinuation<Void, Never>]()) }
            defer { state.draining = [] }
            return (served, state.draining)
        }
        for (continuation, key) in served { continuation.resume(returning: key) }
        for continuation in drained { continuation.resume() }
    }
}

// MARK: Measuring

/// What a work queue can tell about itself.
struct WorkQueueStatistics: Sendable {
    /// How many keys wait for a worker.
    var depth: Int
    /// How many keys wait for their time.
    var delayed: Int
    /// How many keys are worked on.
    var active: Int
    /// How often a key was added that was not waiting yet.
    var adds: Int
    /// How often a key failed.
    var retries: Int
    /// How long keys waited for a worker.
    var waitTimes: Histogram
    /// How long the work on keys took.
    var workTimes: Histogram
    /// How long the work has taken that is not done yet.
    var unfinishedWork: Duration
    /// How long the longest work has taken that is not done yet.
    var longestRunning: Duration
}

extension WorkQueue {
    /// What the queue can tell about itself.
    var statistics: WorkQueueStatistics {
        state.withLock { state in
            let running = state.keys.workTimes(at: time.monotonic())
            return WorkQueueStatistics(
                depth: state.keys.depth, delayed: state.delayed.count, active: state.keys.active,
                adds: state.keys.adds, retries: state.retries, waitTimes: state.keys.waitTimes,
                workTimes: state.keys.workTimes, unfinishedWork: running.reduce(.zero, +),
                longestRunning: running.first ?? .zero)
        }
    }
}
