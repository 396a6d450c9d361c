// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Curl
import Relay
import Testing
import Values

/// Through a proxy: what it is asked, and what is said when it does not do it.
@Suite(.timeLimit(.minutes(1)))
struct ProxyTests {
    private let target = HostPort(host: "fl.coord.example", port: 443)

    /// Connects once and gives what the relay says about the failure.
    private func failure(
        _ behaviour: TestProxy.Behaviour, to target: HostPort? = nil,
        change: (inout RelayConfiguration) throws -> Void = { _ in }
    ) async throws -> Value {
        let proxy = try TestProxy(behaviour)
        return try await TestRelay(to: [target ?? self.target]) { configuration in
            configuration.useProxy(proxy.port)
            try change(&configuration)
        }.run { relay in
            let event = try await relay.failedConnection()
            #expect(relay.failures(event["reason"]?.string ?? "") == 1)
            try await eventually("the end at the proxy") { proxy.connections == 0 }
            let text = event["error"]?.string?.replacing("127.0.0.1:\(proxy.port)", with: "proxy:3128") ?? ""
            return ["reason": event["reason"] ?? .null, "error": .string(text), "hint": event["hint"] ?? .null]
        }
    }

    @Test func `the proxy is asked for the target by name, and nothing else`() async throws {
        let server = try TestServer.echo()
        let proxy = try TestProxy(.tunnel(to: server.port))
        try await TestRelay(to: [target]) { configuration in
            configuration.useProxy(proxy.port)
            configuration.userAgent = "iflearnerctl/1"
        }.run { relay in
            #expect(try await relay.echo("hello") == "hello")
            #expect(
                proxy.requests == [
                    "CONNECT fl.coord.example:443 HTTP/1.1\r\nHost: fl.coord.example:443\r\n"
                        + "User-Agent: iflearnerctl/1\r\nProxy-Connection: Keep-Alive\r\n\r\n"
                ])
            #expect(try await relay.event("connection opened")["via"]?.string == "http://127.0.0.1:\(proxy.port)")
            try await eventually("the end at the proxy") { proxy.connections == 0 }
        }
    }

    @Test func `what a target says first arrives, even with the proxy's answer`() async throws {
        let proxy = try TestProxy(.answer("HTTP/1.1 200 OK\r\nX-Proxy: yes\r\n\r\n220 hello"))
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port) }.run { relay in
            let client = try relay.connect()
            #expect(try await blocking { try client.receiveAll() } == Array("220 hello".utf8))
        }
    }

    @Test func `a port that the proxy does not allow is told with the remedy`() async throws {
        let failed = try await failure(
            .answer("HTTP/1.1 403 Forbidden\r\n\r\n"), to: HostPort(host: "fl.coord.example", port: 30031))
        #expect(failed["reason"]?.string == "proxy_denied")
        #expect(
            failed["error"]?.string == "proxy proxy:3128 answered 403 Forbidden to CONNECT fl.coord.example:30031")
        #expect(failed["hint"]?.string == "the proxy does not allow this port; ask for it, or use port 443")
    }

    @Test func `a host that the proxy does not allow is told with the remedy`() async throws {
        let failed = try await failure(.answer("HTTP/1.1 403 Nope \u{1B}[31m\r\n\r\n"))
        #expect(failed["error"]?.string == "proxy proxy:3128 answered 403 Nope [31m to CONNECT fl.coord.example:443")
        #expect(failed["hint"]?.string == "the proxy does not allow this host; ask for it")
    }

    @Test func `a proxy that wants a login is told how to give one`() async throws {
        let failed = try await failure(.login("a:b", to: 1, hangsUp: true))
        #expect(failed["reason"]?.string == "proxy_login")
        #expect(failed["error"]?.string?.hasSuffix("to CONNECT fl.coord.example:443: it wants a login (Basic)") == true)
        #expect(
            failed["hint"]?.string
                == "name a folder with the files username and password with --proxy-credentials-dir")
    }

    @Test func `a proxy that wants a kind of login we do not have is told`() async throws {
        let answer = "HTTP/1.1 407 Login\r\nProxy-Authenticate: Negotiate\r\nConnection: close\r\n\r\n"
        let failed = try await failure(.answer(answer))
        #expect(failed["error"]?.string?.contains("it wants a login (Negotiate)") == true)
        #expect(failed["hint"]?.string?.contains("Basic, Digest and NTLM") == true)
    }

    @Test(arguments: [
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n", "target_unreachable", "it cannot reach the target"),
        ("HTTP/1.1 405 Method Not Allowed\r\n\r\n", "proxy_denied", "it does not know CONNECT"),
        ("HTTP/1.1 302 Found\r\nLocation: http://portal/\r\n\r\n", "proxy_denied", "answered 302 Found"),
        ("HTTP/1.1 200", "proxy_broken", "proxy proxy:3128"),
        ("SSH-2.0-OpenSSH_9.2\r\n\r\n", "proxy_broken", "gave no answer of HTTP to CONNECT"),
        ("\u{16}\u{3}\u{1}", "proxy_broken", "gave no answer of HTTP to CONNECT"),
        ("", "proxy_broken", "gave no answer of HTTP to CONNECT"),
    ])
    func `an answer that is no tunnel is told`(answer: String, reason: String, error: String) async throws {
        let failed = try await failure(.answer(answer))
        #expect(failed["reason"]?.string == reason)
        let text = try #require(failed["error"]?.string)
        #expect(text.contains(error))
    }

    @Test func `a proxy that does not answer is given up in time`() async throws {
        let failed = try await failure(.silence) { $0.connectTimeout = .milliseconds(300) }
        #expect(failed["reason"]?.string == "timeout")
        #expect(
            failed["error"]?.string == "proxy proxy:3128 did not answer CONNECT fl.coord.example:443 within 0.3s")
    }

    @Test func `a proxy that is down is told, and not taken for the target`() async throws {
        let port = try TestServer.freePort()
        try await TestRelay(to: [target]) { $0.useProxy(port) }.run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "proxy_unreachable")
            #expect(failed["error"]?.string == "proxy 127.0.0.1:\(port) refused the connection")
        }
    }

    @Test func `a proxy without an address is told`() async throws {
        try await TestRelay(to: [target]) { configuration in
            configuration.proxy = try ProxyURL("http://proxy.invalid:3128")
        }.run { relay in
            let failed = try await relay.failedConnection()
            #expect(failed["reason"]?.string == "proxy_unknown")
            #expect(failed["error"]?.string == "the host name of proxy proxy.invalid:3128 has no address")
        }
    }

    @Test func `exempt targets are reached without the proxy`() async throws {
        let server = try TestServer.echo()
        let proxy = try TestProxy(.answer("HTTP/1.1 403 Forbidden\r\n\r\n"))
        let targets = [HostPort(host: "127.0.0.1", port: server.port), target]
        try await TestRelay(to: targets) { configuration in
            configuration.useProxy(proxy.port)
            configuration.exemptions = ProxyExemptions(".klinik.local,127.0.0.0/8")
        }.run { relay in
            #expect(try await relay.echo("hello") == "hello")
            #expect(try await relay.event("connection opened")["via"]?.string == "direct")
            #expect(proxy.requests.isEmpty)
            let client = try relay.connect(1)
            #expect(try await blocking { try client.endsWithReset() })
            #expect(proxy.requests.count == 1)
        }
    }

    @Test func `a client that leaves before the tunnel is there frees the proxy`() async throws {
        let proxy = try TestProxy(.silence)
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port) }.run { relay in
            let client = try relay.connect()
            try await eventually("the request") { proxy.requests.count == 1 }
            client.reset()
            try await eventually("the end at the proxy") { proxy.connections == 0 }
            #expect(try await relay.event("connection failed")["reason"]?.string == "client_gone")
        }
    }

    @Test func `a failure of one connection is none of another`() async throws {
        let server = try TestServer.echo()
        let proxy = try TestProxy(.tunnel(to: server.port))
        try await TestRelay(to: [target]) { $0.useProxy(proxy.port) }.run { relay in
            let good = try relay.connect()
            try good.send("a")
            #expect(try await blocking { try good.receive(exactly: 1) } == "a")
            for answer in ["HTTP/1.1 503 Busy\r\n\r\n", "", "garbage\r\n\r\n"] {
                proxy.change(to: .answer(answer))
                let bad = try relay.connect()
                #expect(try await blocking { try bad.endsWithReset() })
            }
            try good.send("b")
            #expect(try await blocking { try good.receive(exactly: 1) } == "b")
            proxy.change(to: .tunnel(to: server.port))
            #expect(try await relay.echo("c") == "c")
        }
    }
}
