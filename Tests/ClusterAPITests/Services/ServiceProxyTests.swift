// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics
import Testing
import Values

/// Documents that applications serve, read through the API server's service proxy.
struct ServiceProxyTests {
    private let service = ServiceAddress(namespace: "default", name: "aggregator", port: 82)

    /// What asking comes to when the server answers like this.
    private func failure(_ answer: HTTPResponse) async throws -> ServiceProxyError.Kind {
        let transport = ScriptedTransport([.success(answer)])
        do {
            _ = try await transport.client().document(at: "/v1/status", of: service)
        } catch let error as ServiceProxyError {
            #expect(transport.requests.count == 1, "asked again after \(error)")
            #expect(error.diagnostic.message.hasPrefix("cannot ask Service/aggregator:82 in namespace default: "))
            return error.kind
        }
        throw Unexpected()
    }

    private struct Unexpected: Error {}

    @Test func `applications that do not answer hold nothing else up`() async throws {
        let transport = ScriptedTransport { request, _ in
            if request.target.contains("/proxy/") {
                try await Task.sleep(for: .seconds(3600))
            }
            return .json(#"{"kind": "PodList", "apiVersion": "v1", "metadata": {}, "items": []}"#)
        }
        let client = transport.client().on(.status)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask { [service] in
                    // It is cancelled.
                    _ = try? await client.document(at: "/v1/status", of: service)
                }
            }
            while transport.requests.count < 40 { await Task.yield() }
            do {
                #expect(try await client.list(.pod, namespace: "default").items.isEmpty)
            } catch {
                Issue.record(error)
            }
            group.cancelAll()
        }
    }

    @Test func `the path names service, port and namespace, and the content type does not count`() async throws {
        let transport = ScriptedTransport([
            .success(.json(#"{"a": {"ready": true}}"#, headers: ["Content-Type": "text/html; charset=utf-8"]))
        ])
        let document = try await transport.client().document(at: "/v1/status", of: service)
        #expect(document == ["a": ["ready": true]])
        #expect(
            transport.lines == ["GET /api/v1/namespaces/default/services/aggregator:82/proxy/v1/status"])
        let odd = ServiceAddress(namespace: "a/b", name: "c?d", port: 1)
        _ = try await transport.client().document(at: "/x", of: odd)
        #expect(transport.lines.last == "GET /api/v1/namespaces/a%2Fb/services/c%3Fd:1/proxy/x")
    }

    @Test func `what the proxy says is told apart`() async throws {
        func unavailable(_ message: String) -> HTTPResponse { .failure(503, "ServiceUnavailable", message) }
        // The texts of kube-apiserver 1.33.
        #expect(try await failure(unavailable("no endpoints available for service \\\"aggregator\\\"")) == .noEndpoints)
        #expect(
            try await failure(unavailable("no service port \\\"82\\\" found for service \\\"aggregator\\\"")) == .noPort
        )
        #expect(
            try await failure(
                unavailable("error trying to reach service: dial tcp 10.1.2.3:50002: connect: connection refused"))
                == .refused)
        #expect(
            try await failure(unavailable("error trying to reach service: dial tcp 10.1.2.3:50002: i/o timeout"))
                == .timeout)
        #expect(
            try await failure(
                .failure(
                    404, "NotFound", "services \\\"aggregator\\\" not found",
                    details: #"{"name":"aggregator","kind":"services"}"#)) == .noService)
        // Kubernetes 1.18 answers in plain text.
        let old = HTTPResponse(
            status: 503,
            body: Array(
                """
                Error: 'dial tcp 10.1.2.3:50002: connect: connection refused'
                Trying to reach: 'http://10.1.2.3:50002/v1/status'
                """.utf8))
        #expect(try await failure(old) == .refused)
    }

    @Test func `what the application says is told apart from what the server says`() async throws {
        let page = HTTPResponse(
            status: 404, headers: ["Content-Type": "text/html"], body: Array("<title>404 Not Found</title>".utf8))
        #expect(try await failure(page) == .answered(404))
        #expect(try await failure(HTTPResponse(status: 500, body: Array("boom".utf8))) == .answered(500))
        #expect(try await failure(HTTPResponse(status: 200, body: Array("<html>".utf8))) == .notJSON)
        #expect(try await failure(HTTPResponse(status: 200)) == .notJSON)
        #expect(try await failure(HTTPResponse(status: 204)) == .answered(204))
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(try await failure(.json(deep)) == .notJSON)
    }

    @Test func `a missing permission is the server's own refusal`() async throws {
        let transport = ScriptedTransport([
            .success(
                .failure(403, "Forbidden", "services \\\"aggregator:82\\\" is forbidden: User cannot get resource"))
        ])
        let error = await #expect(throws: APIError.self) {
            try await transport.client().document(at: "/v1/status", of: service)
        }
        #expect(error?.reason == .forbidden)
        #expect(transport.requests.count == 1)
    }

    @Test func `an answer that is late or too large is given up`() async throws {
        let server = try TestServer { request in
            if request.path.hasSuffix("/large") { return .json("\"" + String(repeating: "x", count: 4096) + "\"") }
            return .stream { _ in try? await Task.sleep(for: .seconds(60)) }
        }
        let client = ClusterClient(
            transport: CurlTransport(
                ServerEndpoint(url: ServerURL(isSecure: false, host: "127.0.0.1", port: server.port))))
        let large = await #expect(throws: ServiceProxyError.self) {
            try await client.document(at: "/large", of: service, limit: 1024)
        }
        #expect(large?.kind == .tooLarge)
        let late = await #expect(throws: ServiceProxyError.self) {
            try await client.document(at: "/late", of: service, timeout: .milliseconds(200))
        }
        #expect(late?.kind == .timeout)
        #expect(server.seen.count == 2)
        await server.stop()
    }
}
