// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Processes
import Relay
import Sockets
import Testing
import Values

/// How a relay ends, and what probes see of it.
@Suite(.timeLimit(.minutes(1)))
struct EndingTests {
    private func status(_ relay: TestRelay, _ path: String, method: String = "GET") -> Int {
        relay.relay.answer(HTTPRequest(method: method, target: path)).status
    }

    @Test func `after the first request nothing is accepted and open connections go on to their end`() async throws {
        let server = try TestServer.echo()
        let relay = try TestRelay(to: server.port)
        let client = try relay.connect()
        try client.send("a")
        #expect(try await blocking { try client.receive(exactly: 1) } == "a")
        #expect(status(relay, "/readyz") == 200)
        let (requests, continuation) = AsyncStream<Int>.makeStream()
        async let ending = relay.relay.run(endingOn: requests, gracePeriod: .seconds(3600))
        continuation.yield(1)
        #expect(try await relay.event("draining")["connections"]?.int == 1)
        try await eventually("the closed port") {
            do {
                try relay.connect().close()
                return false
            } catch { return true }
        }
        #expect(status(relay, "/readyz") == 503)
        #expect(status(relay, "/healthz") == 200)
        try client.send("b")
        #expect(try await blocking { try client.receive(exactly: 1) } == "b")
        client.close()
        #expect(await ending == .drained)
    }

    @Test func `a second request cuts what is still open`() async throws {
        let server = try TestServer.echo()
        let relay = try TestRelay(to: server.port)
        let client = try relay.connect()
        try client.send("a")
        #expect(try await blocking { try client.receive(exactly: 1) } == "a")
        let (requests, continuation) = AsyncStream<Int>.makeStream()
        async let ending = relay.relay.run(endingOn: requests, gracePeriod: .seconds(3600))
        continuation.yield(1)
        _ = try await relay.event("draining")
        continuation.yield(2)
        #expect(await ending == .cut(1, by: 2))
        #expect(try await blocking { try client.endsWithReset() })
        #expect(relay.failures("stopped") == 1)
    }

    @Test func `what is open when the time is up is cut`() async throws {
        let server = try TestServer.echo()
        let (gate, opening) = AsyncStream<Void>.makeStream()
        var time = TimeSource.system
        time.sleep = { duration in
            #expect(duration == .seconds(3600))
            for await _ in gate {}
            try Task.checkCancellation()
        }
        let relay = try TestRelay(to: server.port, time: time)
        let client = try relay.connect()
        try client.send("a")
        #expect(try await blocking { try client.receive(exactly: 1) } == "a")
        let (requests, continuation) = AsyncStream<Int>.makeStream()
        async let ending = relay.relay.run(endingOn: requests, gracePeriod: .seconds(3600))
        continuation.yield(1)
        _ = try await relay.event("draining")
        #expect(relay.relay.connections == 1)
        opening.finish()
        #expect(await ending == .cut(1, by: nil))
        #expect(try await blocking { try client.endsWithReset() })
    }

    @Test func `a relay that waits for a proxy ends at once when told so`() async throws {
        let proxy = try TestProxy(.silence)
        let relay = try TestRelay(to: [HostPort(host: "fl.coord.example", port: 443)]) { $0.useProxy(proxy.port) }
        let client = try relay.connect()
        try await eventually("the request") { proxy.requests.count == 1 }
        await relay.relay.stop()
        #expect(relay.relay.connections == 0)
        #expect(try await blocking { try client.endsWithReset() })
    }

    @Test func `a relay that nobody holds any more closes its ports`() async throws {
        let server = try TestServer.echo()
        var relay: TestRelay? = try TestRelay(to: server.port)
        let port = try #require(relay?.relay.rules[0].address.port)
        relay = nil
        try await eventually("the closed port") {
            do {
                try Peer.connect(to: port).close()
                return false
            } catch { return true }
        }
    }

    @Test func `probes and metrics are answered, and nothing else`() async throws {
        let server = try TestServer.echo()
        try await TestRelay(to: server.port).run { relay in
            #expect(status(relay, "/healthz") == 200)
            #expect(status(relay, "/metrics?x=1") == 200)
            #expect(status(relay, "/") == 404)
            #expect(status(relay, "/healthz", method: "POST") == 405)
            #expect(relay.metric("iflearnerctl_relay_accepting") == 1)
            #expect(relay.failures("timeout") == 0)
        }
    }
}
