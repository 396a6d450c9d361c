// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import HTTPServer
import Processes
import Testing
import Values

/// The relay as its pod runs it.
@Suite(.timeLimit(.minutes(2)))
struct RelayTests {
    /// A relay in a process of its own.
    private struct Running {
        let child: ChildProcess
        let errors: AnonymousFile
        let port: Int
        let healthPort: Int

        /// Starts it on free ports before a server of this process; the environment names proxies that do not exist.
        static func start(before target: UInt16) async throws -> Running {
            let errors = try AnonymousFile()
            let dead = "http://127.0.0.1:1"
            let environment = ["http_proxy": dead, "https_proxy": dead, "HTTPS_PROXY": dead, "ALL_PROXY": dead]
            var command = Command(
                Program.path,
                [
                    "relay", "--listen", "127.0.0.1:0=127.0.0.1:\(target)", "--health-probe-bind-address",
                    "127.0.0.1:0",
                ], environment: environment)
            command.errors = .descriptor(errors.descriptor)
            let child = try command.spawn()
            let port = try await Self.port("listening", errors)
            return Running(
                child: child, errors: errors, port: port,
                healthPort: try await Self.port("serving probes and metrics", errors))
        }

        private static func port(_ message: String, _ errors: AnonymousFile) async throws -> Int {
            let address = try await event(message, errors)["address"]?.string ?? ""
            return try #require(address.split(separator: ":").last.flatMap { Int($0) })
        }

        /// A line of the log, once it is there.
        static func event(_ message: String, _ errors: AnonymousFile) async throws -> Value {
            let clock = ContinuousClock()
            let deadline = clock.now + .seconds(30)
            while true {
                for line in errors.text.split(separator: "\n") {
                    let event = try Value(json: String(line))
                    if event["msg"]?.string == message { return event }
                }
                try #require(clock.now < deadline, "no '\(message)': \(errors.text)")
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        func get(_ path: String, port: Int? = nil, over transport: CurlTransport? = nil) async throws -> String {
            let transport = try transport ?? client(port ?? self.port)
            let answer = try await transport.send(ClusterAPI::HTTPRequest(.get, path))
            return String(decoding: answer.body, as: UTF8.self)
        }

        func client(_ port: Int) throws -> CurlTransport {
            CurlTransport(ServerEndpoint(url: try ServerURL("http://127.0.0.1:\(port)")))
        }
    }

    private func server() throws -> HTTPServer {
        try HTTPServer(HTTPServer.Configuration()) { .text("hello \($0.target)") }
    }

    @Test func `a relay lets open connections go on when it is asked to end, and ends with them`() async throws {
        let server = try server()
        let relay = try await Running.start(before: server.port)
        #expect(try await relay.get("/readyz", port: relay.healthPort) == "ok\n")
        var client: CurlTransport? = try relay.client(relay.port)
        #expect(try await relay.get("/a", over: client) == "hello /a")
        relay.child.send(SIGTERM)
        #expect(try await Running.event("draining", relay.errors)["connections"]?.int == 1)
        #expect(try await relay.get("/b", over: client) == "hello /b")
        let metrics = try await relay.get("/metrics", port: relay.healthPort)
        #expect(metrics.contains("\niflearnerctl_relay_connections_opened_total 1\n"))
        #expect(metrics.contains("\niflearnerctl_relay_accepting 0\n"))
        client = nil
        #expect(await relay.child.wait() == .code(0))
        await server.stop()
    }

    @Test(arguments: [(SIGTERM, 143), (SIGINT, 130)] as [(Int32, Int32)])
    func `a second signal ends a relay at once`(signal: Int32, code: Int32) async throws {
        let server = try server()
        let relay = try await Running.start(before: server.port)
        let client = try relay.client(relay.port)
        #expect(try await relay.get("/a", over: client) == "hello /a")
        relay.child.send(SIGTERM)
        _ = try await Running.event("draining", relay.errors)
        relay.child.send(signal)
        #expect(await relay.child.wait() == .code(code))
        #expect(try await Running.event("ended", relay.errors)["connectionsCut"]?.int == 1)
        await #expect(throws: TransportError.self) { try await relay.get("/b", over: client) }
        await server.stop()
    }

    @Test(
        arguments: [
            ([], 64, "nothing to listen on"), (["--listen", "1=a"], 64, "the target 'a' has no port"),
            (["--listen", "1=a:1", "--listen", "1=b:1"], 64, "port 1 is asked for twice"),
            (["--listen", "1=a:1", "--proxy", "socks5://a:1"], 64, "--proxy must be http://HOST:PORT"),
            (["--listen", "1=a:1", "--proxy", "http://me:hunter2@a:1"], 64, "--proxy holds a login"),
            (["--listen", "1=a:1", "--proxy-credentials-dir", "/x"], 64, "--proxy-credentials-dir needs --proxy"),
            (["--listen", "1=a:1", "--proxy-ca-file", "/x"], 64, "--proxy-ca-file needs --proxy"),
            (
                ["--listen", "1=a:1", "--proxy", "http://a:1", "--proxy-ca-file", "/x"], 64,
                "--proxy-ca-file is for a proxy that is spoken to over TLS"
            ),
            (
                ["--listen", "0=a:1", "--proxy", "https://a:1", "--proxy-ca-file", "/nowhere/ca.crt"], 4,
                "cannot read /nowhere/ca.crt: no such file or directory"
            ),
            (["--listen", "1=a:1", "--max-connections", "0"], 64, "--max-connections must be 1 or more"),
            (
                ["--listen", "0=a:1", "--proxy", "http://a:1", "--proxy-credentials-dir", "/nowhere"], 4,
                "cannot read /nowhere/username: no such file or directory"
            ),
            (["--listen", "192.0.2.1:0=a:1"], 4, "this machine does not have the address"),
        ] as [([String], Int32, String)])
    func `what a relay cannot do is said before it starts`(
        arguments: [String], code: Int32, message: String
    ) async throws {
        let run = try await Program.run(["relay"] + arguments, environment: [:])
        expect(run, code: code, says: message)
        #expect(!run.says("hunter2"))
    }
}
