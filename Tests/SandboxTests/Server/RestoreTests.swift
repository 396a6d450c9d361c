// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

/// Servers that come back: as they were, or as they had been.
struct RestoreTests {
    static let path = ObjectLifecycleTests.configMaps

    static func revision(_ client: TestClient) async throws -> Int {
        let list = try await client.get(path).value
        return try #require(list[path: "metadata", "resourceVersion"]?.string.flatMap { Int($0) })
    }

    @Test func `a restored server knows nothing of later writes, and its revisions go back`() async throws {
        try await withSandbox { server, client in
            try await WatchFaultTests.create("a", client)
            let before = try await Self.revision(client)
            let snapshot = server.snapshot()
            try await WatchFaultTests.create("b", client)
            _ = try await client.delete("\(Self.path)/a")
            let later = try await Self.revision(client)
            let watch = await WatchFaultTests.Running(client, "timeoutSeconds=30")
            try await server.restore(snapshot)
            _ = await watch.endedWell()
            #expect(try await Self.revision(client) == before && before < later)
            #expect(try await client.get("\(Self.path)/a").status == 200)
            #expect(try await client.get("\(Self.path)/b").status == 404)
            let ahead = try await client.get("\(Self.path)?watch=true&resourceVersion=\(later)")
            #expect(
                ahead.status == 504
                    && ahead.value[path: "details", "causes"]?[0]?["reason"] == "ResourceVersionTooLarge")
            try await WatchFaultTests.create("c", client)
            #expect(try await Self.revision(client) == before + 1)
        }
    }

    @Test func `a restored control plane goes on from there`() async throws {
        try await withSandbox(.fast) { server, client in
            let snapshot = server.snapshot()
            try await server.restore(snapshot)
            let pod: Value = [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                "spec": ["containers": [["name": "c", "image": "nginx"]]],
            ]
            #expect(try await client.post("/api/v1/namespaces/default/pods", pod).status == 201)
            var phase: Value?
            for _ in 0..<2000 where phase != "Running" {
                phase = try await client.get("/api/v1/namespaces/default/pods/p").value[path: "status", "phase"]
            }
            #expect(phase == "Running")
        }
    }

    @Test func `a server that is started again serves the same at the same place; watches begin anew`() async throws {
        try await PersistenceTests.withDirectory { path in
            var configuration = SandboxConfiguration.bare
            configuration.stateDirectory = path
            let first = try await SandboxServer.start(configuration)
            let client = TestClient(first)
            try await WatchFaultTests.create("a", client)
            let revision = try await Self.revision(client)
            let watch = await WatchFaultTests.Running(client)
            await first.stop()
            #expect(await watch.endedWell() && watch.events == ["ADDED a"])
            let second = try await SandboxServer.start(configuration)
            #expect(second.url == first.url && second.token == first.token)
            #expect(try await Self.revision(client) == revision)
            try await WatchFaultTests.create("b", client)
            let resumed = try await client.get("\(Self.path)?watch=true&resourceVersion=\(revision - 1)")
            #expect(resumed.lines.first?[path: "object", "code"] == 410)
            await second.stop()
        }
    }

    @Test func `what was restored outlives a restart`() async throws {
        try await PersistenceTests.withDirectory { path in
            var configuration = SandboxConfiguration.bare
            configuration.stateDirectory = path
            let first = try await SandboxServer.start(configuration)
            let client = TestClient(first)
            try await WatchFaultTests.create("a", client)
            let snapshot = first.snapshot()
            try await WatchFaultTests.create("b", client)
            try await first.restore(snapshot)
            await first.stop()
            let second = try await SandboxServer.start(configuration)
            let names = try await client.get(Self.path).value["items"]?.array?.map { $0[path: "metadata", "name"] }
            #expect(names == ["a"])
            await second.stop()
        }
    }
}
