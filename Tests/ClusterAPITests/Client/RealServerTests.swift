// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Synchronization
import Testing
import Values

@Suite struct `The client over real HTTP` {
    private static let pod = ObjectKey(.pod, namespace: "fl", name: "a")
    private static let body = #"{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","resourceVersion":"5"}}"#

    /// Answers the first requests from a list, every later one well.
    private func server(_ answers: [Answer]) throws -> TestServer {
        let rest = Mutex(answers[...])
        return try TestServer(tls: true) { _ in rest.withLock { $0.popFirst() } ?? .json(Self.body) }
    }

    private func client(_ server: TestServer) -> ClusterClient {
        var policy = RetryPolicy().scaled(by: 20)
        policy.budget = .seconds(120)
        return ClusterClient(transport: CurlTransport(server.endpoint), retry: policy)
    }

    @Test func `a server that fails for a while is outlasted`() async throws {
        let status =
            #"{"kind":"Status","apiVersion":"v1","status":"Failure","message":"m","reason":"TooManyRequests","code":429}"#
        let server = try server([
            .json(status, status: 429), .text("upstream", status: 502), .text("<h1>", status: 503, type: "text/html"),
            .dropped,
            .stream { writer in
                writer.write(#"{"apiVersion":"v1","kind":"#)
                writer.abort()
            },
        ])
        let retries = Mutex<[String]>([])
        let client = client(server).reportingRetries { event in retries.withLock { $0.append(event.cause) } }
        #expect(try await client.get(Self.pod).name == "a")
        #expect(server.seen.count == 6)
        let causes = retries.withLock { $0 }
        // A connection that dies before the first byte of its second answer is tried again by libcurl itself.
        #expect((4...5).contains(causes.count))
        #expect(causes.allSatisfy { $0.hasPrefix("cannot get Pod/a in namespace fl: ") && !$0.contains("<h1>") })
        await server.stop()
    }

    @Test func `an apply is sent again byte for byte after a lost answer`() async throws {
        let server = try server([.dropped])
        _ = try await client(server).apply(KubernetesObject(Self.pod))
        #expect(server.seen.count == 2)
        #expect(server.seen[0].body == server.seen[1].body && !server.seen[0].body.isEmpty)
        await server.stop()
    }

    @Test func `a watch that breaks in the middle of an event goes on`() async throws {
        let event = #"{"type":"MODIFIED","object":\#(Self.body)}"# + "\n"
        let list = #"{"kind":"PodList","metadata":{"resourceVersion":"4"},"items":[]}"#
        let server = try server([
            .json(list),
            .stream { writer in
                writer.write(event)
                writer.write(String(event.prefix(20)))
                writer.abort()
            },
            .stream { writer in
                for part in event.utf8.map({ String(decoding: [$0], as: UTF8.self) }) { writer.write(part) }
                while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(20)) }
            },
        ])
        var seen: [String] = []
        for try await event in client(server).reflect(.pod, namespace: "fl", policy: ReflectorPolicy().scaled(by: 20)) {
            switch event {
            case .replaced: seen.append("replaced")
            case .changed: seen.append("changed")
            case .deleted: seen.append("deleted")
            case .trouble: seen.append("trouble")
            }
            if seen.count == 4 { break }
        }
        #expect(seen == ["replaced", "changed", "trouble", "changed"])
        #expect(server.seen.map { $0.query("resourceVersion") } == [nil, "4", "5"])
        await server.stop()
    }

    @Test func `a bearer token does not follow a redirect to another host`() async throws {
        let other = try TestServer { _ in .json(Self.body) }
        let server = try TestServer(tls: true) { _ in
            .text("", status: 307, headers: [("Location", "http://127.0.0.1:\(other.port)/")])
        }
        let client = ClusterClient(
            transport: CurlTransport(server.endpoint),
            authenticator: Authenticator(Credentials(authorization: "Bearer canary")), retry: .once)
        await #expect { try await client.get(Self.pod) } throws: { error in
            (error as? TransportError)?.message.contains("redirect") == true && !"\(error)".contains("canary")
        }
        #expect(other.seen.isEmpty)
        await server.stop()
        await other.stop()
    }

    @Test func `a client certificate is shown, and its absence explained`() async throws {
        // nghttpx and real servers ask for certificates; the small server does not: only the sending is seen here.
        let server = try TestServer(tls: true) { _ in .json(Self.body) }
        var request = HTTPRequest(.get, "/")
        request.identity = ClientIdentity(certificate: Array("junk".utf8), key: Array("junk".utf8))
        let broken = request
        await #expect { try await CurlTransport(server.endpoint).send(broken) } throws: {
            ($0 as? TransportError)?.kind == .clientCertificate
        }
        #expect(server.seen.isEmpty)
        await server.stop()
    }
}
