// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CMicrohttpd
import Synchronization

/// One request and its response.
///
/// The library's threads, the handler's task and the hang-up monitor all touch it, so all state is behind one lock;
/// suspending and resuming happen under it too, because a connection must not be resumed that was not suspended.
final class Exchange: Sendable {
    private enum Phase {
        case receiving
        case handling
        case answered(HTTPResponse)
        case sending
    }

    private struct State {
        var connection: Connection?
        var method = ""
        var headers = HTTPHeaders()
        var body: [UInt8] = []
        var isTooLarge = false
        var phase = Phase.receiving
        var isSuspended = false
        var isStopping = false
        var task: Task<Void, Never>?
        // The streamed body: what was written and not yet read, and how it ends.
        var pending: [UInt8] = []
        var offset = 0
        var end: Int?

        mutating func resume() {
            guard isSuspended else { return }
            isSuspended = false
            connection?.resume()
        }

        mutating func suspend() {
            guard let connection else { return }
            isSuspended = true
            connection.suspend()
        }
    }

    private let target: String
    private let registry: ExchangeRegistry
    private let state = Mutex(State())

    init(target: String, registry: ExchangeRegistry) {
        self.target = target
        self.registry = registry
    }

    // MARK: What the library's thread does

    func proceed(connection: Connection, method: UnsafePointer<CChar>, upload: UnsafeRawBufferPointer) -> MHD_Result {
        let limit = registry.bodyLimit
        if state.withLock({ $0.connection == nil }) {
            return begin(connection, method: String(cString: method), limit: limit)
        }
        if upload.count > 0 {
            state.withLock { state in
                state.isTooLarge = state.isTooLarge || state.body.count + upload.count > limit
                if state.isTooLarge { state.body = [] } else { state.body.append(contentsOf: upload) }
            }
            return .YES
        }
        let request = state.withLock { state -> HTTPRequest? in
            guard case .receiving = state.phase else { return nil }
            state.phase = state.isTooLarge ? .answered(registry.bodyTooLarge) : .handling
            defer { state.body = [] }
            return HTTPRequest(method: state.method, target: target, headers: state.headers, body: state.body)
        }
        if let request, !state.withLock({ $0.isTooLarge }) { handle(request) }
        return answerOrWait()
    }

    private func begin(_ connection: Connection, method: String, limit: Int) -> MHD_Result {
        let headers = connection.headers
        let length = headers["Content-Length"].flatMap { Int($0) } ?? 0
        registry.add(self)
        state.withLock { state in
            state.connection = connection
            state.method = method
            state.headers = headers
            state.isTooLarge = length > limit
        }
        // A client that is still sending when the connection closes may never see the answer: what is not absurdly long is
        // read to its end, and thrown away.
        guard length > max(limit, Self.patience) else { return .YES }
        return send(registry.bodyTooLarge, over: connection)
    }

    private static let stopping = HTTPResponse.text("the server is stopping\n", status: 503)

    /// The longest body that is read only to be refused, in bytes.
    private static let patience = 64 << 20

    private func handle(_ request: HTTPRequest) {
        let handler = registry.handler
        // Immediate: most answers need no waiting, and are then given without leaving this thread.
        let task = Task.immediate { [self] in answer(await handler(request)) }
        state.withLock { $0.task = task }
    }

    private func answerOrWait() -> MHD_Result {
        let ready = state.withLock { state -> (HTTPResponse, Connection)? in
            switch state.phase {
            case .answered(let response):
                state.phase = .sending
                return state.connection.map { (response, $0) }
            case .handling:
                // The library aborts when a connection is suspended while it stops.
                if state.isStopping, let connection = state.connection {
                    state.phase = .sending
                    return (Self.stopping, connection)
                }
                state.suspend()
                return nil
            case .receiving, .sending: return nil
            }
        }
        guard let (response, connection) = ready else { return .YES }
        return send(response, over: connection)
    }

    private func send(_ response: HTTPResponse, over connection: Connection) -> MHD_Result {
        switch response.body {
        case .bytes(let bytes): return connection.send(response, bytes: bytes)
        case .dropped: return .NO
        case .stream(let produce):
            let result = connection.send(response, from: self)
            let task = Task { [self] in
                await produce(HTTPBodyWriter(exchange: self))
                endStream(with: MHD_CONTENT_READER_END_OF_STREAM)
            }
            // The client, or the server, may have left meanwhile: then nobody would cancel the task later.
            let isOver = state.withLock { state in
                state.task = task
                return state.connection == nil || state.end != nil
            }
            if isOver { task.cancel() }
            return result
        }
    }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        state.withLock { state in
            let available = state.pending.count - state.offset
            guard available > 0 else {
                if let end = state.end {
                    if end == MHD_CONTENT_READER_END_WITH_ERROR { state.connection?.shutDown() }
                    return end
                }
                state.suspend()
                return 0
            }
            let count = min(available, buffer.count)
            buffer.copyBytes(from: state.pending[state.offset..<state.offset + count])
            state.offset += count
            if state.offset == state.pending.count {
                state.pending.removeAll(keepingCapacity: state.pending.count < 64 << 10)
                state.offset = 0
            }
            return count
        }
    }

    func complete() {
        let task = state.withLock { state in
            state.connection = nil
            state.isSuspended = false
            return state.task
        }
        task?.cancel()
        registry.remove(self)
    }

    // MARK: What the handler's and the producer's task do

    private func answer(_ response: HTTPResponse) {
        state.withLock { state in
            guard case .handling = state.phase else { return }
            state.phase = .answered(response)
            state.resume()
        }
    }

    func write(_ bytes: some Collection<UInt8>) {
        state.withLock { state in
            guard state.end == nil, state.connection != nil, !bytes.isEmpty else { return }
            state.pending.append(contentsOf: bytes)
            state.resume()
        }
    }

    func abortStream() { endStream(with: MHD_CONTENT_READER_END_WITH_ERROR) }

    private func endStream(with code: Int) {
        state.withLock { state in
            guard state.end == nil else { return }
            state.end = code
            state.resume()
        }
    }

    // MARK: What the monitor and the stop do

    /// Ends the exchange when its client has gone.
    func endIfAbandoned() {
        let task = state.withLock { state -> Task<Void, Never>? in
            guard state.isSuspended, state.connection?.isHungUp == true else { return nil }
            end(&state)
            return state.task
        }
        task?.cancel()
    }

    /// Ends the exchange as if the server had died.
    func drop() {
        let task = state.withLock { state in
            end(&state)
            return state.task
        }
        task?.cancel()
    }

    /// Ends the exchange because the server stops.
    func endForStop() {
        let task = state.withLock { state in
            state.isStopping = true
            if case .handling = state.phase {
                state.phase = .answered(Self.stopping)
            }
            if state.end == nil { state.end = MHD_CONTENT_READER_END_OF_STREAM }
            state.resume()
            return state.task
        }
        task?.cancel()
    }

    private func end(_ state: inout State) {
        if case .handling = state.phase { state.phase = .answered(.dropped) }
        state.end = MHD_CONTENT_READER_END_WITH_ERROR
        state.resume()
    }
}
