// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

/// What controllers of custom resources rely on.
struct ControllerNeedsTests {
    static let ingresses = "/apis/networking.k8s.io/v1/namespaces/default/ingresses"
    static let widgets = DefinitionTests.widgets

    static func withWidgets(
        _ configuration: SandboxConfiguration = .bare, _ test: (SandboxServer, TestClient) async throws -> Void
    ) async throws {
        try await withSandbox(configuration) { server, client in
            let answer = try await client.post(DefinitionTests.definitions, DefinitionTests.definition)
            #expect(answer.status == 201)
            try await test(server, client)
        }
    }

    static func configMap(_ name: String, uid: String) -> Value {
        [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name), "uid": .string(uid)],
            "data": ["a": "1"],
        ]
    }

    @Test func `an apply that names a uid is for that object alone`() async throws {
        try await withSandbox { _, client in
            let path = "\(ObjectLifecycleTests.configMaps)/a"
            let missing = try await client.apply(path, Self.configMap("a", uid: "u"))
            #expect(missing.status == 409 && missing.value["reason"] == "Conflict")
            #expect(
                missing.value["message"]
                    == "Operation cannot be fulfilled on configmaps \"a\": uid mismatch: the provided object specified uid u, and no existing object was found"
            )
            let created = try await client.apply(path, ObjectLifecycleTests.configMap("a"))
            let uid = try #require(created.value[path: "metadata", "uid"]?.string)
            #expect(try await client.apply(path, Self.configMap("a", uid: uid)).status == 200)
            let other = try await client.apply(path, Self.configMap("a", uid: "other"))
            #expect(other.status == 422)
            #expect(
                other.value["message"]
                    == "ConfigMap \"a\" is invalid: metadata.uid: Invalid value: \"other\": field is immutable")
        }
    }

    @Test func `a status that is applied touches nothing else and is owned apart`() async throws {
        try await Self.withWidgets { _, client in
            let status: Value = [
                "apiVersion": "example.com/v1", "kind": "Widget", "spec": ["replicas": 9],
                "status": ["phase": "Running"],
            ]
            let path = "\(Self.widgets)/w/status"
            #expect(try await client.apply(path, manager: "controller", status).status == 404)
            let created = try await client.post(Self.widgets, DefinitionTests.widget("w")).value
            let applied = try await client.apply(path, manager: "controller", status)
            #expect(applied.status == 200)
            #expect(applied.value[path: "spec", "replicas"] == 2)
            #expect(applied.value[path: "status", "phase"] == "Running")
            #expect(applied.value[path: "metadata", "generation"] == created[path: "metadata", "generation"])
            let fields = applied.value[path: "metadata", "managedFields"]?.array ?? []
            let own = fields.first { $0["manager"] == "controller" }
            #expect(own?["subresource"] == "status" && own?["operation"] == "Apply")
            #expect(own?["fieldsV1"] == ["f:status": ["f:phase": [:]]])
            // The same again changes nothing, not even the version.
            let again = try await client.apply(path, manager: "controller", status)
            #expect(
                again.value[path: "metadata", "resourceVersion"] == applied.value[path: "metadata", "resourceVersion"])
        }
    }

    @Test func `an object has one controller at most`() async throws {
        try await withSandbox { _, client in
            func owner(_ name: Value) -> Value {
                ["apiVersion": "v1", "kind": "ConfigMap", "name": name, "uid": name, "controller": true]
            }
            var object = ObjectLifecycleTests.configMap("a")
            object["metadata"]?["ownerReferences"] = [owner("x"), owner("y")]
            let answer = try await client.post(ObjectLifecycleTests.configMaps, object)
            #expect(answer.status == 422)
            let message = answer.value["message"]?.string ?? ""
            #expect(message.contains("Only one reference can have Controller set to true."))
            object["metadata"]?["ownerReferences"] = [["apiVersion": "v1", "kind": "ConfigMap", "name": "x"]]
            let unnamed = try await client.post(ObjectLifecycleTests.configMaps, object)
            #expect(unnamed.status == 422)
        }
    }

    @Test func `a dependent of an owner that is not there is collected, whatever its name`() async throws {
        try await Self.withWidgets(.fast) { server, client in
            let owner = try await client.post(Self.widgets, DefinitionTests.widget("w")).value
            func dependent(_ name: String, _ uid: Value?) -> Value {
                var object = ObjectLifecycleTests.configMap(name)
                object["metadata"]?["ownerReferences"] = [
                    ["apiVersion": "example.com/v1", "kind": "Widget", "name": "w", "uid": uid ?? ""]
                ]
                return object
            }
            let path = ObjectLifecycleTests.configMaps
            let stays = dependent("stays", owner[path: "metadata", "uid"])
            #expect(try await client.post(path, stays).status == 201)
            #expect(try await client.post(path, dependent("goes", "former-owner")).status == 201)
            await server.settle()
            #expect(try await client.get("\(path)/goes").status == 404)
            #expect(try await client.get("\(path)/stays").status == 200)
            _ = try await client.delete("\(Self.widgets)/w", ["propagationPolicy": "Background"])
            await server.settle()
            #expect(try await client.get("\(path)/stays").status == 404)
        }
    }

    static func ingress(_ name: String, annotation: Value?, className: Value?, version: String = "v1") -> Value {
        var spec: Value = ["rules": [["host": "a.example.org"]]]
        spec["ingressClassName"] = className
        var metadata: Value = ["name": .string(name)]
        if let annotation { metadata["annotations"] = ["kubernetes.io/ingress.class": annotation] }
        return [
            "apiVersion": .string("networking.k8s.io/\(version)"), "kind": "Ingress", "metadata": metadata,
            "spec": spec,
        ]
    }

    @Test(arguments: [(21, "nginx", false), (26, "nginx", false), (27, "nginx", true), (27, "other", false)])
    func `a new Ingress names its class once (D20)`(minor: Int, annotation: String, isAllowed: Bool) async throws {
        try await withSandbox(DiscoveryTests.configuration(minor: minor)) { _, client in
            let both = Self.ingress("a", annotation: .string(annotation), className: "nginx")
            let answer = try await client.post(Self.ingresses, both)
            #expect(answer.status == (isAllowed ? 201 : 422))
            let why =
                minor < 27
                ? "can not be set when the class field is also set"
                : "must match `ingressClassName` when both are specified"
            if !isAllowed {
                #expect(
                    answer.value["message"]
                        == .string(
                            "Ingress.networking.k8s.io \"a\" is invalid: annotations.kubernetes.io/ingress.class: Invalid value: \"\(annotation)\": \(why)"
                        ))
            }
            let once = try await client.post(
                Self.ingresses, Self.ingress("b", annotation: .string(annotation), className: nil))
            #expect(once.status == 201 && (once.header("Warning") != nil) == (minor >= 27))
            // What is there may get the other one, too.
            let patch: Value = ["spec": ["ingressClassName": "nginx"]]
            #expect(try await client.patch("\(Self.ingresses)/b", "merge-patch+json", patch).status == 200)
        }
    }

    @Test(arguments: [
        (18, "v1beta1", "v1beta1"), (19, "v1", "v1beta1"), (20, "v1", "v1beta1"), (21, "v1", "v1"), (33, "v1", "v1"),
    ])
    func `Ingresses and budgets come in the versions of the release (D1)`(
        minor: Int, ingress: String, budget: String
    ) async throws {
        try await withSandbox(DiscoveryTests.configuration(minor: minor)) { _, client in
            let path = "/apis/networking.k8s.io/\(ingress)/namespaces/default/ingresses"
            let object = Self.ingress("a", annotation: "nginx", className: nil, version: ingress)
            let created = try await client.post(path, object)
            #expect(created.status == 201)
            #expect(try await client.get("/apis/extensions/v1beta1/ingresses").status == 404)
            let budgets = "/apis/policy/\(budget)/namespaces/default/poddisruptionbudgets"
            let guarding: Value = [
                "apiVersion": .string("policy/\(budget)"), "kind": "PodDisruptionBudget", "metadata": ["name": "a"],
                "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "a"]]],
            ]
            #expect(try await client.apply("\(budgets)/a", guarding).status == 201)
        }
    }

    static func event(_ name: String, _ fields: Mapping, namespace: Value = "default") -> Value {
        var event: Value = [
            "apiVersion": "v1", "kind": "Event", "metadata": ["name": .string(name)], "type": "Warning",
            "reason": "Invalid", "message": "m",
            "involvedObject": [
                "apiVersion": "example.com/v1", "kind": "Widget", "name": "w", "namespace": namespace,
            ],
        ]
        for (key, value) in fields { event[key] = value }
        return event
    }

    @Test func `events are counted by patches, and belong to their object's namespace`() async throws {
        try await withSandbox { _, client in
            let path = "/api/v1/namespaces/default/events"
            let first = try await client.post(path, Self.event("a", ["count": 1]))
            #expect(first.status == 201)
            let counted = try await client.patch("\(path)/a", "strategic-merge-patch+json", ["count": 2])
            #expect(counted.status == 200 && counted.value["count"] == 2)
            let found = try await client.get("\(path)?fieldSelector=involvedObject.name%3Dw,reason%3DInvalid")
            #expect(found.value["items"]?.array?.count == 1)
            let elsewhere = try await client.post(path, Self.event("b", [:], namespace: "kube-system"))
            #expect(
                elsewhere.value["message"]
                    == "Event \"b\" is invalid: involvedObject.namespace: Invalid value: \"kube-system\": does not match event.namespace"
            )
            let time: Mapping = ["eventTime": "2026-01-01T00:00:00.000000Z"]
            let bare = try await client.post(path, Self.event("c", time))
            #expect(bare.status == 422)
            let fields = bare.value[path: "details", "causes"]?.array?.compactMap { $0["field"]?.string } ?? []
            #expect(Set(fields) == ["reportingComponent", "reportingInstance", "action"])
            var whole = time
            for (key, value) in [
                ("reportingComponent", "iflearnerctl"), ("reportingInstance", "pod"), ("action", "Refuse"),
            ] {
                whole[key] = .string(value)
            }
            #expect(try await client.post(path, Self.event("d", whole)).status == 201)
            whole["message"] = .string(String(repeating: "x", count: 1025))
            #expect(try await client.post(path, Self.event("e", whole)).status == 422)
        }
    }

    @Test func `a watch of one name sees that object alone, from its beginning to its end`() async throws {
        try await withSandbox { _, client in
            for name in ["a", "b"] { try await WatchFaultTests.create(name, client) }
            var events = WatchTests.watch(client, "fieldSelector=metadata.name%3Db&timeoutSeconds=20")
                .makeAsyncIterator()
            #expect(WatchTests.shown(try #require(await events.next())) == "ADDED b")
            for name in ["a", "b"] { _ = try await client.delete("\(ObjectLifecycleTests.configMaps)/\(name)") }
            #expect(WatchTests.shown(try #require(await events.next())) == "DELETED b")
        }
    }

    @Test func `nothing is applied into a namespace that is not there or is ending`() async throws {
        try await withSandbox { _, client in
            let missing = try await client.apply(
                "/api/v1/namespaces/x/configmaps/a", ObjectLifecycleTests.configMap("a"))
            #expect(missing.status == 404 && missing.value["message"] == "namespaces \"x\" not found")
            let namespace: Value = [
                "apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "x", "finalizers": ["example.com/wait"]],
            ]
            #expect(try await client.post("/api/v1/namespaces", namespace).status == 201)
            _ = try await client.delete("/api/v1/namespaces/x")
            let ending = try await client.apply(
                "/api/v1/namespaces/x/configmaps/a", ObjectLifecycleTests.configMap("a"))
            #expect(ending.status == 403)
            #expect(ending.value[path: "details", "causes"]?[0]?["reason"] == "NamespaceTerminating")
        }
    }

    @Test func `the uid in a patch of a pod's status is a condition`() async throws {
        try await withSandbox { _, client in
            let pods = "/api/v1/namespaces/default/pods"
            let pod: Value = [
                "apiVersion": "v1", "kind": "Pod", "metadata": ["name": "p"],
                "spec": ["containers": [["name": "c", "image": "i"]]],
            ]
            let uid = try await client.post(pods, pod).value[path: "metadata", "uid"]
            func patch(_ uid: Value?) -> Value { ["metadata": ["uid": uid ?? ""], "status": ["phase": "Failed"]] }
            let wrong = try await client.patch("\(pods)/p/status", "merge-patch+json", patch("other"))
            #expect(wrong.status == 422)
            let right = try await client.patch("\(pods)/p/status", "merge-patch+json", patch(uid))
            #expect(right.status == 200 && right.value[path: "status", "phase"] == "Failed")
        }
    }
}
