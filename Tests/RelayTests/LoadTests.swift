// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Relay
import Testing
import Values

/// Much at once: large transfers, slow readers, many connections, and the limit.
@Suite(.timeLimit(.minutes(2)))
struct LoadTests {
    /// Bytes that do not repeat within any buffer.
    private static func bytes(_ count: Int) -> [UInt8] {
        var state: UInt32 = 1
        return (0..<count).map { _ in
            state = state &* 1_664_525 &+ 1_013_904_223
            return UInt8(truncatingIfNeeded: state >> 24)
        }
    }

    @Test(arguments: [true, false])
    func `64 MiB to a slow reader wait at the sender and arrive whole`(usesProxy: Bool) async throws {
        let size = 64 << 20
        let chunk = Self.bytes(1 << 20)
        let (reads, start) = AsyncStream<Peer>.makeStream()
        // The target only hands its connection over: who reads is the test.
        let target = try TestServer { peer in start.yield(peer) }
        let proxy = try TestProxy(.tunnel(to: target.port))
        try await TestRelay(to: target.port) { if usesProxy { $0.useProxy(proxy.port) } }.run { relay in
            let client = try relay.connect()
            var iterator = reads.makeAsyncIterator()
            let reader = try #require(await iterator.next())
            let stuck = try await blocking { client.sendUntilStuck(chunk, limit: size) }
            // What the kernels of the sockets in between take, and 64 KiB of the relay.
            #expect(stuck < size / 2)
            let before = try #require(relay.metric("iflearnerctl_relay_bytes_total{direction=\"to_target\"}"))
            #expect(before <= stuck)
            async let sending: Void = blocking {
                var sent = stuck
                while sent < size {
                    let offset = sent % chunk.count
                    let part = chunk[offset..<min(chunk.count, offset + size - sent)]
                    try client.send(part)
                    sent += part.count
                }
                client.endSending()
            }
            let received = try await blocking { try reader.receiveAll() }
            try await sending
            #expect(received.count == size)
            reader.close()
            _ = try await relay.event("connection closed")
        }
    }

    @Test func `a large transfer arrives byte for byte in both directions at once`() async throws {
        let part = Self.bytes(1_000_003)
        let payload = (0..<16).reduce(into: [UInt8]()) { payload, _ in payload += part }
        let target = try TestServer.echo()
        try await TestRelay(to: target.port).run { relay in
            let client = try relay.connect()
            async let sending: Void = blocking {
                try client.send(payload)
                client.endSending()
            }
            let received = try await blocking { try client.receiveAll() }
            try await sending
            #expect(Digest.sha256.hex(received) == Digest.sha256.hex(payload))
        }
    }

    @Test func `two hundred connections at once are each their own`() async throws {
        let server = try TestServer.echo()
        let proxy = try TestProxy(.tunnel(to: server.port))
        try await TestRelay(to: [HostPort(host: "fl.coord.example", port: 443)]) { $0.useProxy(proxy.port) }
            .run { relay in
                let clients = try (0..<200).map { _ in try relay.connect() }
                try await eventually("the tunnels") {
                    relay.metric("iflearnerctl_relay_connections_opened_total") == 200
                }
                #expect(relay.metric("iflearnerctl_relay_connections_active") == 200)
                let answers = try await blocking {
                    for (number, client) in clients.enumerated() { try client.send("client \(1000 + number)") }
                    return try clients.map { try $0.receive(exactly: 11) }
                }
                #expect(answers == (0..<200).map { "client \(1000 + $0)" })
                for client in clients { client.close() }
                try await eventually("the end of all") { relay.relay.connections == 0 }
                #expect(try relay.events("connection failed").isEmpty)
            }
    }

    @Test func `connections beyond the limit are reset and counted, and there is room again later`() async throws {
        let server = try TestServer.echo()
        try await TestRelay(to: server.port) { $0.connectionLimit = 2 }.run { relay in
            let clients = try (0..<2).map { _ in try relay.connect() }
            try await eventually("the tunnels") { relay.metric("iflearnerctl_relay_connections_opened_total") == 2 }
            let third = try relay.connect()
            #expect(try await blocking { try third.endsWithReset() })
            #expect(relay.failures("limit") == 1)
            let failed = try await relay.event("connection failed")
            #expect(failed["error"]?.string == "2 connections are open, which is the limit")
            clients[0].close()
            try await eventually("room") { relay.relay.connections == 1 }
            #expect(try await relay.echo("hello") == "hello")
            try clients[1].send("still")
            #expect(try await blocking { try clients[1].receive(exactly: 5) } == "still")
        }
    }

    @Test func `more connections than the system allows files for are refused at the start`() throws {
        let error = #expect(throws: RelayError.self) {
            _ = try TestRelay(to: 1) { $0.connectionLimit = .max }
        }
        #expect(error?.message.contains("open files") == true)
    }
}
