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

    @Test func `errors are worded as a real server words them`() async throws {
        try await withSandbox { server, client in
            let expected: [(Int, String, String)] = [
                (404, "NotFound", "configmaps \"a\" not found"),
                (
                    409, "Conflict",
                    "Operation cannot be fulfilled on configmaps \"a\": the object has been modified; please apply your changes to the latest version and try again"
                ),
                (422, "Invalid", "ConfigMap \"a\" is invalid: spec: Forbidden: injected"),
            ]
            for (code, reason, message) in expected {
                server.inject(Fault(.status(code), path: "configmaps/a"))
                let answer = try await client.put("\(Self.path)/a", ObjectLifecycleTests.configMap("a"))
                #expect(answer.status == code && answer.value["reason"] == .string(reason))
                #expect(answer.value["message"] == .string(message))
            }
        }
    }

    @Test func `an admission webhook refuses writes alone`() async throws {
        try await withSandbox { server, client in
            server.inject(Fault(.denied("no hostPath here", code: 422), path: "configmaps", count: nil))
            #expect(try await client.get(Self.path).status == 200)
            let answer = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            #expect(answer.status == 422 && answer.value["reason"] == "Invalid")
            #expect(
                answer.value["message"]
                    == "admission webhook \"policy.sandbox.iflearnerctl.io\" denied the request: no hostPath here")
            server.clearFaults()
            #expect(try await client.post(Self.path, ObjectLifecycleTests.configMap("a")).status == 201)
        }
    }

    @Test func `a slow server is as slow as its cluster`() async throws {
        try await withSandbox(.fast) { server, client in
            server.inject(Fault(.slow(.seconds(2000)), path: "configmaps", count: nil))
            let clock = ContinuousClock()
            let begin = clock.now
            let answer = try await client.get(Self.path)
            let time = clock.now - begin
            // A thousand times faster than real: two seconds.
            #expect(answer.status == 200 && time >= .seconds(2) && time < .seconds(60))
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
