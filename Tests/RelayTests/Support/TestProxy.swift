// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Dispatch
import Processes
import Synchronization

/// A proxy that can do what real ones do only when they are broken.
final class TestProxy: Sendable {
    /// What it does about a CONNECT.
    enum Behaviour: Sendable {
        /// Tunnels to a port of this machine, whatever was asked for.
        case tunnel(to: UInt16)
        /// Tunnels for who knows the login, `user:password`; others get a 407, and are then hung up on or not.
        case login(String, to: UInt16, hangsUp: Bool)
        /// Sends this and hangs up.
        case answer(String)
        /// Never answers.
        case silence
    }

    private final class State: Sendable {
        let requests = Mutex<[String]>([])
        let behaviour: Mutex<Behaviour>
        let open = Atomic<Int>(0)
        init(_ behaviour: Behaviour) { self.behaviour = Mutex(behaviour) }
    }

    private let state: State
    private let server: TestServer

    init(_ behaviour: Behaviour) throws {
        let state = State(behaviour)
        self.state = state
        server = try TestServer { peer in
            state.open.wrappingAdd(1, ordering: .relaxed)
            defer { state.open.wrappingSubtract(1, ordering: .relaxed) }
            try Self.serve(peer, state)
        }
    }

    var port: UInt16 { server.port }
    /// The heads of all requests so far.
    var requests: [String] { state.requests.withLock { $0 } }
    /// The connections that are open.
    var connections: Int { state.open.load(ordering: .relaxed) }

    func change(to behaviour: Behaviour) { state.behaviour.withLock { $0 = behaviour } }

    private static func serve(_ peer: Peer, _ state: State) throws {
        while true {
            let head = try peer.receiveHead()
            state.requests.withLock { $0.append(head) }
            switch state.behaviour.withLock({ $0 }) {
            case .tunnel(let port): return try tunnel(peer, to: port)
            case .login(let login, let port, let hangsUp):
                let proof = "Proxy-Authorization: Basic \(Base64.encode(login.utf8))\r\n"
                if head.contains(proof) { return try tunnel(peer, to: port) }
                let end = hangsUp ? "Connection: close\r\n\r\n" : "Content-Length: 0\r\n\r\n"
                try peer.send(
                    "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\(end)")
                if hangsUp { return }
            case .answer(let text): return try peer.send(text)
            case .silence:
                _ = try peer.receiveAll()
                return
            }
        }
    }

    private static func tunnel(_ peer: Peer, to port: UInt16) throws {
        let target = try Peer.connect(to: port)
        try peer.send("HTTP/1.1 200 OK\r\n\r\n")
        let done = DispatchSemaphore(value: 0)
        let isStarted = BlockingThread.start {
            copy(from: peer, to: target)
            done.signal()
        }
        copy(from: target, to: peer)
        if isStarted { done.wait() }
    }

    private static func copy(from source: Peer, to destination: Peer) {
        do {
            while case let bytes = try source.receive(), !bytes.isEmpty { try destination.send(bytes) }
            destination.endSending()
        } catch {
            // As a proxy does: what breaks on one side breaks on the other.
            destination.reset()
        }
    }
}
