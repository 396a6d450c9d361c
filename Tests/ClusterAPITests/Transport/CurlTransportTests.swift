// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Testing

extension TestServer {
    /// How to reach the server and to trust it.
    var endpoint: ServerEndpoint {
        var endpoint = ServerEndpoint(url: ServerURL(isSecure: authority != nil, host: "127.0.0.1", port: port))
        if let authority { endpoint.trust = .authorities(authority) }
        return endpoint
    }
}

@Suite struct `Curl transport` {
    @Test(arguments: [false, true])
    func `a request and its answer go over plain HTTP and over TLS`(tls: Bool) async throws {
        let server = try TestServer(tls: tls) { request in
            .json("{\"method\":\"\(request.method)\"}", status: 201, headers: [("Warning", "299 - \"old\"")])
        }
        let transport = CurlTransport(server.endpoint)
        let response = try await transport.send(
            HTTPRequest(.patch, "/a/b?c=d%20e", headers: ["X-One": "1"], body: Array("{}".utf8)))
        #expect(response.status == 201)
        #expect(String(decoding: response.body, as: UTF8.self) == "{\"method\":\"PATCH\"}")
        #expect(response.headers["warning"] == "299 - \"old\"")
        let seen = try #require(server.seen.first)
        #expect(seen.target == "/a/b?c=d%20e")
        #expect(seen.header("X-One") == "1")
        #expect(seen.header("Expect") == nil)
        #expect(seen.body == Array("{}".utf8))
        await server.stop()
    }

    @Test func `an authority of its own shuts out the machine's and every other`() async throws {
        let server = try TestServer(tls: true) { _ in .json("{}") }
        let other = try TestServer(tls: true) { _ in .json("{}") }
        var endpoint = server.endpoint
        endpoint.trust = other.endpoint.trust
        await #expect { try await CurlTransport(endpoint).send(HTTPRequest(.get, "/")) } throws: { error in
            (error as? TransportError)?.kind == .unknownAuthority && "\(error)".contains("unknown authority")
                && "\(error)".contains("signed by CN=test authority (last certificate: SHA-256 ")
        }
        #expect(server.seen.isEmpty)
        await server.stop()
        await other.stop()
    }

    @Test func `a certificate for other names lists them`() async throws {
        let server = try TestServer(tls: true, names: ["kubernetes.default"], addresses: []) { _ in .json("{}") }
        await #expect { try await CurlTransport(server.endpoint).send(HTTPRequest(.get, "/")) } throws: { error in
            let error = error as? TransportError
            return error?.kind == .tls && error?.hint?.contains("kubernetes.default") == true
        }
        var endpoint = server.endpoint
        endpoint.serverName = "kubernetes.default"
        let response = try await CurlTransport(endpoint).send(HTTPRequest(.get, "/"))
        #expect(response.status == 200)
        #expect(server.seen.first?.header("Host") == "127.0.0.1:\(server.port)")
        await server.stop()
    }

    @Test func `many requests share the connections`() async throws {
        let server = try TestServer(tls: true) { request in .text(request.path) }
        let transport = CurlTransport(server.endpoint)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let response = try await transport.send(HTTPRequest(.get, "/\(number)"))
                    return response.body == Array("/\(number)".utf8)
                }
            }
            for try await isRight in group { #expect(isRight) }
        }
        await server.stop()
    }

    @Test func `a stream is read as it comes, and ends when it is dropped`() async throws {
        let server = try TestServer { _ in
            .stream { writer in
                writer.write("one\n")
                while !Task.isCancelled {
                    writer.write("more\n")
                    try? await Task.sleep(for: .milliseconds(5))
                }
            }
        }
        let transport = CurlTransport(server.endpoint)
        let stream = try await transport.stream(HTTPRequest(.get, "/", timeout: nil, lane: .streams))
        var text = ""
        for try await chunk in stream.body {
            text += String(decoding: chunk, as: UTF8.self)
            if text.contains("more") { break }
        }
        #expect(text.hasPrefix("one\n"))
        await server.stop()
    }

    @Test func `a cancelled task ends its request at once`() async throws {
        let (arrivals, arrival) = AsyncStream.makeStream(of: Void.self)
        let server = try TestServer { _ in
            arrival.yield()
            try? await Task.sleep(for: .seconds(300))
            return .json("{}")
        }
        let transport = CurlTransport(server.endpoint)
        let task = Task { try await transport.send(HTTPRequest(.get, "/", timeout: .seconds(300))) }
        for await _ in arrivals { break }
        let started = ContinuousClock.now
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(ContinuousClock.now - started < .seconds(60))
        await #expect(throws: CancellationError.self) {
            try await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return try await transport.send(HTTPRequest(.get, "/"))
            }.value
        }
        await server.stop()
    }

    @Test func `nobody listening is a refusal that names the server`() async throws {
        let server = try TestServer { _ in .json("{}") }
        var endpoint = server.endpoint
        await server.stop()
        endpoint.provenance = "context \"lab\" of /tmp/config"
        await #expect { try await CurlTransport(endpoint).send(HTTPRequest(.get, "/")) } throws: { error in
            let error = error as? TransportError
            return error?.kind == .refused && error?.mayHaveBeenProcessed == false
                && error?.message.contains("127.0.0.1:\(server.port)") == true
                && error?.message.contains("context \"lab\"") == true
        }
    }

    @Test func `a dropped connection may have been processed`() async throws {
        let server = try TestServer { _ in .dropped }
        await #expect { try await CurlTransport(server.endpoint).send(HTTPRequest(.post, "/", body: [])) } throws: {
            let error = $0 as? TransportError
            return error?.kind == .reset && error?.mayHaveBeenProcessed == true
        }
        await server.stop()
    }

    @Test func `a proxy that refuses is blamed itself`() async throws {
        let gone = try TestServer { _ in .json("{}") }
        await gone.stop()
        var endpoint = ServerEndpoint(url: ServerURL(isSecure: true, host: "cluster.example", port: 6443))
        endpoint.proxy = .init(url: "http://user:secret@127.0.0.1:\(gone.port)", source: "proxy-url of cluster \"lab\"")
        await #expect { try await CurlTransport(endpoint).send(HTTPRequest(.get, "/")) } throws: { error in
            let error = error as? TransportError
            return error?.kind == .proxy && error?.message.contains("proxy-url of cluster \"lab\"") == true
                && error?.message.contains("refused the connection") == true
                && "\(error as Any)".contains("secret") == false
        }
    }

    @Test func `a redirect is not followed`() async throws {
        let other = try TestServer { _ in .json("{}") }
        let server = try TestServer { _ in
            .text("", status: 302, headers: [("Location", "http://127.0.0.1:\(other.port)/steal")])
        }
        let response = try await CurlTransport(server.endpoint).send(
            HTTPRequest(.get, "/", headers: ["Authorization": "Bearer secret"]))
        #expect(response.status == 302)
        #expect(other.seen.isEmpty)
        await server.stop()
        await other.stop()
    }

    @Test func `a line end in a header value starts no new header`() async throws {
        let server = try TestServer { _ in .json("{}") }
        _ = try await CurlTransport(server.endpoint).send(
            HTTPRequest(.get, "/", headers: ["Authorization": "Bearer a\r\nX-Evil: 1"]))
        #expect(server.seen.first?.header("X-Evil") == nil)
        await server.stop()
    }

    @Test func `too large an answer is given up`() async throws {
        let server = try TestServer { _ in .text(String(repeating: "x", count: 100_000)) }
        await #expect {
            try await CurlTransport(server.endpoint).send(HTTPRequest(.get, "/", responseLimit: 10_000))
        } throws: { ($0 as? TransportError)?.kind == .tooLarge }
        await server.stop()
    }

    @Test func `a time limit that passes is a time-out that may have been processed`() async throws {
        let server = try TestServer { _ in
            try? await Task.sleep(for: .seconds(30))
            return .json("{}")
        }
        await #expect {
            try await CurlTransport(server.endpoint).send(HTTPRequest(.get, "/", timeout: .milliseconds(100)))
        } throws: {
            let error = $0 as? TransportError
            return error?.kind == .timeout && error?.mayHaveBeenProcessed == true
        }
        await server.stop()
    }

    @Test func `a slow reader pauses a fast stream without losing a byte`() async throws {
        let chunk = String(repeating: "0123456789abcdef", count: 4096)
        let server = try TestServer { _ in .stream { writer in for _ in 0..<120 { writer.write(chunk) } } }
        let stream = try await CurlTransport(server.endpoint).stream(
            HTTPRequest(.get, "/", timeout: nil, lane: .streams))
        try await Task.sleep(for: .milliseconds(100))
        var count = 0
        for try await bytes in stream.body { count += bytes.count }
        #expect(count == 120 * chunk.utf8.count)
        await server.stop()
    }
}
