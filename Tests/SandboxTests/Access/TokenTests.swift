// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Sandbox
import Testing
import Values

/// The tokens of service accounts, and acting as somebody else.
struct TokenTests {
    static let accounts = "/api/v1/namespaces/default/serviceaccounts"

    static func reviewed(_ token: String, _ client: TestClient) async throws -> Value {
        let review: Value = [
            "apiVersion": "authentication.k8s.io/v1", "kind": "TokenReview", "spec": ["token": .string(token)],
        ]
        return try await client.post("/apis/authentication.k8s.io/v1/tokenreviews", review).value["status"] ?? .null
    }

    @Test func `a token says whose it is, and is good as long as the account is`() async throws {
        try await withSandbox { server, client in
            let robot = try await RolesTests.robot(client)
            let status = try await Self.reviewed(robot.token, client)
            #expect(status["authenticated"] == true)
            #expect(status[path: "user", "username"] == "system:serviceaccount:default:robot")
            let groups: Value = ["system:serviceaccounts", "system:serviceaccounts:default", "system:authenticated"]
            #expect(status[path: "user", "groups"] == groups)
            let uid = try await client.get("\(Self.accounts)/robot").value[path: "metadata", "uid"]
            #expect(status[path: "user", "uid"] == uid)
            #expect(try await robot.get("/version").status == 200)
            #expect(server.requests.last?.user == "system:serviceaccount:default:robot")
            // One of the same name is another one.
            _ = try await client.delete("\(Self.accounts)/robot")
            #expect(try await robot.get("/version").status == 401)
            let account: Value = ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "robot"]]
            _ = try await client.post(Self.accounts, account)
            #expect(try await robot.get("/version").status == 401)
        }
    }

    @Test func `a token that is changed, foreign or meant for others lets nobody in`() async throws {
        try await withSandbox { _, client in
            let robot = try await RolesTests.robot(client)
            let parts = robot.token.split(separator: ".").map(String.init)
            var claims = try Value(json: Base64.decode(parts[1]))
            claims["sub"] = "system:serviceaccount:kube-system:admin"
            claims.set("kube-system", at: ["kubernetes.io", "namespace"])
            let forged = "\(parts[0]).\(Base64.encodeURLSafe(claims.json())).\(parts[2])"
            let other = try await client.post("\(Self.accounts)/robot/token", ["spec": ["audiences": ["vault"]]])
            let elsewhere = try #require(other.value[path: "status", "token"]?.string)
            #expect(other.value[path: "spec", "audiences"] == ["vault"])
            for token in [forged, "\(robot.token)x", "", "a.b.c", elsewhere] {
                var stranger = client
                stranger.token = token
                #expect(try await stranger.get("/version").status == 401)
                #expect(try await Self.reviewed(token, client)["authenticated"] == false)
            }
        }
    }

    @Test func `a token that is bound to a pod goes with the pod`() async throws {
        try await withSandbox { _, client in
            _ = try await RolesTests.robot(client)
            let pods = "/api/v1/namespaces/default/pods"
            let pod: Value = [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                "spec": ["serviceAccountName": "robot", "containers": [["name": "c", "image": "i"]]],
            ]
            #expect(try await client.post(pods, pod).status == 201)
            let reference: Value = ["kind": "Pod", "apiVersion": "v1", "name": "p"]
            let answer = try await client.post(
                "\(Self.accounts)/robot/token", ["spec": ["boundObjectRef": reference]])
            var bound = client
            bound.token = try #require(answer.value[path: "status", "token"]?.string)
            #expect(try await bound.get("/version").status == 200)
            let extra = try await Self.reviewed(bound.token, client)[path: "user", "extra"]
            #expect(extra?["authentication.kubernetes.io/pod-name"] == ["p"])
            _ = try await client.delete("\(pods)/p", ["gracePeriodSeconds": 0])
            #expect(try await bound.get("/version").status == 401)
        }
    }

    @Test func `a token is asked for with care`() async throws {
        try await withSandbox { _, client in
            _ = try await RolesTests.robot(client)
            let short = try await client.post("\(Self.accounts)/robot/token", ["spec": ["expirationSeconds": 10]])
            #expect(short.status == 422)
            #expect(
                short.value["message"]
                    == "TokenRequest.authentication.k8s.io \"\" is invalid: spec.expirationSeconds: Invalid value: 10: may not specify a duration less than 10 minutes"
            )
            #expect(try await client.post("\(Self.accounts)/nobody/token", ["spec": [:]]).status == 404)
            let missing: Value = ["kind": "Pod", "apiVersion": "v1", "name": "p"]
            let unbound = try await client.post(
                "\(Self.accounts)/robot/token", ["spec": ["boundObjectRef": missing]])
            #expect(unbound.status == 404)
        }
    }

    @Test func `tokens outlive a restart with their accounts`() async throws {
        try await PersistenceTests.withDirectory { path in
            var token = ""
            try await withSandbox(PersistenceTests.configuration(path)) { _, client in
                token = try await RolesTests.robot(client).token
            }
            try await withSandbox(PersistenceTests.configuration(path)) { _, client in
                var robot = client
                robot.token = token
                let answer = try await robot.get("/version")
                #expect(answer.status == 200)
            }
        }
    }

    @Test func `the administrator acts as others, others only as they may`() async throws {
        try await withSandbox { _, client in
            let robot = try await RolesTests.robot(client)
            let path = RolesTests.configMaps
            let asRobot = ["Impersonate-User: system:serviceaccount:default:robot"]
            #expect(try await client.send("GET", path, headers: asRobot).status == 403)
            let answer = try await robot.send("GET", path, headers: ["Impersonate-User: sandbox-admin"])
            #expect(answer.status == 403)
            #expect(
                answer.value["message"]
                    == "users \"sandbox-admin\" is forbidden: User \"system:serviceaccount:default:robot\" cannot impersonate resource \"users\" in API group \"\" at the cluster scope"
            )
            try await RolesTests.add(
                RolesTests.binding("RoleBinding", "view", to: "ClusterRole", "view"), by: client)
            #expect(try await client.send("GET", path, headers: asRobot).status == 200)
            let group = ["Impersonate-User: jane", "Impersonate-Group: system:masters"]
            #expect(try await client.send("GET", "/api/v1/secrets", headers: group).status == 200)
            #expect(try await client.send("GET", "/api/v1/secrets", headers: [group[0]]).status == 403)
        }
    }
}
