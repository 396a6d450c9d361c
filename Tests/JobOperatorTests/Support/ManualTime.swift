// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization

/// Clocks that go only when they are told to; whoever sleeps is woken when its time has come.
final class ManualTime: Sendable {
    private struct Sleeper {
        var due: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var now = Duration.seconds(1000)
        var jump = Duration.zero
        var last = 0
        var sleepers: [Int: Sleeper] = [:]
        var watchers: [(wanted: Int, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Mutex(State())
    /// Wall time at the start: 2026-11-20T12:00:00Z.
    static let start = Timestamp(seconds: 1_795_176_000)

    /// The time that the clocks show.
    var now: Duration { state.withLock { $0.now } }

    private var wall: Timestamp { state.withLock { Self.start + ($0.now - .seconds(1000)) + $0.jump } }

    /// Lets wall time jump.
    func jump(by duration: Duration) { state.withLock { $0.jump += duration } }

    /// When the sleepers wake, counted from now, the next one first.
    var alarms: [Duration] {
        state.withLock { state in state.sleepers.values.map { $0.due - state.now }.sorted() }
    }

    /// The clocks.
    var source: TimeSource {
        TimeSource(
            monotonic: { self.now }, continuous: { self.now }, wall: { self.wall },
            sleep: { try await self.sleep($0) })
    }

    /// Goes forward and wakes those whose time has come.
    func advance(_ duration: Duration) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            state.now += duration
            let due = state.sleepers.filter { $0.value.due <= state.now }.sorted { $0.value.due < $1.value.due }
            for (number, _) in due { state.sleepers[number] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits until at least so many sleep.
    func sleepers(_ count: Int = 1) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReached = state.withLock { state in
                if state.sleepers.count >= count { return true }
                state.watchers.append((count, continuation))
                return false
            }
            if isReached { continuation.resume() }
        }
    }

    private func sleep(_ duration: Duration) async throws {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let (result, reached) = state.withLock {
                    state -> (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) in
                    if Task.isCancelled { return (.failure(CancellationError()), []) }
                    if duration <= .zero { return (.success(()), []) }
                    state.sleepers[number] = Sleeper(due: state.now + duration, continuation: continuation)
                    let reached = state.watchers.filter { $0.wanted <= state.sleepers.count }.map(\.continuation)
                    state.watchers.removeAll { $0.wanted <= state.sleepers.count }
                    return (nil, reached)
                }
                if let result { continuation.resume(with: result) }
                for watcher in reached { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { $0.sleepers.removeValue(forKey: number) }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
