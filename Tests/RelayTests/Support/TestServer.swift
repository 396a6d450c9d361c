// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Sockets

/// A TCP server of a test: each connection is handed to a closure on a thread of its own, and closed when nobody holds it.
final class TestServer: Sendable {
    let port: UInt16

    init(_ handle: @escaping @Sendable (Peer) throws -> Void) throws {
        let socket = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        port = socket.port
        let listener = socket.release()
        let isStarted = BlockingThread.start { [weak self] in
            while self != nil {
                var entry = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
                guard poll(&entry, 1, 100) > 0 else { continue }
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0 else { continue }
                _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
                let peer = Peer(descriptor)
                // A handler that throws has seen its client leave, which is for the client to judge.
                _ = BlockingThread.start { try? handle(peer) }
            }
            close(listener)
        }
        guard isStarted else { throw TestFailure("no thread can be had") }
    }

    /// Sends back whatever comes.
    static func echo() throws -> TestServer {
        try TestServer { peer in
            while case let bytes = try peer.receive(), !bytes.isEmpty { try peer.send(bytes) }
        }
    }

    /// A port of this machine at which nobody listens.
    static func freePort() throws -> UInt16 { try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0)).port }
}
