// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct NamespaceLifecycleTests {
    private static let key = ObjectKey(.namespaces, name: "team")

    private static func start(_ cluster: SimulatedCluster) async throws {
        try cluster.create(["apiVersion": "v1", "kind": "Namespace", "metadata": ["name": "team"]])
        await cluster.settle()
    }

    @Test func `a new namespace is active and has what every namespace has`() async throws {
        var configuration = ControlPlaneConfiguration()
        configuration.certificateAuthority = "PEM"
        try await SimulatedCluster.run(configuration) { cluster in
            try await Self.start(cluster)
            #expect(cluster.object(.namespaces, "team")?.status.phase.text == "Active")
            #expect(cluster.object(.serviceAccounts, namespace: "team", "default") != nil)
            let map = ObjectKey(.configMaps, namespace: "team", name: "kube-root-ca.crt")
            #expect(cluster.object(.configMaps, namespace: "team", map.name)?.data["ca.crt"].text == "PEM")
            try cluster.delete(map)
            try cluster.delete(ObjectKey(.serviceAccounts, namespace: "team", name: "default"))
            await cluster.settle()
            #expect(cluster.object(.configMaps, namespace: "team", map.name) != nil)
            #expect(cluster.object(.serviceAccounts, namespace: "team", "default") != nil)
        }
    }

    @Test func `a deleted namespace goes when its content is gone`() async throws {
        try await SimulatedCluster.run { cluster in
            try await Self.start(cluster)
            var deployment = DeploymentTests.deployment()
            deployment.set("team", at: ["metadata", "namespace"])
            try cluster.create(deployment)
            await cluster.pass(.seconds(5))
            try cluster.delete(Self.key)
            await cluster.settle()
            let namespace = try #require(cluster.object(.namespaces, "team"))
            #expect(namespace.status.phase.text == "Terminating")
            #expect(
                namespace.condition("NamespaceContentRemaining").message.text
                    == "Some resources are remaining: pods. has 2 resource instances")
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.namespaces, "team") == nil)
            #expect(cluster.store.contents(ofNamespace: "team").isEmpty)
        }
    }

    @Test func `a finalizer inside holds the namespace, which says so`() async throws {
        try await SimulatedCluster.run { cluster in
            try await Self.start(cluster)
            try cluster.create([
                "apiVersion": "v1", "kind": "ConfigMap",
                "metadata": ["name": "held", "namespace": "team", "finalizers": ["example.org/hold"]],
            ])
            try cluster.delete(Self.key)
            await cluster.pass(.seconds(600))
            let namespace = try #require(cluster.object(.namespaces, "team"))
            #expect(
                namespace.condition("NamespaceContentRemaining").message.text
                    == "Some resources are remaining: configmaps. has 1 resource instances")
            #expect(
                namespace.condition("NamespaceFinalizersRemaining").message.text
                    == "Some content in the namespace has finalizers remaining: example.org/hold in 1 resource instances"
            )
            #expect(namespace.condition("NamespaceDeletionContentFailure").status.text == "False")
            try cluster.change(ObjectKey(.configMaps, namespace: "team", name: "held")) {
                $0.set(nil, at: ["metadata", "finalizers"])
            }
            await cluster.settle()
            #expect(cluster.object(.namespaces, "team") == nil)
        }
    }
}
