// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

struct ObjectLifecycleTests {
    static let configMaps = "/api/v1/namespaces/default/configmaps"
    static let deployments = "/apis/apps/v1/namespaces/default/deployments"

    static func configMap(_ name: String, _ data: Value = ["a": "1"]) -> Value {
        ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)], "data": data]
    }

    static func deployment(_ name: String, image: String = "nginx:1", replicas: Int64 = 1) -> Value {
        [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": .int(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "c", "image": .string(image)]]],
                ],
            ],
        ]
    }

    @Test func `a new object gets an identity and comes back as it was written`() async throws {
        try await withSandbox { _, client in
            let created = try await client.post(Self.configMaps, Self.configMap("a"))
            #expect(created.status == 201)
            let metadata = created.value["metadata"]
            #expect(metadata?["uid"]?.string?.count == 36)
            #expect(metadata?["creationTimestamp"]?.string?.hasSuffix("Z") == true)
            #expect(metadata?["generation"] == nil)
            #expect(metadata?["managedFields"]?[0]?["manager"] == "test")
            #expect(try await client.get("\(Self.configMaps)/a").value == created.value)
        }
    }

    @Test func `a dry run does everything but write`() async throws {
        try await withSandbox { server, client in
            let answer = try await client.post("\(Self.configMaps)?dryRun=All", Self.configMap("a"))
            #expect(answer.status == 201)
            #expect(answer.value[path: "metadata", "uid"] != nil)
            #expect(answer.value[path: "metadata", "resourceVersion"] == nil)
            #expect(try await client.get("\(Self.configMaps)/a").status == 404)
            _ = try await client.post(Self.configMaps, Self.configMap("a"))
            let before = try await client.get("\(Self.configMaps)/a").value
            let patched = try await client.patch(
                "\(Self.configMaps)/a?dryRun=All", "merge-patch+json", ["data": ["a": "2"]])
            #expect(patched.value[path: "data", "a"] == "2")
            _ = try await client.delete("\(Self.configMaps)/a?dryRun=All")
            #expect(try await client.get("\(Self.configMaps)/a").value == before)
        }
    }

    @Test(arguments: [(20, 500), (22, 500), (23, 201)])
    func `a Service that is not there takes a version from 1.23 on, other kinds always did`(minor: Int, status: Int)
        async throws
    {
        let configuration = DiscoveryTests.configuration(minor: minor)
        try await withSandbox(configuration) { _, client in
            let guarded: Value = ["name": "a", "resourceVersion": "1"]
            let service: Value = [
                "apiVersion": "v1", "kind": "Service", "metadata": guarded, "spec": ["ports": [["port": 80]]],
            ]
            let path = "/api/v1/namespaces/default/services/a?fieldManager=test"
            #expect(try await client.patch("\(path)&dryRun=All", "apply-patch+yaml", service).status == 201)
            let answer = try await client.patch(path, "apply-patch+yaml", service)
            #expect(answer.status == status)
            if status == 500 {
                #expect(answer.value["message"] == "resourceVersion should not be set on objects to be created")
            }
            let configMap: Value = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": guarded]
            #expect(
                try await client.patch("\(Self.configMaps)/a?fieldManager=test", "apply-patch+yaml", configMap).status
                    == 201)
        }
    }

    @Test func `replacing a Lease that is not there makes it, unless it is meant for one that was there`() async throws
    {
        try await withSandbox { _, client in
            let path = "/apis/coordination.k8s.io/v1/namespaces/default/leases/a"
            var lease: Value = [
                "apiVersion": "coordination.k8s.io/v1", "kind": "Lease",
                "metadata": ["name": "a", "resourceVersion": "77", "uid": "11111111-2222-3333-4444-555555555555"],
                "spec": ["holderIdentity": "x"],
            ]
            let refused = try await client.put(path, lease)
            #expect(refused.status == 409)
            #expect(refused.value["message"]?.string?.contains("Key: /registry/leases/default/a, ") == true)
            lease.set(nil, at: ["metadata", "uid"])
            #expect(try await client.put(path, lease).status == 201)
            #expect(try await client.put(path, lease).status == 409)
            let configMap = Self.configMap("a")
            #expect(try await client.put("\(Self.configMaps)/a", configMap).status == 404)
        }
    }

    @Test func `a generated name has five characters more and is never taken twice`() async throws {
        try await withSandbox { _, client in
            var names: Set<String> = []
            for _ in 0..<20 {
                var map = Self.configMap("x")
                map["metadata"] = ["generateName": "part-"]
                let answer = try await client.post(Self.configMaps, map)
                #expect(answer.status == 201)
                let name = try #require(answer.value[path: "metadata", "name"]?.string)
                #expect(name.hasPrefix("part-") && name.count == 10)
                names.insert(name)
            }
            #expect(names.count == 20)
        }
    }

    @Test func `a stale write is refused, one without a revision is not`() async throws {
        try await withSandbox { _, client in
            let first = try await client.post(Self.configMaps, Self.configMap("a")).value
            #expect(try await client.put("\(Self.configMaps)/a", Self.configMap("a", ["a": "2"])).status == 200)
            #expect(try await client.put("\(Self.configMaps)/a", first).status == 409)
            let stale = try await client.patch(
                "\(Self.configMaps)/a", "merge-patch+json",
                ["metadata": ["resourceVersion": first[path: "metadata", "resourceVersion"] ?? ""]])
            #expect(stale.status == 409)
        }
    }

    @Test func `a write that changes nothing keeps the revision`() async throws {
        try await withSandbox { _, client in
            let first = try await client.post(Self.configMaps, Self.configMap("a")).value
            let again = try await client.patch("\(Self.configMaps)/a", "merge-patch+json", ["data": ["a": "1"]])
            #expect(again.value == first)
            let object = Self.configMap("b")
            let applied = try await client.apply("\(Self.configMaps)/b", object)
            #expect(applied.status == 201)
            let same = try await client.apply("\(Self.configMaps)/b", object)
            #expect(same.status == 200)
            #expect(same.value == applied.value)
        }
    }

    @Test func `the generation counts changes of the spec alone, and the beginning of the end`() async throws {
        try await withSandbox { _, client in
            func generation(_ answer: TestClient.Answer) -> Int64? { answer.value[path: "metadata", "generation"]?.int }
            let path = "\(Self.deployments)/web"
            #expect(generation(try await client.post(Self.deployments, Self.deployment("web"))) == 1)
            let labelled = try await client.patch(
                path, "merge-patch+json", ["metadata": ["labels": ["x": "y"], "finalizers": ["example.com/hold"]]])
            #expect(generation(labelled) == 1)
            #expect(generation(try await client.patch(path, "merge-patch+json", ["spec": ["replicas": 3]])) == 2)
            let status = try await client.patch(
                "\(path)/status", "merge-patch+json", ["status": ["replicas": 3], "spec": ["replicas": 9]])
            #expect(status.value[path: "status", "replicas"] == 3)
            #expect(status.value[path: "spec", "replicas"] == 3)
            #expect(generation(status) == 2)
            let spec = try await client.patch(path, "merge-patch+json", ["status": ["replicas": 7]])
            #expect(spec.value[path: "status", "replicas"] == 3)
            let deleted = try await client.delete(path)
            #expect(deleted.status == 200)
            #expect(generation(deleted) == 3)
            #expect(deleted.value[path: "metadata", "deletionGracePeriodSeconds"] == 0)
            // A second deletion changes nothing.
            #expect(try await client.delete(path).value == deleted.value)
            let more = try await client.patch(
                path, "json-patch+json", [["op": "add", "path": "/metadata/finalizers/-", "value": "example.com/more"]])
            #expect(more.status == 422)
            let last = try await client.patch(path, "merge-patch+json", ["metadata": ["finalizers": nil]])
            #expect(last.status == 200)
            #expect(try await client.get(path).status == 404)
        }
    }

    @Test func `a deletion says what is gone, and only under its conditions`() async throws {
        try await withSandbox { _, client in
            let object = try await client.post(Self.configMaps, Self.configMap("a")).value
            let uid = try #require(object[path: "metadata", "uid"])
            let wrong = try await client.delete("\(Self.configMaps)/a", ["preconditions": ["resourceVersion": "1"]])
            #expect(wrong.status == 409)
            let answer = try await client.delete("\(Self.configMaps)/a", ["preconditions": ["uid": uid]])
            #expect(answer.value["status"] == "Success")
            #expect(answer.value[path: "details", "uid"] == uid)
            #expect(try await client.delete("\(Self.configMaps)/a").status == 404)
        }
    }

    @Test func `a propagation policy becomes a finalizer`() async throws {
        try await withSandbox { _, client in
            for (policy, finalizer) in [("Foreground", "foregroundDeletion"), ("Orphan", "orphan")] {
                _ = try await client.post(Self.deployments, Self.deployment(policy.lowercased()))
                let path = "\(Self.deployments)/\(policy.lowercased())"
                let answer = try await client.delete("\(path)?propagationPolicy=\(policy)")
                #expect(answer.value[path: "metadata", "finalizers"] == [.string(finalizer)])
                #expect(try await client.get(path).value[path: "metadata", "deletionTimestamp"] != nil)
            }
        }
    }

    @Test func `a collection is deleted by its selector`() async throws {
        try await withSandbox { _, client in
            for name in ["a", "b", "c"] {
                var map = Self.configMap(name)
                map.set(.string(name == "c" ? "no" : "yes"), at: ["metadata", "labels", "go"])
                _ = try await client.post(Self.configMaps, map)
            }
            let answer = try await client.delete("\(Self.configMaps)?labelSelector=go%3Dyes")
            #expect(answer.value["kind"] == "ConfigMapList")
            #expect(answer.value["items"]?.array?.count == 2)
            let left = try await client.get(Self.configMaps).value["items"]?.array
            #expect(left?.compactMap { $0[path: "metadata", "name"]?.string } == ["c"])
        }
    }

    @Test func `the scale of a deployment is a document of its own`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(Self.deployments, Self.deployment("web", replicas: 2))
            let path = "\(Self.deployments)/web/scale"
            let scale = try await client.get(path).value
            #expect(scale["kind"] == "Scale" && scale[path: "spec", "replicas"] == 2)
            #expect(scale[path: "status", "selector"] == "app=web")
            let patched = try await client.patch(path, "merge-patch+json", ["spec": ["replicas": 5]])
            #expect(patched.value[path: "spec", "replicas"] == 5)
            #expect(try await client.put(path, scale).status == 409)
            let object = try await client.get("\(Self.deployments)/web").value
            #expect(object[path: "spec", "replicas"] == 5)
            let managers = object[path: "metadata", "managedFields"]?.array ?? []
            #expect(managers.contains { $0["subresource"] == "scale" })
        }
    }
}
