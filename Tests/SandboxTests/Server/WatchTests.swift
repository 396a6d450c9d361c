// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Synchronization
import Testing
import Values

struct WatchTests {
    static let path = ObjectLifecycleTests.configMaps

    /// Starts a watch; the stream ends with the watch.
    static func watch(_ client: TestClient, _ query: String, accept: String = "application/json") -> AsyncStream<Value>
    {
        let (stream, continuation) = AsyncStream<Value>.makeStream()
        let partial = Mutex<[UInt8]>([])
        let isWanted = Mutex(true)
        continuation.onTermination = { _ in isWanted.withLock { $0 = false } }
        Task {
            _ = try? await client.send(
                "GET", "\(path)?watch=true&\(query)", headers: ["Accept: \(accept)"],
                onData: { data in
                    partial.withLock { partial in
                        partial += data
                        while let end = partial.firstIndex(of: 10) {
                            if let value = try? Value(json: Array(partial[..<end])) { continuation.yield(value) }
                            partial.removeFirst(end + 1)
                        }
                    }
                    return isWanted.withLock { $0 }
                })
            continuation.finish()
        }
        return stream
    }

    static func shown(_ event: Value) -> String {
        "\(event["type"]?.string ?? "") \(event[path: "object", "metadata", "name"]?.string ?? "")"
    }

    @Test func `a watch tells what exists and then what changes`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("old"))
            var events = Self.watch(client, "timeoutSeconds=20").makeAsyncIterator()
            #expect(Self.shown(try #require(await events.next())) == "ADDED old")
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("new"))
            #expect(Self.shown(try #require(await events.next())) == "ADDED new")
            _ = try await client.patch("\(Self.path)/new", "merge-patch+json", ["data": ["b": "2"]])
            let modified = try #require(await events.next())
            #expect(Self.shown(modified) == "MODIFIED new")
            #expect(modified[path: "object", "data", "b"] == "2")
            _ = try await client.delete("\(Self.path)/new")
            let deleted = try #require(await events.next())
            #expect(Self.shown(deleted) == "DELETED new")
            let revisions = [modified, deleted].compactMap {
                $0[path: "object", "metadata", "resourceVersion"]?.string.flatMap { Int($0) }
            }
            #expect(revisions[0] < revisions[1])
        }
    }

    @Test func `a watch continues where a list or an earlier watch ended`() async throws {
        try await withSandbox { _, client in
            let list = try await client.get(Self.path).value
            let revision = try #require(list[path: "metadata", "resourceVersion"]?.string)
            for name in ["a", "b"] { _ = try await client.post(Self.path, ObjectLifecycleTests.configMap(name)) }
            let query = "timeoutSeconds=1&resourceVersion=\(revision)"
            var seen: [String] = []
            for await event in Self.watch(client, query) { seen.append(Self.shown(event)) }
            #expect(seen == ["ADDED a", "ADDED b"])
        }
    }

    @Test func `an object that enters or leaves the selection is new or gone`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            var events = Self.watch(client, "labelSelector=go&timeoutSeconds=20").makeAsyncIterator()
            // The watch has begun once it says where it is.
            func label(_ value: Value) async throws {
                _ = try await client.patch(
                    "\(Self.path)/a", "merge-patch+json", ["metadata": ["labels": ["go": value]]])
            }
            try await label("1")
            #expect(Self.shown(try #require(await events.next())) == "ADDED a")
            try await label("2")
            #expect(Self.shown(try #require(await events.next())) == "MODIFIED a")
            try await label(nil)
            let gone = try #require(await events.next())
            #expect(Self.shown(gone) == "DELETED a")
            #expect(gone[path: "object", "metadata", "labels", "go"] == "2")
        }
    }

    @Test func `bookmarks say how far the watch has come`() async throws {
        var configuration = SandboxConfiguration.bare
        configuration.bookmarkInterval = .milliseconds(20)
        try await withSandbox(configuration) { _, client in
            var events = Self.watch(client, "allowWatchBookmarks=true&timeoutSeconds=20").makeAsyncIterator()
            let bookmark = try #require(await events.next())
            #expect(bookmark["type"] == "BOOKMARK")
            #expect(bookmark[path: "object", "kind"] == "ConfigMap")
            let first = try #require(bookmark[path: "object", "metadata", "resourceVersion"]?.string)
            // Something else changes: the next bookmark is further on.
            let secret: Value = ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"]]
            _ = try await client.post("/api/v1/namespaces/default/secrets", secret)
            var later = first
            while later == first {
                later = try #require(
                    await events.next()?[path: "object", "metadata", "resourceVersion"]?.string)
            }
            #expect(Int(later) ?? 0 > Int(first) ?? 0)
        }
    }

    @Test func `initial events end with a mark where the server can`() async throws {
        let query =
            "sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=20"
        var configuration = SandboxConfiguration.bare
        configuration.minorVersion = 34
        try await withSandbox(configuration) { _, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            var events = Self.watch(client, query).makeAsyncIterator()
            #expect(Self.shown(try #require(await events.next())) == "ADDED a")
            let mark = try #require(await events.next())
            #expect(mark["type"] == "BOOKMARK")
            #expect(mark[path: "object", "metadata", "annotations", "k8s.io/initial-events-end"] == "true")
        }
        configuration.minorVersion = 33
        try await withSandbox(configuration) { _, client in
            let answer = try await client.get("\(Self.path)?watch=true&\(query)")
            #expect(answer.status == 422)
        }
    }

    @Test func `an unknown future is a timeout, a forgotten past an event`() async throws {
        try await withSandbox { server, client in
            #expect(try await client.get("\(Self.path)?watch=true&resourceVersion=99999").status == 504)
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            server.forgetHistory()
            let answer = try await client.get("\(Self.path)?watch=true&resourceVersion=1")
            #expect(answer.status == 200)
            #expect(answer.lines.first?["type"] == "ERROR")
            #expect(answer.lines.first?[path: "object", "code"] == 410)
        }
    }

    @Test func `a watch in table form explains its columns once`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            let accept = "application/json;as=Table;v=v1;g=meta.k8s.io"
            var events = Self.watch(client, "timeoutSeconds=20", accept: accept).makeAsyncIterator()
            let first = try #require(await events.next())
            #expect(first[path: "object", "kind"] == "Table")
            #expect(first[path: "object", "columnDefinitions"]?.array?.isEmpty == false)
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("b"))
            let second = try #require(await events.next())
            #expect(second[path: "object", "columnDefinitions"]?.array?.isEmpty != false)
            #expect(second[path: "object", "rows"]?[0]?["cells"]?[0] == "b")
        }
    }

    @Test func `watches end when the server stops`() async throws {
        let server = try await SandboxServer.start(.bare)
        let client = TestClient(server)
        _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
        var events = Self.watch(client, "").makeAsyncIterator()
        #expect(await events.next() != nil)
        await server.stop()
        #expect(await events.next() == nil)
    }
}
