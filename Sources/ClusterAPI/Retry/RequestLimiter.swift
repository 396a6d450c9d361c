// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bounds the requests in flight of one lane, and learns the bound from the server.
///
/// The bound halves when the server says that it has too much to do, and grows by one for every ten seconds without that.
final class RequestLimiter: Sendable {
    private struct State {
        var limit: Int
        var inFlight = 0
        var lastChange: Duration
        var nextTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private let state: Mutex<State>
    private let maximum: Int
    private let now: @Sendable () -> Duration

    init(maximum: Int, now: @escaping @Sendable () -> Duration) {
        self.maximum = maximum
        self.now = now
        state = Mutex(State(limit: maximum, lastChange: now()))
    }

    /// The bound in force.
    var limit: Int { state.withLock { $0.limit } }

    /// Runs the body once there is room, in the order of arrival.
    func withSlot<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await enter()
        defer { leave() }
        return try await body()
    }

    /// Tells how an exchange went.
    func report(overloaded: Bool) {
        let resumed = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            if overloaded {
                state.limit = max(1, state.limit / 2)
                state.lastChange = now()
            } else if state.limit < maximum, now() - state.lastChange >= .seconds(10) {
                state.limit += 1
                state.lastChange = now()
            }
            return Self.admit(&state)
        }
        for continuation in resumed { continuation.resume() }
    }

    private func enter() async throws {
        let ticket = state.withLock { state -> Int in
            state.nextTicket += 1
            return state.nextTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                let admitted = state.withLock { state -> Bool? in
                    if Task.isCancelled { return nil }
                    if state.inFlight < state.limit, state.waiting.isEmpty {
                        state.inFlight += 1
                        return true
                    }
                    state.waiting.append((ticket, continuation))
                    return false
                }
                switch admitted {
                case true: continuation.resume()
                case nil: continuation.resume(throwing: CancellationError())
                default: break
                }
            }
        } onCancel: {
            let cancelled = state.withLock { state -> CheckedContinuation<Void, any Error>? in
                guard let place = state.waiting.firstIndex(where: { $0.ticket == ticket }) else { return nil }
                return state.waiting.remove(at: place).continuation
            }
            cancelled?.resume(throwing: CancellationError())
        }
    }

    private func leave() {
        let resumed = state.withLock { state -> [CheckedContinuation<Void, any Error>] in
            state.inFlight -= 1
            return Self.admit(&state)
        }
        for continuation in resumed { continuation.resume() }
    }

    private static func admit(_ state: inout State) -> [CheckedContinuation<Void, any Error>] {
        var admitted: [CheckedContinuation<Void, any Error>] = []
        while state.inFlight < state.limit, !state.waiting.isEmpty {
            admitted.append(state.waiting.removeFirst().continuation)
            state.inFlight += 1
        }
        return admitted
    }
}
