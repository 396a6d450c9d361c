// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct StatefulSetTests {
    private static let key = ObjectKey(.statefulSets, namespace: "default", name: "db")

    private static func set(_ spec: Value = [:], image: String = "mysql:8.0") -> Value {
        var object: Value = [
            "apiVersion": "apps/v1", "kind": "StatefulSet", "metadata": ["name": "db"],
            "spec": [
                "replicas": 3, "serviceName": "db", "selector": ["matchLabels": ["app": "db"]],
                "template": [
                    "metadata": ["labels": ["app": "db"]],
                    "spec": ["containers": [["name": "c", "image": .string(image)]]],
                ],
            ],
        ]
        for (key, value) in spec.mapping ?? [:] { object.set(value, at: ["spec", key]) }
        return object
    }

    private static func setImage(_ image: Value, in cluster: SimulatedCluster) throws {
        try cluster.change(key) {
            $0.set([["name": "c", "image": image]], at: ["spec", "template", "spec", "containers"])
        }
    }

    @Test func `pods come up one after another and have names, claims and labels of their own`() async throws {
        try await SimulatedCluster.run { cluster in
            let claim: Value = [
                "metadata": ["name": "data"],
                "spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]],
            ]
            try cluster.create(Self.set(["volumeClaimTemplates": [claim]]))
            await cluster.pass(.milliseconds(500))
            #expect(cluster.objects(.pods).map(\.objectName) == ["db-0"])
            await cluster.pass(.seconds(30))
            let pods = cluster.objects(.pods)
            #expect(pods.map(\.objectName) == ["db-0", "db-1", "db-2"])
            #expect(pods.map { PodSummary($0).status } == ["Running", "Running", "Running"])
            #expect(pods[1].metadata.labels["statefulset.kubernetes.io/pod-name"].text == "db-1")
            #expect(pods[1].metadata.labels["apps.kubernetes.io/pod-index"].text == "1")
            #expect(pods[1].spec.hostname.text == "db-1")
            #expect(pods[1].spec.subdomain.text == "db")
            #expect(
                cluster.objects(.persistentVolumeClaims).map { "\($0.objectName) \($0.status.phase.text)" }
                    == ["data-db-0 Bound", "data-db-1 Bound", "data-db-2 Bound"])
            let set = try #require(cluster.object(.statefulSets, "db"))
            #expect(set.status.readyReplicas.number == 3)
            #expect(set.status.currentRevision.text == set.status.updateRevision.text)
            #expect(set.status.currentReplicas.number == 3)
            #expect(cluster.objects(.controllerRevisions).count == 1)
        }
    }

    @Test func `an update goes from the last to the first and stops at the partition`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(
                Self.set(["updateStrategy": ["type": "RollingUpdate", "rollingUpdate": ["partition": 1]]]))
            await cluster.pass(.seconds(30))
            let watch = try cluster.store.watch([.pods], after: cluster.store.revision)
            try Self.setImage("mysql:8.4", in: cluster)
            await cluster.pass(.seconds(60))
            func images() -> [String] {
                cluster.objects(.pods).compactMap { $0.spec.containers.list.first?.image.text }
            }
            #expect(images() == ["mysql:8.0", "mysql:8.4", "mysql:8.4"])
            let set = try #require(cluster.object(.statefulSets, "db"))
            #expect(set.status.updatedReplicas.number == 2)
            #expect(set.status.currentRevision.text != set.status.updateRevision.text)
            try cluster.change(Self.key) { $0.set(0, at: ["spec", "updateStrategy", "rollingUpdate", "partition"]) }
            await cluster.pass(.seconds(60))
            #expect(images() == ["mysql:8.4", "mysql:8.4", "mysql:8.4"])
            let done = try #require(cluster.object(.statefulSets, "db"))
            #expect(done.status.currentRevision.text == done.status.updateRevision.text)
            cluster.store.close()
            var order: [String] = []
            for await case .event(let event) in watch.elements where event.kind == .deleted {
                order.append(event.object.key.name)
            }
            #expect(order == ["db-2", "db-1", "db-0"])
        }
    }

    @Test func `OnDelete updates only pods that somebody deletes`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.set(["updateStrategy": ["type": "OnDelete"]]))
            await cluster.pass(.seconds(30))
            try Self.setImage("mysql:8.4", in: cluster)
            await cluster.pass(.seconds(30))
            #expect(cluster.object(.statefulSets, "db")?.status.updatedReplicas.number == nil)
            try cluster.delete(ObjectKey(.pods, namespace: "default", name: "db-1"))
            await cluster.pass(.seconds(30))
            #expect(cluster.object(.pods, "db-1")?.spec.containers.list.first?.image.text == "mysql:8.4")
            #expect(cluster.object(.pods, "db-0")?.spec.containers.list.first?.image.text == "mysql:8.0")
        }
    }

    @Test func `a first pod that does not get ready holds the others, unless they are parallel`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.set(image: "mysql:broken"))
            await cluster.pass(.seconds(60))
            #expect(cluster.objects(.pods).map(\.objectName) == ["db-0"])
            #expect(cluster.object(.statefulSets, "db")?.status.replicas.number == 1)
            try cluster.delete(Self.key)
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).isEmpty)
            try cluster.create(Self.set(["podManagementPolicy": "Parallel"], image: "mysql:broken"))
            await cluster.settle()
            #expect(cluster.objects(.pods).count == 3)
        }
    }

    @Test func `scaling down removes the last pods first and keeps their claims`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.set())
            await cluster.pass(.seconds(30))
            try cluster.change(Self.key) { $0.set(1, at: ["spec", "replicas"]) }
            await cluster.settle()
            #expect(cluster.objects(.pods).map { PodSummary($0).status } == ["Running", "Running", "Terminating"])
            await cluster.pass(.seconds(30))
            #expect(cluster.objects(.pods).map(\.objectName) == ["db-0"])
            #expect(cluster.object(.statefulSets, "db")?.status.replicas.number == 1)
        }
    }
}
