// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

struct FaultTests {
    static let path = ObjectLifecycleTests.configMaps

    @Test func `errors come as often as they were asked for`() async throws {
        try await withSandbox { server, client in
            server.inject(Fault(.status(429, retryAfter: 1), method: "GET", path: "/configmaps", count: 2))
            for _ in 0..<2 {
                let answer = try await client.get(Self.path)
                #expect(answer.status == 429 && answer.header("Retry-After") == "1")
                #expect(answer.value["reason"] == "TooManyRequests")
            }
            #expect(try await client.get(Self.path).status == 200)
            server.inject(Fault(.status(503), path: "configmaps/a", count: nil))
            #expect(try await client.get(Self.path).status == 200)
            for _ in 0..<3 { #expect(try await client.get("\(Self.path)/a").status == 503) }
            server.clearFaults()
            #expect(try await client.get("\(Self.path)/a").status == 404)
        }
    }

    @Test func `a refusal names the verb and the resource`() async throws {
        try await withSandbox { server, client in
            server.inject(Fault(.status(403), method: "POST", path: "/secrets"))
            let answer = try await client.post("/api/v1/namespaces/default/secrets", [:])
            #expect(answer.status == 403)
            #expect(
                answer.value["message"]
                    == "secrets is forbidden: User \"sandbox-admin\" cannot create resource \"secrets\" in API group \"\" in the namespace \"default\""
            )
        }
    }

    @Test(arguments: [(Fault.Effect.dropBefore, 404), (.dropAfter, 200)])
    func `a connection breaks before or after the write`(effect: Fault.Effect, status: Int) async throws {
        try await withSandbox { server, client in
            server.inject(Fault(effect, method: "POST", path: "configmaps"))
            await #expect(throws: TestClient.Failure.self) {
                _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            }
            let answer = try await client.get("\(Self.path)/a")
            #expect(answer.status == status)
        }
    }

    @Test func `the admin endpoint does the same over HTTP`() async throws {
        try await withSandbox { server, client in
            let fault: Value = ["method": "GET", "path": "/pods$", "status": 500]
            #expect(try await client.post("/_sandbox/faults", fault).status == 200)
            #expect(try await client.get("/api/v1/pods").status == 500)
            #expect(try await client.get("/api/v1/pods").status == 200)
            #expect(try await client.post("/_sandbox/faults", ["path": "("]).status == 400)
            #expect(
                try await client.post("/_sandbox/faults", ["path": "x", "status": 500, "drop": "after"]).status == 400)
            let requests = try await client.get("/_sandbox/requests").value["requests"]?.array ?? []
            #expect(requests.map { $0["target"] } == ["/api/v1/pods", "/api/v1/pods"])
            #expect(requests.map { $0["status"] } == [500, 200])
            #expect(requests.first?["user"] == "sandbox-admin")
            #expect(!requests.map { $0.jsonString() }.joined().contains(client.token))
            #expect(try await client.delete("/_sandbox/requests").status == 200)
            #expect(server.requests.isEmpty)
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            #expect(try await client.post("/_sandbox/reset", [:]).status == 200)
            #expect(try await client.get("\(Self.path)/a").status == 404)
            #expect(try await client.get("/api/v1/namespaces/default").status == 200)
            #expect(try await client.get("/_sandbox/nothing").status == 404)
        }
    }

    @Test func `connections in use break as when a server dies`() async throws {
        try await withSandbox { server, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            let watching = Task {
                try await client.send(
                    "GET", "\(Self.path)?watch=true",
                    onData: { _ in
                        server.dropConnections()
                        return true
                    })
            }
            await #expect(throws: TestClient.Failure.self) { _ = try await watching.value }
            let answer = try await client.get(Self.path)
            #expect(answer.status == 200)
        }
    }

    @Test func `a paused kubelet starts nothing`() async throws {
        try await withSandbox(.fast) { server, client in
            await server.setKubeletPaused(true)
            let pod: Value = [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                "spec": ["containers": [["name": "c", "image": "nginx"]]],
            ]
            #expect(try await client.post("/api/v1/namespaces/default/pods", pod).status == 201)
            await server.settle()
            let waiting = try await client.get("/api/v1/namespaces/default/pods/p").value
            #expect(waiting[path: "status", "phase"] == "Pending")
            await server.setKubeletPaused(false)
            var phase = ""
            for _ in 0..<2000 where phase != "Running" {
                phase =
                    try await client.get("/api/v1/namespaces/default/pods/p").value[path: "status", "phase"]?.string
                    ?? ""
            }
            #expect(phase == "Running")
        }
    }
}
