// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The exchanges that go on, and what they share.
final class ExchangeRegistry: Sendable {
    let handler: HTTPServer.RequestHandler
    let bodyLimit: Int
    let bodyTooLarge: HTTPResponse
    private let state = Mutex(State())

    private struct State {
        var exchanges: [ObjectIdentifier: Exchange] = [:]
        var isStopping = false
    }

    init(_ configuration: HTTPServer.Configuration, handler: @escaping HTTPServer.RequestHandler) {
        self.handler = handler
        bodyLimit = configuration.bodyLimit
        bodyTooLarge = configuration.bodyTooLarge
    }

    var isEmpty: Bool { state.withLock { $0.exchanges.isEmpty } }

    /// Takes an exchange in; one that comes over an old connection while the server stops ends at once.
    func add(_ exchange: Exchange) {
        let isStopping = state.withLock { state in
            state.exchanges[ObjectIdentifier(exchange)] = exchange
            return state.isStopping
        }
        if isStopping { exchange.endForStop() }
    }

    func remove(_ exchange: Exchange) { state.withLock { $0.exchanges[ObjectIdentifier(exchange)] = nil } }

    func endAbandoned() { for exchange in current { exchange.endIfAbandoned() } }

    func endAll() {
        state.withLock { $0.isStopping = true }
        for exchange in current { exchange.endForStop() }
    }

    func dropAll() { for exchange in current { exchange.drop() } }

    private var current: [Exchange] { state.withLock { Array($0.exchanges.values) } }
}
