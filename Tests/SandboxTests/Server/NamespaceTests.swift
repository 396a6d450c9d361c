// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

struct NamespaceTests {
    @Test func `nothing is created in a namespace that is ending or not there`() async throws {
        try await withSandbox { _, client in
            let map = ObjectLifecycleTests.configMap("a")
            #expect(try await client.post("/api/v1/namespaces/no/configmaps", map).status == 404)
            let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "side"]]
            let created = try await client.post("/api/v1/namespaces", namespace).value
            #expect(created[path: "metadata", "labels", "kubernetes.io/metadata.name"] == "side")
            #expect(created[path: "spec", "finalizers"] == ["kubernetes"])
            #expect(created[path: "status", "phase"] == "Active")
            let deleted = try await client.delete("/api/v1/namespaces/side").value
            #expect(deleted[path: "status", "phase"] == "Terminating")
            let refused = try await client.post("/api/v1/namespaces/side/configmaps", map)
            #expect(refused.status == 403)
            #expect(refused.value[path: "details", "causes"]?[0]?["reason"] == "NamespaceTerminating")
            // Nothing is left inside: the last finalizer ends it.
            var last = deleted
            last["spec"] = ["finalizers": []]
            #expect(try await client.put("/api/v1/namespaces/side/finalize", last).status == 200)
            #expect(try await client.get("/api/v1/namespaces/side").status == 404)
        }
    }

    @Test func `what every cluster needs cannot be deleted`() async throws {
        try await withSandbox { _, client in
            let answer = try await client.delete("/api/v1/namespaces/default")
            #expect(answer.status == 403)
            #expect(answer.value["message"] == "namespaces \"default\" is forbidden: this namespace may not be deleted")
        }
    }

    @Test func `a deleted namespace takes its content with it`() async throws {
        try await withSandbox(.fast) { server, client in
            let namespace: Value = ["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "side"]]
            _ = try await client.post("/api/v1/namespaces", namespace)
            await server.settle()
            let maps = "/api/v1/namespaces/side/configmaps"
            #expect(try await client.post(maps, ObjectLifecycleTests.configMap("a")).status == 201)
            #expect(try await client.delete("/api/v1/namespaces/side").status == 200)
            await server.settle()
            #expect(try await client.get("/api/v1/namespaces/side").status == 404)
            #expect(try await client.get(maps).value["items"] == [])
        }
    }
}
