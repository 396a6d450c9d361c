// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// How many connections are open, whether more are accepted, and who waits for the end of all.
final class SessionRegistry: Sendable {
    private struct State {
        var count = 0
        var isAccepting = true
        var waiting: [AsyncStream<Void>.Continuation] = []

        /// Those to be told, when there is nothing left to wait for.
        mutating func takeWaiting() -> [AsyncStream<Void>.Continuation] {
            guard !isAccepting, count == 0 else { return [] }
            defer { waiting = [] }
            return waiting
        }
    }

    private let limit: Int
    private let state = Mutex(State())

    init(limit: Int) { self.limit = limit }

    var count: Int { state.withLock { $0.count } }
    var isAccepting: Bool { state.withLock { $0.isAccepting } }

    /// Counts one more connection; false when there are as many as may be.
    func enter() -> Bool {
        state.withLock { state in
            guard state.count < limit else { return false }
            state.count += 1
            return true
        }
    }

    /// Counts a connection off.
    func leave() { change { $0.count -= 1 } }

    /// Notes that nothing is accepted any more.
    func close() { change { $0.isAccepting = false } }

    /// Waits until nothing is accepted any more and no connection is open, or the task is cancelled.
    func idle() async {
        let (end, continuation) = AsyncStream<Void>.makeStream()
        change { $0.waiting.append(continuation) }
        for await _ in end {}
    }

    private func change(_ body: (inout State) -> Void) {
        let waiting = state.withLock { state in
            body(&state)
            return state.takeWaiting()
        }
        for continuation in waiting { continuation.finish() }
    }
}
