// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization

/// A transport whose process dies at one request: from then on nothing goes out any more.
final class CrashingTransport: HTTPTransport {
    /// What the dead process gets; nothing in the product knows it, so nothing tries again.
    struct Dead: Error {}

    /// Whether the last request still reaches the server.
    enum Moment: String, CaseIterable, Sendable {
        /// The process dies before it sends.
        case before
        /// The server does what was asked, and nobody hears the answer.
        case after
    }

    private struct State {
        var count = 0
        var isDead = false
        var onDeath: (@Sendable () -> Void)?
    }

    private let base: any HTTPTransport
    private let index: Int
    private let moment: Moment
    private let state: Mutex<State>

    /// Dies at the request of this number, from 1.
    init(_ base: any HTTPTransport, at index: Int, _ moment: Moment) {
        self.base = base
        self.index = index
        self.moment = moment
        state = Mutex(State())
    }

    /// How many requests went out.
    var count: Int { state.withLock(\.count) }
    /// Whether it has died.
    var isDead: Bool { state.withLock(\.isDead) }

    /// What to do at the death.
    func onDeath(_ action: @escaping @Sendable () -> Void) {
        let isDead = state.withLock { state in
            state.onDeath = action
            return state.isDead
        }
        if isDead { action() }
    }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let (isLast, isDead) = state.withLock { state in
            state.count += 1
            let isLast = !state.isDead && state.count == index
            if isLast { state.isDead = true }
            return (isLast, state.isDead)
        }
        guard isDead else { return try await base.send(request) }
        if isLast {
            if moment == .after { _ = try await base.send(request) }
            state.withLock(\.onDeath)?()
        }
        throw Dead()
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        if isDead { throw Dead() }
        return try await base.stream(request)
    }
}
