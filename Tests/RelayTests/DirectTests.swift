// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Relay
import Sockets
import Testing
import Values

/// Without a proxy: what is passed on, and how ends and failures are.
@Suite(.timeLimit(.minutes(1)))
struct DirectTests {
    @Test func `bytes arrive untouched in both directions`() async throws {
        let target = try TestServer.echo()
        try await TestRelay(to: target.port).run { relay in
            let text = String(decoding: (0..<100_000).map { UInt8($0 % 96 + 32) }, as: UTF8.self)
            #expect(try await relay.echo(text) == text)
            let closed = try await relay.event("connection closed")
            #expect(closed["bytesToTarget"]?.int == 100_000)
            #expect(closed["bytesToClient"]?.int == 100_000)
            #expect(relay.metric("iflearnerctl_relay_connections_opened_total") == 1)
            #expect(relay.metric("iflearnerctl_relay_bytes_total{direction=\"to_target\"}") == 100_000)
            try await eventually("the end of the connection") { relay.relay.connections == 0 }
        }
    }

    @Test func `each port leads to its own target`() async throws {
        let targets = try (0..<3).map { number in try TestServer { try $0.send("\(number)") } }
        let names = targets.map { HostPort(host: "127.0.0.1", port: $0.port) }
        try await TestRelay(to: names).run { relay in
            for rule in 0..<3 {
                let client = try relay.connect(rule)
                #expect(try await blocking { try client.receive(exactly: 1) } == "\(rule)")
            }
        }
    }

    @Test func `a client that has ended its side still gets its answer`() async throws {
        let target = try TestServer { peer in
            // The answer depends on the end, so it can only come after it.
            let request = try peer.receiveAll()
            try peer.send("\(request.count) bytes")
        }
        try await TestRelay(to: target.port).run { relay in
            let answer = try await relay.echo("hello")
            #expect(answer == "5 bytes")
        }
    }

    @Test func `a target that has ended its side still gets what the client sends`() async throws {
        let (received, continuation) = AsyncStream<[UInt8]>.makeStream()
        let target = try TestServer { peer in
            try peer.send("bye")
            peer.endSending()
            continuation.yield(try peer.receiveAll())
        }
        try await TestRelay(to: target.port).run { relay in
            let client = try relay.connect()
            let said = try await blocking {
                let said = try client.receiveAll()
                try client.send("one more thing")
                client.endSending()
                return said
            }
            #expect(String(decoding: said, as: UTF8.self) == "bye")
            var iterator = received.makeAsyncIterator()
            #expect(await iterator.next().map { String(decoding: $0, as: UTF8.self) } == "one more thing")
            _ = try await relay.event("connection closed")
        }
    }

    @Test func `a target that breaks resets the client, which first gets what was sent before`() async throws {
        let target = try TestServer { peer in
            try peer.send("half a mes")
            _ = try peer.receive(exactly: 1)
            peer.reset()
        }
        try await TestRelay(to: target.port).run { relay in
            let client = try relay.connect()
            let (text, isReset) = try await blocking {
                let text = try client.receive(exactly: 10)
                try client.send("x")
                return (text, try client.endsWithReset())
            }
            #expect(text == "half a mes")
            #expect(isReset)
            let failed = try await relay.event("connection failed")
            #expect(failed["reason"]?.string == "target_broken")
            #expect(relay.failures("target_broken") == 1)
        }
    }

    @Test func `a client that breaks resets its target and nobody else`() async throws {
        let (ends, continuation) = AsyncStream<Bool>.makeStream()
        let target = try TestServer { peer in
            _ = try peer.receive(exactly: 1)
            continuation.yield(try peer.endsWithReset())
        }
        try await TestRelay(to: target.port).run { relay in
            let bystander = try relay.connect()
            let client = try relay.connect()
            try client.send("x")
            try await eventually("the tunnels") { relay.metric("iflearnerctl_relay_connections_opened_total") == 2 }
            client.reset()
            var iterator = ends.makeAsyncIterator()
            #expect(await iterator.next() == true)
            #expect(try await relay.event("connection failed")["reason"]?.string == "client_broken")
            #expect(relay.relay.connections == 1)
            try bystander.send("x")
            bystander.endSending()
            #expect(await iterator.next() == false)
        }
    }

    @Test func `a client that has closed and gets more is no failure, and its target is reset`() async throws {
        let (ends, continuation) = AsyncStream<Bool>.makeStream()
        let target = try TestServer { peer in
            _ = try peer.receiveAll()
            // The relay's next write to the client that has gone is answered with a reset.
            do {
                while true { try peer.send(Array(repeating: 1, count: 1 << 16)) }
            } catch { continuation.yield(true) }
        }
        try await TestRelay(to: target.port).run { relay in
            let client = try relay.connect()
            try client.send("x")
            client.close()
            var iterator = ends.makeAsyncIterator()
            #expect(await iterator.next() == true)
            _ = try await relay.event("connection closed")
            #expect(try relay.events("connection failed").isEmpty)
        }
    }

    @Test func `a target that refuses resets the client and says so`() async throws {
        let port = try TestServer.freePort()
        try await TestRelay(to: port).run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["level"]?.string == "warn")
            #expect(failed["reason"]?.string == "target_unreachable")
            #expect(failed["error"]?.string == "the target 127.0.0.1:\(port) refused the connection")
            #expect(failed["port"]?.int == Int64(relay.relay.rules[0].address.port))
            #expect(relay.failures("target_unreachable") == 1)
        }
    }

    @Test func `a target without an address is told`() async throws {
        try await TestRelay(to: [HostPort(host: "fl.coord.invalid", port: 443)]).run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "target_unknown")
            let error = try #require(failed["error"]?.string)
            #expect(error == "the host name of the target fl.coord.invalid:443 has no address")
        }
    }

    @Test func `a target that does not answer is given up in time`() async throws {
        // TEST-NET-1 leads nowhere; where a network refuses it at once, that is told instead.
        try await TestRelay(to: [HostPort(host: "192.0.2.1", port: 443)]) { configuration in
            configuration.connectTimeout = .milliseconds(300)
        }.run { relay in
            let client = try relay.connect()
            #expect(try await blocking { try client.endsWithReset() })
            let reason = try await relay.event("connection failed")["reason"]?.string
            #expect(reason == "timeout" || reason == "target_unreachable")
        }
    }

    @Test func `a port in use is an error that names its flag`() throws {
        let taken = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
        let rule = ListenRule(ListenAddress(host: "127.0.0.1", port: taken.port), to: HostPort(host: "a", port: 1))
        let error = #expect(throws: RelayError.self) { _ = try Relay(RelayConfiguration([rule])) }
        #expect(error?.message == "cannot listen on 127.0.0.1:\(taken.port): the port is in use")
        #expect(error?.hint == "it is asked for by --listen 127.0.0.1:\(taken.port)=a:1")
    }
}
