// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization

/// Something that can be shut: whoever wants to pass waits until it is opened.
final class Gate: Sendable {
    private struct State {
        var isShut = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Mutex(State())

    /// Keeps everybody waiting from now on.
    func shut() { state.withLock { $0.isShut = true } }

    /// Lets everybody pass.
    func open() {
        let waiting = state.withLock { state in
            defer { state = State() }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    /// How many wait.
    var count: Int { state.withLock { $0.waiting.count } }

    /// Returns once it is open.
    func pass() async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isOpen = state.withLock { state in
                if state.isShut { state.waiting.append(continuation) }
                return !state.isShut
            }
            if isOpen { continuation.resume() }
        }
    }
}

/// The network of a process that can be stopped, and that notices dead connections after a shorter time.
struct GatedTransport: HTTPTransport {
    let base: any HTTPTransport
    var gate: Gate?
    /// Shuts the gate before the first request for which it is so is sent: it is sent late.
    var stopsAt: @Sendable (HTTPRequest) -> Bool = { _ in false }
    /// How long a stream may be silent; nil for as long as the product allows.
    var patience: Duration?

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        if stopsAt(request) { gate?.shut() }
        await gate?.pass()
        return try await base.send(request)
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream {
        await gate?.pass()
        var request = request
        request.idleTimeout = patience ?? request.idleTimeout
        return try await base.stream(request)
    }
}
