// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

/// Reaching pods through the API server.
struct ServiceProxyTests {
    static let services = "/api/v1/namespaces/default/services"
    static let pods = "/api/v1/namespaces/default/pods"

    static func service(_ name: String) -> Value {
        [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": .string(name)],
            "spec": [
                "selector": ["app": .string(name)],
                "ports": [
                    ["name": "grpc", "port": 80, "targetPort": 50001],
                    ["name": "http", "port": 82, "targetPort": 50002],
                ],
            ],
        ]
    }

    static func pod(_ name: String, _ args: String = "serve") -> Value {
        [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": ["app": .string(name)]],
            "spec": [
                "restartPolicy": "Never",
                "containers": [
                    [
                        "name": "c", "image": "ghcr.io/iflytek/iflearner:v0.1.0",
                        "args": .array(args.split(separator: " ").map { .string(String($0)) }),
                    ]
                ],
            ],
        ]
    }

    /// Asks until the answer is as it should be.
    static func wait(
        _ path: String, _ client: TestClient, until isRight: (TestClient.Answer) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> TestClient.Answer {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(30)
        var answer = TestClient.Answer()
        repeat {
            answer = try await client.get(path)
            if isRight(answer) { return answer }
        } while clock.now < deadline
        Issue.record("\(path) answers \(answer.status) \(answer.text)", sourceLocation: sourceLocation)
        return answer
    }

    @Test func `what cannot be reached is told in a real server's words`() async throws {
        try await withSandbox(.fast) { server, client in
            func message(_ path: String) async throws -> String {
                let answer = try await client.get(path)
                return "\(answer.status) \(answer.value["message"]?.string ?? "")"
            }
            #expect(try await message("\(Self.services)/x:82/proxy/v1/status") == "404 services \"x\" not found")
            _ = try await client.post(Self.services, Self.service("x"))
            await server.settle()
            let none = try await client.get("\(Self.services)/x:82/proxy/v1/status")
            #expect(none.status == 503 && none.value["reason"] == "ServiceUnavailable")
            #expect(none.value["message"] == "no endpoints available for service \"x\"")
            #expect(
                try await message("\(Self.services)/x:83/proxy/") == "503 no service port 83 found for service \"x\"")
            #expect(
                try await message("\(Self.services)/a:b:c:d/proxy/") == "400 invalid service request \"a:b:c:d\"")
            _ = try await client.post(Self.pods, Self.pod("x"))
            let refused = try await Self.wait("\(Self.services)/http:x:82/proxy/v1/status", client) {
                $0.text.contains("dial tcp")
            }
            let address = try await client.get("\(Self.pods)/x").value[path: "status", "podIP"]?.string ?? ""
            let words = "error trying to reach service: dial tcp \(address)"
            #expect(refused.status == 503)
            #expect(refused.value["message"] == .string("\(words):50002: connect: connection refused"))
            #expect(
                try await message("\(Self.services)/x:grpc/proxy/") == "503 \(words):50001: connect: connection refused"
            )
            #expect(
                try await message("\(Self.services)/x/proxy/") == "503 no endpoints available for service \"x\"")
            #expect(try await message("\(Self.pods)/x:99/proxy/a") == "503 \(words):99: connect: connection refused")
            #expect(try await message("\(Self.pods)/y/proxy/a") == "404 pods \"y\" not found")
            let moved = try await client.get("\(Self.services)/x:82/proxy")
            #expect(moved.status == 301 && moved.header("Location") == "\(Self.services)/x:82/proxy/")
        }
    }

    @Test func `answers are what a test has set`() async throws {
        try await withSandbox { server, client in
            _ = try await client.post(Self.services, Self.service("x"))
            let path = "\(Self.services)/x:82/proxy/v1/status"
            server.setProxyAnswer(.response(status: 418, contentType: "text/html", body: "<p>"), of: "x")
            // Without a control plane there are no endpoints either.
            #expect(try await client.get(path).status == 404)
            let endpoints: Value = [
                "apiVersion": "v1", "kind": "Endpoints", "metadata": ["name": "x"],
            ]
            _ = try await client.post("/api/v1/namespaces/default/endpoints", endpoints)
            let answer = try await client.get(path)
            #expect(answer.status == 418 && answer.text == "<p>" && answer.header("Content-Type") == "text/html")
            for (fault, words) in [
                (ProxyAnswer.refused, "dial tcp 10.244.0.1:82: connect: connection refused"),
                (.unreachable, "dial tcp 10.244.0.1:82: i/o timeout"), (.broken, "EOF"),
            ] {
                server.setProxyAnswer(fault, of: "x")
                let answer = try await client.get(path)
                #expect(answer.status == 503)
                #expect(answer.value["message"] == .string("error trying to reach service: \(words)"))
            }
            server.setProxyAnswer(.hang, of: "x")
            async let late = client.get(path)
            server.setProxyAnswer(.response(body: "{}"), of: "x")
            #expect(try await late.text == "{}")
            server.setProxyAnswer(nil, of: "x")
            #expect(try await client.get(path).status == 503)
        }
    }

    @Test func `old servers tell it in plain text`() async throws {
        var configuration = SandboxConfiguration.fast
        configuration.minorVersion = 20
        try await withSandbox(configuration) { _, client in
            _ = try await client.post(Self.pods, Self.pod("x"))
            let answer = try await Self.wait("\(Self.pods)/x:50002/proxy/v1/status", client) { $0.status == 503 }
            let address = try await client.get("\(Self.pods)/x").value[path: "status", "podIP"]?.string ?? ""
            #expect(
                answer.text
                    == "Error: 'dial tcp \(address):50002: connect: connection refused'\nTrying to reach: 'http://\(address):50002/v1/status'"
            )
        }
    }

    @Test func `the right to a proxy is one of its own`() async throws {
        try await withSandbox { _, client in
            let robot = try await RolesTests.robot(client)
            let path = "\(Self.services)/x:82/proxy/v1/status"
            let refused = try await robot.get(path)
            #expect(refused.status == 403)
            #expect(
                refused.value["message"]
                    == "services \"x:82\" is forbidden: User \"system:serviceaccount:default:robot\" cannot get resource \"services/proxy\" in API group \"\" in the namespace \"default\""
            )
            try await RolesTests.add(
                RolesTests.role("Role", "r", RolesTests.rules([""], ["services/proxy"], ["get"], names: ["x:82"])),
                RolesTests.binding("RoleBinding", "r", to: "Role", "r"), by: client)
            #expect(try await robot.get(path).status == 404)
            #expect(try await robot.get("\(Self.services)/x:80/proxy/").status == 403)
        }
    }

    @Test func `a training goes from waiting to complete, its clients exit, its aggregator stays`() async throws {
        var configuration = SandboxConfiguration()
        configuration.timeScale = 100
        let task = "0123456789abcdef0123456789abcdef"
        try await withSandbox(configuration) { _, client in
            let aggregator = "iflearnerjob-server-\(task)"
            let path = "\(Self.services)/\(aggregator):82/proxy/v1/status"
            func party(_ name: String, _ answer: TestClient.Answer) -> Value { answer.value[name] ?? .null }
            _ = try await client.post(Self.services, Self.service(aggregator))
            _ = try await client.post(
                Self.pods, Self.pod(aggregator, "python iflearner/business/homo/aggregate_server.py -n=2 --epochs=3"))
            let empty = try await Self.wait(path, client) { $0.status == 200 }
            #expect(empty.value == [:] && empty.header("Content-Type") == "application/json")
            func join(_ name: String) async throws {
                let args = "python train.py --name=\(name) --epochs=3 --server=\(task).server.iflearner.com:30031"
                _ = try await client.post(Self.pods, Self.pod("iflearnerjob-client-\(task)-\(name)", args))
            }
            try await join("a")
            let waiting = try await Self.wait(path, client) { party("a", $0) != .null }
            let expected: Value = ["ready": true, "complete": false, "current_epoch": 0, "total_epoch": 3]
            #expect(waiting.value == ["a": expected])
            try await join("b")
            let running = try await Self.wait(path, client) { (party("b", $0)["current_epoch"]?.int ?? 0) > 0 }
            #expect(party("a", running)["current_epoch"] == party("b", running)["current_epoch"])
            let complete = try await Self.wait(path, client) { party("b", $0)["complete"] == true }
            #expect(party("a", complete) == ["ready": true, "complete": true, "current_epoch": 3, "total_epoch": 3])
            for name in ["a", "b"] {
                _ = try await Self.wait("\(Self.pods)/iflearnerjob-client-\(task)-\(name)", client) {
                    $0.value[path: "status", "phase"] == "Succeeded"
                }
            }
            let stays = try await client.get("\(Self.pods)/\(aggregator)").value
            #expect(stays[path: "status", "phase"] == "Running")
            #expect(try await client.get(path).value == complete.value)
            #expect(try await client.get("\(Self.services)/\(aggregator):82/proxy/v2").status == 404)
        }
    }

    @Test func `a training stands still while the kubelet is paused`() async throws {
        var configuration = SandboxConfiguration.fast
        configuration.epochLength = .seconds(1)
        try await withSandbox(configuration) { server, client in
            let path = "\(Self.pods)/agg:50002/proxy/v1/status"
            _ = try await client.post(Self.pods, Self.pod("agg", "aggregate_server.py -n=1 --epochs=1000000"))
            _ = try await client.post(Self.pods, Self.pod("p", "train --name=a --server=agg.server:1"))
            _ = try await Self.wait(path, client) { ($0.value[path: "a", "current_epoch"]?.int ?? 0) > 3 }
            await server.setKubeletPaused(true)
            let before = try await client.get(path).value
            for _ in 0..<20 { _ = try await client.get(Self.pods) }
            #expect(try await client.get(path).value == before)
            await server.setKubeletPaused(false)
            _ = try await Self.wait(path, client) { $0.value != before }
        }
    }
}
