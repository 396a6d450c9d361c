// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Testing

struct HTTPServerTests {
    /// Runs a test against a server and stops it, whatever happens.
    func withServer(
        _ configuration: HTTPServer.Configuration = HTTPServer.Configuration(),
        handler: @escaping HTTPServer.RequestHandler, _ test: (HTTPServer) async throws -> Void
    ) async throws {
        let server = try HTTPServer(configuration, handler: handler)
        do { try await test(server) } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    @Test func `a request arrives whole and the answer goes back`() async throws {
        try await withServer { request in
            let names = request.query.items.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
            let path = request.pathSegments?.joined(separator: "|") ?? "nil"
            return .text("\(request.method) \(path) \(names) \(request.headers["x-test"] ?? "") \(request.body.count)")
        } _: { server in
            let client = try RawClient(port: server.port)
            client.send(
                "POST /a%2Fb/c?x=1%3D2&y=a+b HTTP/1.1\r\nHost: h\r\nX-Test: v\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try await client.response().body == "POST a/b|c x=1=2;y=a b v 5")
            // The connection lives on.
            #expect(try await client.get("/%zz").body == "GET nil   0")
        }
    }

    @Test func `an answer may take its time without holding other requests up`() async throws {
        let (gate, opening) = AsyncStream<Void>.makeStream()
        try await withServer { request in
            if request.target == "/slow" { for await _ in gate { break } }
            return .text(request.target)
        } _: { server in
            let slow = try (0..<20).map { _ in try RawClient(port: server.port) }
            for client in slow { client.send("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n") }
            let fast = try RawClient(port: server.port)
            for _ in 0..<50 { #expect(try await fast.get("/fast").body == "/fast") }
            opening.finish()
            for client in slow { #expect(try await client.response().body == "/slow") }
        }
    }

    @Test(arguments: [
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2000\r\n\r\n" + String(repeating: "x", count: 2000),
        // Nobody waits for the end of this one.
        "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99000000000\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n7d0\r\n" + String(repeating: "x", count: 2000)
            + "\r\n0\r\n\r\n",
    ])
    func `a body that is too long is answered with 413`(head: String) async throws {
        var configuration = HTTPServer.Configuration()
        configuration.bodyLimit = 1000
        try await withServer(configuration, handler: { _ in .text("no") }) { server in
            let client = try RawClient(port: server.port)
            client.send(head)
            #expect(try await client.response().status == 413)
        }
    }

    @Test func `chunks of a stream leave at once and in order`() async throws {
        let (lines, source) = AsyncStream<String>.makeStream()
        try await withServer { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    for await line in lines { writer.write(Array(line.utf8)) }
                })
        } _: { server in
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            for number in 0..<200 {
                source.yield("line-\(number)\n")
                _ = try await client.read(until: "line-\(number)\n")
            }
            source.yield(String(repeating: "x", count: 300_000) + "END")
            let rest = try await client.read(until: "END")
            #expect(rest.filter { $0 == "x" }.count == 300_000)
            source.finish()
            _ = try await client.read(until: "\r\n0\r\n\r\n")
        }
    }

    @Test func `a client that hangs up ends its stream`() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        let (started, start) = AsyncStream<Void>.makeStream()
        try await withServer { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    writer.write(Array("hello\n".utf8))
                    start.yield()
                    while (try? await Task.sleep(for: .seconds(60))) != nil {}
                    end.yield()
                })
        } _: { server in
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            for await _ in started { break }
            _ = try await client.read(until: "hello\n")
            client.close()
            for await _ in ends { break }
        }
    }

    @Test func `a client that hangs up cancels its request`() async throws {
        let (ends, end) = AsyncStream<Void>.makeStream()
        try await withServer { _ in
            while (try? await Task.sleep(for: .seconds(60))) != nil {}
            end.yield()
            return .text("late")
        } _: { server in
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            client.close()
            for await _ in ends { break }
        }
    }

    @Test func `a dropped answer closes the connection without a byte`() async throws {
        try await withServer { request in
            if request.target == "/later" { try? await Task.sleep(for: .milliseconds(1)) }
            return .dropped
        } _: { server in
            for target in ["/now", "/later"] {
                let client = try RawClient(port: server.port)
                client.send("GET \(target) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await client.rest() == "")
            }
        }
    }

    @Test func `a broken stream has no end mark`() async throws {
        try await withServer { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    writer.write(Array("half".utf8))
                    writer.abort()
                })
        } _: { server in
            let client = try RawClient(port: server.port)
            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let text = try await client.rest()
            #expect(text.contains("200 OK") && !text.hasSuffix("0\r\n\r\n"))
        }
    }

    @Test func `stopping ends streams properly and answers what waits`() async throws {
        let (started, start) = AsyncStream<Void>.makeStream()
        let server = try HTTPServer(HTTPServer.Configuration()) { request in
            if request.target == "/wait" {
                start.yield()
                while (try? await Task.sleep(for: .seconds(60))) != nil {}
                return .text("late")
            }
            return HTTPResponse(
                status: 200,
                body: .stream { writer in
                    writer.write(Array("begin\n".utf8))
                    start.yield()
                    while (try? await Task.sleep(for: .seconds(60))) != nil {}
                })
        }
        let stream = try RawClient(port: server.port)
        stream.send("GET /stream HTTP/1.1\r\nHost: h\r\n\r\n")
        let waiting = try RawClient(port: server.port)
        waiting.send("GET /wait HTTP/1.1\r\nHost: h\r\n\r\n")
        var count = 0
        for await _ in started {
            count += 1
            if count == 2 { break }
        }
        _ = try await stream.read(until: "begin\n")
        await server.stop()
        await server.stop()
        #expect(try await stream.rest().hasSuffix("0\r\n\r\n"))
        #expect(try await waiting.response().status == 503)
        #expect(throws: RawClient.Failure.self) { try RawClient(port: server.port) }
    }

    @Test func `requests over old connections do not disturb the stop`() async throws {
        for _ in 0..<20 {
            let server = try HTTPServer(HTTPServer.Configuration()) { _ in
                // Waits until it is cancelled, which the stop does.
                let (never, source) = AsyncStream<Void>.makeStream()
                for await _ in never {}
                withExtendedLifetime(source) {}
                return .text("late")
            }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        guard let client = try? RawClient(port: server.port) else { return }
                        // Answered with 503 as soon as the stop begins, and asked again until the connection ends.
                        for _ in 0..<50 {
                            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            guard let response = try? await client.response() else { return }
                            #expect(response.status == 503)
                        }
                    }
                }
                group.addTask { await server.stop() }
            }
        }
    }

    @Test func `connections that come while it stops do not disturb the stop`() async throws {
        for _ in 0..<50 {
            let server = try HTTPServer(HTTPServer.Configuration()) { _ in .text("in time") }
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        // Until nobody listens any more.
                        while let client = try? RawClient(port: server.port) {
                            client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                            guard let response = try? await client.response() else { continue }
                            #expect(response.status == 200 || response.status == 503)
                        }
                    }
                }
                group.addTask { await server.stop() }
            }
        }
    }

    @Test func `a server that is forgotten ends with what it was doing`() async throws {
        var server: HTTPServer? = try HTTPServer(HTTPServer.Configuration()) { _ in
            HTTPResponse(
                status: 200,
                body: .stream { writer in
                    writer.write(Array("begin\n".utf8))
                    while (try? await Task.sleep(for: .seconds(60))) != nil {}
                })
        }
        let client = try RawClient(port: try #require(server?.port))
        client.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try await client.read(until: "begin\n")
        server = nil
        _ = try await client.rest()
    }

    @Test func `a port that is taken is named`() async throws {
        try await withServer(handler: { _ in .text("") }) { server in
            var configuration = HTTPServer.Configuration()
            configuration.port = server.port
            let expected = "cannot listen on 127.0.0.1:\(server.port): the port is in use"
            #expect(throws: HTTPServerError(description: expected)) {
                try HTTPServer(configuration) { _ in .text("") }
            }
        }
    }

    @Test func `thousands of requests on several connections are all answered`() async throws {
        try await withServer(handler: { .text($0.target) }) { server in
            let port = server.port
            try await withThrowingTaskGroup(of: Int.self) { group in
                for worker in 0..<4 {
                    group.addTask {
                        let client = try RawClient(port: port)
                        var answered = 0
                        for number in 0..<500
                        where try await client.get("/\(worker)/\(number)").body == "/\(worker)/\(number)" {
                            answered += 1
                        }
                        return answered
                    }
                }
                let answered = try await group.reduce(0, +)
                #expect(answered == 2000)
            }
        }
    }
}
