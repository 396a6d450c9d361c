// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

/// What the roles of the cluster let service accounts do.
struct RolesTests {
    static let rbac = "/apis/rbac.authorization.k8s.io/v1"
    static let configMaps = ObjectLifecycleTests.configMaps

    static func rules(_ groups: [Value], _ resources: [Value], _ verbs: [Value], names: [Value] = []) -> Value {
        var rule: Value = ["apiGroups": .array(groups), "resources": .array(resources), "verbs": .array(verbs)]
        if !names.isEmpty { rule["resourceNames"] = .array(names) }
        return rule
    }

    static func role(_ kind: String, _ name: String, _ rules: Value..., labels: Value = [:]) -> Value {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind),
            "metadata": ["name": .string(name), "labels": labels], "rules": .array(rules),
        ]
    }

    static func binding(
        _ kind: String, _ name: String, to role: String, _ roleName: String, subject: Value = account
    ) -> Value {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": ["name": .string(name)],
            "roleRef": [
                "apiGroup": "rbac.authorization.k8s.io", "kind": .string(role), "name": .string(roleName),
            ],
            "subjects": [subject],
        ]
    }

    static let account: Value = ["kind": "ServiceAccount", "name": "robot", "namespace": "default"]

    /// Makes the account `robot` and a client with its token.
    static func robot(_ client: TestClient) async throws -> TestClient {
        let path = "/api/v1/namespaces/default/serviceaccounts"
        let account: Value = ["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "robot"]]
        #expect(try await client.post(path, account).status == 201)
        let answer = try await client.post("\(path)/robot/token", ["spec": [:]])
        #expect(answer.status == 201)
        var robot = client
        robot.token = try #require(answer.value[path: "status", "token"]?.string)
        return robot
    }

    static func add(_ objects: Value..., by client: TestClient) async throws {
        for object in objects {
            let plural = (object["kind"]?.string ?? "").lowercased() + "s"
            let path = plural.hasPrefix("cluster") ? "\(rbac)/\(plural)" : "\(rbac)/namespaces/default/\(plural)"
            #expect(try await client.post(path, object).status == 201)
        }
    }

    @Test func `a service account may do nothing by itself, and is told so in a real server's words`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            let user = "User \"system:serviceaccount:default:robot\""
            for (path, message) in [
                (
                    Self.configMaps,
                    "configmaps is forbidden: \(user) cannot list resource \"configmaps\" in API group \"\" in the namespace \"default\""
                ),
                (
                    "\(Self.configMaps)?watch=true&fieldSelector=metadata.name%3Da",
                    "configmaps \"a\" is forbidden: \(user) cannot watch resource \"configmaps\" in API group \"\" in the namespace \"default\""
                ),
                (
                    "/apis/apps/v1/namespaces/default/deployments/d/scale",
                    "deployments.apps \"d\" is forbidden: \(user) cannot get resource \"deployments/scale\" in API group \"apps\" in the namespace \"default\""
                ),
                (
                    "/api/v1/namespaces/default",
                    "namespaces \"default\" is forbidden: \(user) cannot get resource \"namespaces\" in API group \"\" in the namespace \"default\""
                ),
                (
                    "/apis/no.such.group/v1/things",
                    "things.no.such.group is forbidden: \(user) cannot list resource \"things\" in API group \"no.such.group\" at the cluster scope"
                ),
                ("/metrics", "forbidden: \(user) cannot get path \"/metrics\""),
            ] {
                let answer = try await robot.get(path)
                #expect(answer.status == 403 && answer.value["reason"] == "Forbidden")
                #expect(answer.value["message"] == .string(message))
            }
            #expect(try await robot.get("/apis/apps/v1").status == 200)
            #expect(try await robot.get("/version").status == 200)
        }
    }

    @Test func `a role counts where it is bound, and only while it is`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            let role = Self.role("Role", "reader", Self.rules([""], ["configmaps"], ["get", "list"]))
            try await Self.add(
                Self.binding("RoleBinding", "reader", to: "Role", "reader"), by: client)
            let early = try await robot.get(Self.configMaps)
            #expect(early.status == 403)
            #expect(
                early.value["message"]?.string?.hasSuffix(": RBAC: role.rbac.authorization.k8s.io \"reader\" not found")
                    == true)
            try await Self.add(role, by: client)
            #expect(try await robot.get(Self.configMaps).status == 200)
            #expect(try await robot.get("/api/v1/configmaps").status == 403)
            #expect(try await robot.get("/api/v1/namespaces/kube-system/configmaps").status == 403)
            #expect(try await robot.post(Self.configMaps, ObjectLifecycleTests.configMap("a")).status == 403)
            _ = try await client.delete("\(Self.rbac)/namespaces/default/rolebindings/reader")
            #expect(try await robot.get(Self.configMaps).status == 403)
        }
    }

    @Test func `a cluster role counts everywhere, or in the namespace it is bound in`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            try await Self.add(
                Self.role("ClusterRole", "reader", Self.rules([""], ["*"], ["get", "list"])),
                Self.binding("RoleBinding", "here", to: "ClusterRole", "reader"), by: client)
            #expect(try await robot.get(Self.configMaps).status == 200)
            #expect(try await robot.get("/api/v1/pods").status == 403)
            let group: Value = [
                "kind": "Group", "name": "system:serviceaccounts:default", "apiGroup": "rbac.authorization.k8s.io",
            ]
            try await Self.add(
                Self.binding("ClusterRoleBinding", "everywhere", to: "ClusterRole", "reader", subject: group),
                by: client)
            #expect(try await robot.get("/api/v1/pods").status == 200)
            #expect(try await robot.get("/api/v1/nodes").status == 200)
            #expect(try await robot.get("/apis/apps/v1/deployments").status == 403)
        }
    }

    @Test func `a name in a rule covers requests that tell the name`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            try await Self.add(
                Self.role(
                    "Role", "one", Self.rules([""], ["configmaps"], ["*"], names: ["a"]),
                    Self.rules([""], ["pods/log", "*/status"], ["get"])),
                Self.binding("RoleBinding", "one", to: "Role", "one"), by: client)
            for (path, status) in [
                ("\(Self.configMaps)/a", 404), ("\(Self.configMaps)/b", 403), (Self.configMaps, 403),
                ("\(Self.configMaps)?fieldSelector=metadata.name%3Da", 200),
                ("\(Self.configMaps)?fieldSelector=metadata.name%3Db", 403),
                ("\(Self.configMaps)?fieldSelector=metadata.name!%3Da", 403),
                ("/api/v1/namespaces/default/pods/p/log", 404), ("/api/v1/namespaces/default/pods/p/status", 404),
                ("/api/v1/namespaces/default/pods/p", 403),
            ] {
                #expect(try await robot.get(path).status == status, "\(path)")
            }
            // The name of a new object is not told by the path; that of one that is applied is.
            #expect(try await robot.post(Self.configMaps, ObjectLifecycleTests.configMap("a")).status == 403)
            #expect(try await robot.apply("\(Self.configMaps)/a", ObjectLifecycleTests.configMap("a")).status == 201)
        }
    }

    @Test func `an apply that creates needs the right to create`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            try await Self.add(
                Self.role("Role", "patcher", Self.rules([""], ["configmaps"], ["patch"])),
                Self.binding("RoleBinding", "patcher", to: "Role", "patcher"), by: client)
            let refused = try await robot.apply("\(Self.configMaps)/a", ObjectLifecycleTests.configMap("a"))
            #expect(refused.status == 403)
            #expect(refused.value["message"] == "configmaps \"a\" is forbidden: ")
            _ = try await client.post(Self.configMaps, ObjectLifecycleTests.configMap("a"))
            let patch: Value = ["apiVersion": "v1", "kind": "ConfigMap", "data": ["b": "2"]]
            #expect(try await robot.apply("\(Self.configMaps)/a", patch).status == 200)
        }
    }

    @Test func `reviews say what requests would be told, and why`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            try await Self.add(
                Self.role("Role", "reader", Self.rules([""], ["configmaps"], ["get"])),
                Self.binding("RoleBinding", "reader", to: "Role", "reader"), by: client)
            func review(_ verb: String, _ kind: String, _ extra: Value) -> Value {
                var spec: Value = [
                    "resourceAttributes": [
                        "namespace": "default", "verb": .string(verb), "resource": "configmaps",
                    ]
                ]
                for (key, value) in extra.mapping ?? Mapping() { spec[key] = value }
                return ["apiVersion": "authorization.k8s.io/v1", "kind": .string(kind), "spec": spec]
            }
            let reviews = "/apis/authorization.k8s.io/v1"
            let own = try await robot.post(
                "\(reviews)/selfsubjectaccessreviews", review("get", "SelfSubjectAccessReview", [:]))
            #expect(own.value[path: "status", "allowed"] == true)
            #expect(
                own.value[path: "status", "reason"]
                    == "RBAC: allowed by RoleBinding \"reader/default\" of Role \"reader\" to ServiceAccount \"robot/default\""
            )
            let other = try await client.post(
                "\(reviews)/subjectaccessreviews",
                review("list", "SubjectAccessReview", ["user": "system:serviceaccount:default:robot"]))
            #expect(other.value[path: "status", "allowed"] == false)
            let rules = try await robot.post(
                "\(reviews)/selfsubjectrulesreviews",
                [
                    "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectRulesReview",
                    "spec": ["namespace": "default"],
                ])
            let found = rules.value[path: "status", "resourceRules"]?.array ?? []
            #expect(found.contains(["verbs": ["get"], "apiGroups": [""], "resources": ["configmaps"]]))
        }
    }

    @Test func `the roles of every cluster take in those that are labelled for them`() async throws {
        try await withSandbox { _, client in
            let robot = try await Self.robot(client)
            try await Self.add(Self.binding("RoleBinding", "view", to: "ClusterRole", "view"), by: client)
            #expect(try await robot.get(Self.configMaps).status == 200)
            #expect(try await robot.get("/api/v1/namespaces/default/secrets").status == 403)
            let widgets = "/apis/example.com/v1/namespaces/default/widgets"
            #expect(try await robot.get(widgets).status == 403)
            try await Self.add(
                Self.role(
                    "ClusterRole", "widgets", Self.rules(["example.com"], ["widgets"], ["list"]),
                    labels: ["rbac.authorization.k8s.io/aggregate-to-view": "true"]), by: client)
            #expect(try await robot.get(widgets).status == 404)
            try await Self.add(
                Self.binding("ClusterRoleBinding", "all", to: "ClusterRole", "cluster-admin"), by: client)
            #expect(try await robot.get("/api/v1/secrets").status == 200)
            #expect(try await robot.get("/metrics").status == 404)
        }
    }
}
