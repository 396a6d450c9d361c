// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

struct DefinitionTests {
    static let definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
    static let widgets = "/apis/example.com/v1/namespaces/default/widgets"

    static let definition: Value = [
        "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
        "metadata": ["name": "widgets.example.com"],
        "spec": [
            "group": "example.com", "scope": "Namespaced", "names": ["plural": "widgets", "kind": "Widget"],
            "versions": [
                [
                    "name": "v1", "served": true, "storage": true,
                    "subresources": [
                        "status": [:],
                        "scale": [
                            "specReplicasPath": ".spec.replicas", "statusReplicasPath": ".status.replicas",
                        ],
                    ],
                    "schema": [
                        "openAPIV3Schema": [
                            "type": "object",
                            "properties": [
                                "spec": ["type": "object", "properties": ["replicas": ["type": "integer"]]],
                                "status": ["type": "object", "x-kubernetes-preserve-unknown-fields": true],
                            ],
                        ]
                    ],
                ],
                [
                    "name": "v1beta1", "served": true, "storage": false,
                    "schema": ["openAPIV3Schema": ["type": "object", "x-kubernetes-preserve-unknown-fields": true]],
                ],
            ],
        ],
    ]

    static func widget(_ name: String) -> Value {
        [
            "apiVersion": "example.com/v1", "kind": "Widget", "metadata": ["name": .string(name)],
            "spec": ["replicas": 2],
        ]
    }

    @Test func `a definition is established and its kinds are served until it goes`() async throws {
        try await withSandbox { _, client in
            #expect(try await client.get(Self.widgets).status == 404)
            #expect(try await client.post(Self.definitions, Self.definition).status == 201)
            let path = "\(Self.definitions)/widgets.example.com"
            let settled = try await client.get(path).value
            let conditions = settled[path: "status", "conditions"]?.array ?? []
            #expect(conditions.contains { $0["type"] == "Established" && $0["status"] == "True" })
            #expect(settled[path: "status", "acceptedNames", "listKind"] == "WidgetList")
            #expect(settled[path: "status", "storedVersions"] == ["v1"])
            let group = try await client.get("/apis/example.com").value
            #expect(group[path: "preferredVersion", "version"] == "v1")
            #expect(group["versions"]?.array?.count == 2)
            let created = try await client.post(Self.widgets, Self.widget("w"))
            #expect(created.status == 201)
            #expect(created.value[path: "metadata", "generation"] == 1)
            let list = try await client.get(Self.widgets).value
            #expect(list["kind"] == "WidgetList" && list["items"]?[0]?["kind"] == "Widget")
            let other = try await client.get("/apis/example.com/v1beta1/namespaces/default/widgets/w").value
            #expect(other["apiVersion"] == "example.com/v1beta1")
            #expect(try await client.delete(path).status == 200)
            #expect(try await client.get(path).status == 404)
            #expect(try await client.get(Self.widgets).status == 404)
        }
    }

    @Test func `a definition waits for objects that are held`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.definitions, Self.definition)
            var held = Self.widget("w")
            held.set(["example.com/hold"], at: ["metadata", "finalizers"])
            _ = try await client.post(Self.widgets, held)
            let path = "\(Self.definitions)/widgets.example.com"
            _ = try await client.delete(path)
            #expect(try await client.get(path).value[path: "metadata", "deletionTimestamp"] != nil)
            #expect(try await client.get("\(Self.widgets)/w").value[path: "metadata", "deletionTimestamp"] != nil)
            let release = try await client.patch(
                "\(Self.widgets)/w", "merge-patch+json", ["metadata": ["finalizers": nil]])
            #expect(release.status == 200)
            #expect(try await client.get(path).status == 404)
        }
    }

    @Test func `status and scale of a custom resource are their own`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.definitions, Self.definition)
            _ = try await client.post(Self.widgets, Self.widget("w"))
            let status = try await client.patch(
                "\(Self.widgets)/w/status", "merge-patch+json", ["status": ["replicas": 1], "spec": ["replicas": 9]])
            #expect(status.value[path: "spec", "replicas"] == 2)
            #expect(status.value[path: "metadata", "generation"] == 1)
            let scale = try await client.get("\(Self.widgets)/w/scale").value
            #expect(scale[path: "spec", "replicas"] == 2 && scale[path: "status", "replicas"] == 1)
            let strategic = try await client.patch("\(Self.widgets)/w", "strategic-merge-patch+json", [:])
            #expect(strategic.status == 415)
        }
    }
}
