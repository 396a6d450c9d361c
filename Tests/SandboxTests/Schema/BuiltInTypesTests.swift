// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct BuiltInTypesTests {
    private func type(_ apiVersion: String, _ kind: String, _ path: String...) throws -> TypeSchema {
        var type = try #require(BuiltInTypes.schema(apiVersion: apiVersion, kind: kind))
        for step in path {
            if step == "[]" {
                type = try #require(type.list).element
            } else {
                type = try #require(type.field(step), "no field \(step)")
            }
        }
        return type
    }

    @Test func `every line of the table reads back with a name and no field without a type`() throws {
        var count = 0
        for line in BuiltInTypes.kinds.description.split(separator: "\n") {
            let words = line.split(separator: " ").map(String.init)
            let type = try #require(BuiltInTypes.schema(apiVersion: words[0], kind: words[1]))
            let object = try #require(type.object)
            #expect(!object.name.isEmpty)
            #expect(object.fields["kind"] != nil || words[1] == "DeleteOptions", "\(words[1])")
            count += 1
        }
        #expect(count >= 70)
    }

    @Test func `a kind that is not served has no schema`() {
        #expect(BuiltInTypes.schema(apiVersion: "extensions/v1beta1", kind: "Ingress") == nil)
        #expect(BuiltInTypes.schema(apiVersion: "v1", kind: "Deployment") == nil)
    }

    @Test func `container ports are told apart by port and protocol, patched by port`() throws {
        let container = try type("apps/v1", "Deployment", "spec", "template", "spec", "containers", "[]")
        let ports = try #require(container.object?.fields["ports"])
        #expect(ports.type.list?.kind == .map(keys: ["containerPort", "protocol"]))
        #expect(ports.patch.mergeKey == "containerPort")
        #expect(ports.type.list?.element.object?.fields["protocol"]?.keyDefault == "TCP")
        #expect(ports.protobufPath == [6])
    }

    @Test func `embedded structs have the protobuf path of both`() throws {
        let volume = try type("v1", "Pod", "spec", "volumes", "[]")
        #expect(volume.object?.fields["emptyDir"]?.protobufPath == [2, 2])
        let volumes = try #require(try type("v1", "Pod", "spec").object?.fields["volumes"])
        #expect(volumes.patch.mergesElements && volumes.patch.retainsKeys)
        #expect(volumes.patch.mergeKey == "name")
    }

    @Test func `selectors are atomic, finalizers a set, arguments an atomic list`() throws {
        #expect(try type("apps/v1", "Deployment", "spec", "selector").object?.isAtomic == true)
        #expect(try type("v1", "Pod", "metadata", "finalizers").list?.kind == .set)
        #expect(try type("v1", "Pod", "spec", "containers", "[]", "args").list?.kind == .atomic)
        #expect(try type("v1", "Pod", "spec", "nodeSelector").object?.isAtomic == true)
        #expect(try type("v1", "Service", "spec", "selector").object?.isAtomic == true)
    }

    @Test func `recursive types resolve on demand`() throws {
        let schema = try type(
            "apiextensions.k8s.io/v1", "CustomResourceDefinition", "spec", "versions", "[]", "schema", "openAPIV3Schema"
        )
        let inner = try #require(schema.field("properties")?.field("spec")?.field("properties")?.field("role"))
        #expect(inner.object?.name == "JSONSchemaProps")
    }

    @Test func `normalizing drops what Go leaves out and keeps what it writes`() throws {
        let pod = try type("v1", "Pod")
        let given: Value = [
            "metadata": ["name": "p", "labels": [:]],
            "spec": [
                "hostNetwork": false, "nodeName": "", "automountServiceAccountToken": false, "priority": nil,
                "containers": [
                    [
                        "name": "c", "env": [], "bogus": 1,
                        "resources": ["limits": ["cpu": "1000m", "memory": "2048Mi"], "requests": ["cpu": 0.5]],
                    ]
                ],
            ],
        ]
        #expect(
            given.normalized(as: pod) == [
                "metadata": ["name": "p"],
                "spec": [
                    "automountServiceAccountToken": false,
                    "containers": [
                        [
                            "name": "c",
                            "resources": ["limits": ["cpu": "1", "memory": "2Gi"], "requests": ["cpu": "500m"]],
                        ]
                    ],
                ],
                "status": [:],
            ])
    }
}

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", "0"), ("1", "1"), ("1000m", "1"), ("0.5", "500m"), ("1.5Gi", "1536Mi"), ("1024Mi", "1Gi"), ("1000", "1k"),
        ("1e3", "1e3"), ("12e6", "12e6"), ("100Ki", "100Ki"), ("1023", "1023"), ("512Mi", "512Mi"), ("-5", "-5"),
        ("0.1n", "1n"), ("1Ei", "1Ei"), ("500M", "500M"), ("0.5Gi", "512Mi"), ("+3", "3"), ("1E", "1E"), (".5", "500m"),
        ("1025Ki", "1025Ki"), ("0.5Ki", "512"), ("1e99", nil), ("", nil), ("x", nil), ("1Kib", nil), ("1 ", nil),
        ("--1", nil),
    ])
    func `quantities have a canonical form`(text: String, canonical: String?) {
        #expect(Quantity(text)?.description == canonical)
    }

    @Test func `quantities compare by value`() throws {
        #expect(try #require(Quantity("1Gi")) > #require(Quantity("1G")))
        #expect(try #require(Quantity("1000m")) == #require(Quantity("1")))
    }
}
