// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values
import YAMLText

struct NegotiationTests {
    static let path = ObjectLifecycleTests.configMaps

    @Test(arguments: [
        ("application/json", "ConfigMap"), ("", "ConfigMap"), ("*/*", "ConfigMap"),
        ("application/vnd.kubernetes.protobuf, application/json", "ConfigMap"),
        ("application/json;as=Table;v=v1;g=meta.k8s.io,application/json", "Table"),
        ("application/json;as=Table;g=meta.k8s.io;v=v1beta1", "Table"),
        ("application/json;as=Table;g=meta.k8s.io;v=v9,application/json", "ConfigMap"),
        ("application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1", "PartialObjectMetadata"),
    ])
    func `the first form that is understood is given`(accept: String, kind: String) async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            let answer = try await client.get("\(Self.path)/a", accept: accept)
            #expect(answer.status == 200)
            #expect(answer.value["kind"] == .string(kind))
        }
    }

    @Test func `what is not understood is refused`() async throws {
        try await withSandbox { _, client in
            #expect(try await client.get(Self.path, accept: "text/html").status == 406)
            for type in ["text/plain", "application/cbor", "application/merge-patch+json"] {
                let answer = try await client.send(
                    "POST", Self.path, body: ObjectLifecycleTests.configMap("a").json(),
                    headers: ["Content-Type: \(type)"])
                #expect(answer.status == 415)
            }
        }
    }

    @Test func `documents may be YAML, both ways`() async throws {
        try await withSandbox { _, client in
            let text = "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata:\n  b: 'yes'\n"
            let created = try await client.send(
                "POST", Self.path, body: Array(text.utf8), headers: ["Content-Type: application/yaml"])
            #expect(created.status == 201)
            let answer = try await client.get("\(Self.path)/a", accept: "application/yaml")
            #expect(answer.header("Content-Type") == "application/yaml")
            #expect(try Value(yaml: answer.bytes, file: "answer") == created.value)
            let broken = try await client.send(
                "POST", Self.path, body: Array("a: [".utf8), headers: ["Content-Type: application/yaml"])
            #expect(broken.status == 400)
        }
    }

    @Test func `programs get one line, people more`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            var curl = client
            curl.userAgent = "curl/8.0"
            let plain = try await client.get("\(Self.path)/a")
            let pretty = try await curl.get("\(Self.path)/a")
            #expect(!plain.text.contains("\n  ") && pretty.text.contains("\n  \"kind\": \"ConfigMap\""))
            #expect(plain.value == pretty.value)
        }
    }

    @Test func `a replacement for another object of the same name is refused`() async throws {
        try await withSandbox { _, client in
            let first = try await client.post(Self.path, ObjectLifecycleTests.configMap("a")).value
            _ = try await client.delete("\(Self.path)/a")
            _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("a"))
            var late = first
            late.set(nil, at: ["metadata", "resourceVersion"])
            let answer = try await client.put("\(Self.path)/a", late)
            #expect(answer.status == 409)
            #expect(answer.value["message"]?.string?.contains("Precondition failed: UID in precondition") == true)
        }
    }
}
