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

    func add(_ exchange: Exchange) { state.withLock { $0.exchanges[ObjectIdentifier(exchange)] = exchange } }

    func remove(_ exchange: Exchange) { state.withLock { $0.exchanges[ObjectIdentifier(exchange)] = nil } }

    func endAbandoned() { for exchange in current { exchange.endIfAbandoned() } }

    func endAll() { for exchange in current { exchange.endForStop() } }

    func dropAll() { for exchange in current { exchange.drop() } }

    private var current: [Exchange] { state.withLock { Array($0.exchanges.values) } }
}
