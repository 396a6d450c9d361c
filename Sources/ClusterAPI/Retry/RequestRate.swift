// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Spreads requests to a server without priority and fairness: 50 per second after a burst of 100.
///
/// A server that sorts its callers itself (`X-Kubernetes-PF-FlowSchema-UID` in an answer) needs none of it.
final class RequestRate: Sendable {
    private struct State {
        var tokens: Double
        var filled: Duration
        var isServerSorting = false
    }

    private static let burst = 100.0
    private static let perSecond = 50.0

    private let state: Mutex<State>
    private let time: @Sendable () -> Duration

    init(now: @escaping @Sendable () -> Duration) {
        time = now
        state = Mutex(State(tokens: Self.burst, filled: now()))
    }

    /// Takes the right to send one request; the result is how long to wait before using it.
    func reserve() -> Duration {
        state.withLock { state in
            if state.isServerSorting { return .zero }
            let now = time()
            state.tokens = min(Self.burst, state.tokens + (now - state.filled) / .seconds(1) * Self.perSecond)
            state.filled = now
            state.tokens -= 1
            return state.tokens >= 0 ? .zero : .seconds(-state.tokens / Self.perSecond)
        }
    }

    /// Learns from an answer whether the server sorts its callers.
    func learn(from headers: HTTPFields) {
        guard headers["X-Kubernetes-PF-FlowSchema-UID"] != nil else { return }
        state.withLock { $0.isServerSorting = true }
    }
}
