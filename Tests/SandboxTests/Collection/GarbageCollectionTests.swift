// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct GarbageCollectionTests {
    private static let deployment = ObjectKey(.deployments, namespace: "default", name: "web")

    private static func map(_ name: String, owners: [Fields] = [], blocking: Bool = true) -> Value {
        let references = owners.map { owner -> Value in
            var reference = owner.ownerReference
            reference["controller"] = nil
            reference["blockOwnerDeletion"] = .bool(blocking)
            return reference
        }
        var map: Value = ["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": .string(name)]]
        if !references.isEmpty { map.set(.array(references), at: ["metadata", "ownerReferences"]) }
        return map
    }

    @Test func `deleting in the background removes the dependents of dependents`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(DeploymentTests.deployment())
            await cluster.pass(.seconds(5))
            try cluster.delete(Self.deployment, .background)
            #expect(cluster.object(.deployments, "web") == nil)
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.replicaSets).isEmpty)
            #expect(cluster.objects(.pods).isEmpty)
        }
    }

    @Test func `deleting in the foreground keeps the owner until the last pod is gone`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(DeploymentTests.deployment())
            await cluster.pass(.seconds(5))
            let watch = try cluster.store.watch(
                [.pods, .replicaSets, .deployments], after: cluster.store.revision)
            try cluster.delete(Self.deployment, .foreground)
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.deployments, "web") == nil)
            cluster.store.close()
            var order: [String] = []
            for await case .event(let event) in watch.elements where event.kind == .deleted {
                order.append(event.object.key.resource.plural)
            }
            #expect(order == ["pods", "pods", "replicasets", "deployments"])
        }
    }

    @Test func `orphans stay and forget their owner`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(DeploymentTests.deployment())
            await cluster.pass(.seconds(5))
            try cluster.delete(Self.deployment, .orphan)
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.deployments, "web") == nil)
            let set = try #require(cluster.objects(.replicaSets).first)
            #expect(set.metadata.ownerReferences.list.isEmpty)
            #expect(cluster.objects(.pods).count == 2)
        }
    }

    @Test func `one owner of two is enough`() async throws {
        try await SimulatedCluster.run { cluster in
            let a = try cluster.create(Self.map("a"))
            let b = try cluster.create(Self.map("b"))
            try cluster.create(Self.map("child", owners: [a, b]))
            try cluster.delete(ObjectKey(.configMaps, namespace: "default", name: "a"))
            await cluster.settle()
            let child = try #require(cluster.object(.configMaps, "child"))
            #expect(child.metadata.ownerReferences.list.map(\.name.text) == ["b"])
            try cluster.delete(ObjectKey(.configMaps, namespace: "default", name: "b"))
            await cluster.settle()
            #expect(cluster.object(.configMaps, "child") == nil)
        }
    }

    @Test func `an owner of another uid or in another namespace is none`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "other"]])
            let owner = try cluster.create(Self.map("owner"))
            var reborn = Self.map("wrong-uid", owners: [owner])
            reborn.set(
                [
                    [
                        "apiVersion": "v1", "kind": "ConfigMap", "name": "owner",
                        "uid": "00000000-0000-0000-0000-000000000000",
                    ]
                ],
                at: ["metadata", "ownerReferences"])
            try cluster.create(reborn)
            var far = Self.map("far", owners: [owner])
            far.set("other", at: ["metadata", "namespace"])
            try cluster.create(far)
            try cluster.create(Self.map("near", owners: [owner]))
            await cluster.settle()
            #expect(cluster.object(.configMaps, "wrong-uid") == nil)
            #expect(cluster.object(.configMaps, namespace: "other", "far") == nil)
            #expect(cluster.object(.configMaps, "near") != nil)
        }
    }

    @Test func `an owner waits only for dependents that block it`() async throws {
        try await SimulatedCluster.run { cluster in
            let owner = try cluster.create(Self.map("owner"))
            for (name, blocking) in [("blocking", true), ("other", false)] {
                var child = Self.map(name, owners: [owner], blocking: blocking)
                child.set(["example.org/hold"], at: ["metadata", "finalizers"])
                try cluster.create(child)
            }
            try cluster.delete(ObjectKey(.configMaps, namespace: "default", name: "owner"), .foreground)
            await cluster.settle()
            #expect(cluster.object(.configMaps, "owner")?.isTerminating == true)
            #expect(cluster.object(.configMaps, "other")?.isTerminating == true)
            try cluster.change(ObjectKey(.configMaps, namespace: "default", name: "blocking")) {
                $0.set(nil, at: ["metadata", "finalizers"])
            }
            await cluster.settle()
            #expect(cluster.object(.configMaps, "owner") == nil)
            #expect(cluster.object(.configMaps, "other") != nil)
        }
    }
}
