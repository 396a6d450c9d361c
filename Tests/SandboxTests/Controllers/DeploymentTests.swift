// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct DeploymentTests {
    static func deployment(
        _ name: String = "web", replicas: Int64 = 2, image: String = "nginx:1.27", _ spec: Value = [:]
    ) -> Value {
        var object: Value = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": .string(name)],
            "spec": [
                "replicas": .int(replicas), "selector": ["matchLabels": ["app": .string(name)]],
                "template": [
                    "metadata": ["labels": ["app": .string(name)]],
                    "spec": ["containers": [["name": "c", "image": .string(image)]]],
                ],
            ],
        ]
        for (key, value) in spec.mapping ?? [:] { object.set(value, at: ["spec", key]) }
        return object
    }

    private static let key = ObjectKey(.deployments, namespace: "default", name: "web")

    private static func setImage(_ image: Value, in cluster: SimulatedCluster) throws {
        try cluster.change(key) { deployment in
            deployment.set([["name": "c", "image": image]], at: ["spec", "template", "spec", "containers"])
        }
    }

    @Test func `a deployment becomes available`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment())
            await cluster.pass(.seconds(5))
            let deployment = try #require(cluster.object(.deployments, "web"))
            #expect(deployment.status.availableReplicas.number == 2)
            #expect(!deployment.status.unavailableReplicas.exists)
            #expect(deployment.status.observedGeneration.number == deployment.metadata.generation.number)
            #expect(deployment.condition("Progressing").reason.text == "NewReplicaSetAvailable")
            #expect(deployment.hasCondition("Available"))
            #expect(deployment.metadata.annotations["deployment.kubernetes.io/revision"].text == "1")
            let set = try #require(cluster.objects(.replicaSets).first)
            #expect(
                cluster.events(of: deployment)
                    == ["ScalingReplicaSet: Scaled up replica set \(set.objectName) from 0 to 2"])
            let pods = cluster.objects(.pods)
            #expect(pods.map { PodSummary($0).status } == ["Running", "Running"])
            #expect(Set(pods.map(\.status.podIP.text)).count == 2)
            #expect(pods.allSatisfy { $0.controllerReference?.uid.text == set.objectUID })
        }
    }

    @Test func `a new template rolls without falling below the limit`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(
                Self.deployment(
                    replicas: 4,
                    ["strategy": ["type": "RollingUpdate", "rollingUpdate": ["maxSurge": 1, "maxUnavailable": 1]]]))
            await cluster.pass(.seconds(5))
            let before = try #require(cluster.objects(.replicaSets).first)
            let watch = try cluster.store.watch([.pods, .replicaSets], after: cluster.store.revision)
            try Self.setImage("nginx:1.28", in: cluster)
            await cluster.pass(.seconds(60))
            let deployment = try #require(cluster.object(.deployments, "web"))
            #expect(deployment.status.updatedReplicas.number == 4)
            #expect(deployment.status.replicas.number == 4)
            #expect(deployment.metadata.annotations["deployment.kubernetes.io/revision"].text == "2")
            #expect(cluster.objects(.pods).allSatisfy { $0.spec.containers.list.first?.image.text == "nginx:1.28" })
            #expect(cluster.objects(.replicaSets).map { $0.spec.replicas.number ?? -1 }.sorted() == [0, 4])

            cluster.store.close()
            var ready = Set(cluster.firstPods(before: watch.revision))
            #expect(ready.count == 4)
            var sizes: [String: Int] = [before.objectName: 4]
            for await case .event(let event) in watch.elements {
                let object = Fields(event.object.value)
                if event.object.key.resource == .replicaSets {
                    sizes[event.object.key.name] = object.spec.replicas.number ?? 0
                    #expect(sizes.values.reduce(0, +) <= 5)
                } else if event.kind != .deleted, object.isReadyPod {
                    ready.insert(event.object.key.name)
                } else {
                    ready.remove(event.object.key.name)
                    #expect(ready.count >= 3)
                }
            }
        }
    }

    @Test func `recreate waits until the last old pod is gone`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment("web", ["strategy": ["type": "Recreate"]]))
            await cluster.pass(.seconds(5))
            let watch = try cluster.store.watch([.pods], after: cluster.store.revision)
            try Self.setImage("nginx:1.28", in: cluster)
            await cluster.pass(.seconds(30))
            #expect(cluster.object(.deployments, "web")?.status.updatedReplicas.number == 2)
            #expect(cluster.object(.deployments, "web")?.hasCondition("Available") == true)
            cluster.store.close()
            var old = 2
            for await case .event(let event) in watch.elements {
                if event.kind == .deleted { old -= 1 }
                if event.kind == .added { #expect(old == 0) }
            }
        }
    }

    @Test func `an image that cannot be pulled stalls the rollout until a better one comes`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment(replicas: 1, ["progressDeadlineSeconds": 20]))
            await cluster.pass(.seconds(5))
            try Self.setImage("nginx:broken", in: cluster)
            await cluster.pass(.seconds(10))
            var deployment = try #require(cluster.object(.deployments, "web"))
            // The old pod serves on.
            #expect(deployment.hasCondition("Available"))
            #expect(deployment.status.unavailableReplicas.number == 1)
            #expect(deployment.condition("Progressing").reason.text == "ReplicaSetUpdated")
            let statuses = cluster.objects(.pods).map { PodSummary($0).status }.sorted()
            #expect(statuses == ["ImagePullBackOff", "Running"])
            await cluster.pass(.seconds(30))
            deployment = try #require(cluster.object(.deployments, "web"))
            #expect(deployment.condition("Progressing").status.text == "False")
            #expect(deployment.condition("Progressing").reason.text == "ProgressDeadlineExceeded")
            try Self.setImage("nginx:1.28", in: cluster)
            await cluster.pass(.seconds(10))
            deployment = try #require(cluster.object(.deployments, "web"))
            #expect(deployment.condition("Progressing").reason.text == "NewReplicaSetAvailable")
            #expect(cluster.objects(.pods).map { PodSummary($0).status } == ["Running"])
        }
    }

    @Test func `scaling changes the number of pods and makes no revision`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment())
            await cluster.pass(.seconds(5))
            for replicas in [5, 1, 0, 3] {
                try cluster.change(Self.key) { $0.set(.int(Int64(replicas)), at: ["spec", "replicas"]) }
                await cluster.pass(.seconds(10))
                #expect(cluster.objects(.pods).count == replicas)
                let status = try #require(cluster.object(.deployments, "web")?.status)
                #expect(status.availableReplicas.number ?? 0 == replicas)
                #expect(status.replicas.number ?? 0 == replicas)
            }
            #expect(cluster.objects(.replicaSets).count == 1)
        }
    }

    @Test func `a paused deployment changes nothing until it is resumed`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment())
            await cluster.pass(.seconds(5))
            try cluster.change(Self.key) { $0.set(true, at: ["spec", "paused"]) }
            try Self.setImage("nginx:1.28", in: cluster)
            await cluster.pass(.seconds(10))
            #expect(cluster.objects(.replicaSets).count == 1)
            #expect(cluster.object(.deployments, "web")?.condition("Progressing").reason.text == "DeploymentPaused")
            try cluster.change(Self.key) { $0.set(nil, at: ["spec", "paused"]) }
            await cluster.pass(.seconds(30))
            #expect(cluster.objects(.replicaSets).count == 2)
            #expect(
                cluster.object(.deployments, "web")?.condition("Progressing").reason.text == "NewReplicaSetAvailable")
        }
    }

    @Test func `going back to an old template uses its replica set under a new revision`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment())
            await cluster.pass(.seconds(5))
            let first = try #require(cluster.objects(.replicaSets).first)
            try Self.setImage("nginx:1.28", in: cluster)
            await cluster.pass(.seconds(30))
            try Self.setImage("nginx:1.27", in: cluster)
            await cluster.pass(.seconds(30))
            #expect(cluster.objects(.replicaSets).count == 2)
            let again = try #require(cluster.object(.replicaSets, first.objectName))
            #expect(again.spec.replicas.number == 2)
            #expect(again.metadata.annotations["deployment.kubernetes.io/revision"].text == "3")
            #expect(again.metadata.annotations["deployment.kubernetes.io/revision-history"].text == "1")
        }
    }

    @Test func `only so many old replica sets are kept as the limit says`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment(replicas: 1, ["revisionHistoryLimit": 1]))
            await cluster.pass(.seconds(5))
            for tag in 1...3 {
                try Self.setImage("nginx:2.\(tag)", in: cluster)
                await cluster.pass(.seconds(30))
            }
            #expect(cluster.objects(.replicaSets).count == 2)
        }
    }

    @Test func `a refused pod shows as ReplicaFailure and heals`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(
                Self.deployment(
                    replicas: 1,
                    [
                        "template": [
                            "metadata": ["labels": ["app": "web"]],
                            "spec": [
                                "serviceAccountName": "robot", "containers": [["name": "c", "image": "nginx:1.27"]],
                            ],
                        ]
                    ]))
            await cluster.pass(.seconds(5))
            let failure = try #require(cluster.object(.deployments, "web")?.condition("ReplicaFailure"))
            #expect(failure.reason.text == "FailedCreate")
            #expect(failure.message.text.hasSuffix("serviceaccount \"robot\" not found"))
            #expect(cluster.objects(.pods).isEmpty)
            try cluster.create(["apiVersion": "v1", "kind": "ServiceAccount", "metadata": ["name": "robot"]])
            await cluster.pass(.seconds(5))
            let deployment = try #require(cluster.object(.deployments, "web"))
            #expect(!deployment.condition("ReplicaFailure").exists)
            #expect(deployment.hasCondition("Available"))
        }
    }

    @Test func `a deleted pod is replaced`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment(replicas: 1))
            await cluster.pass(.seconds(5))
            let pod = try #require(cluster.objects(.pods).first)
            try cluster.delete(ObjectKey(.pods, of: pod))
            await cluster.settle()
            #expect(cluster.objects(.pods).count == 2)
            #expect(cluster.object(.pods, pod.objectName).map { PodSummary($0).status } == "Terminating")
            await cluster.pass(.seconds(5))
            let pods = cluster.objects(.pods)
            #expect(pods.count == 1)
            #expect(pods.first?.objectUID != pod.objectUID)
        }
    }

    @Test func `a matching pod without an owner is adopted, one that matches no longer is released`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment(replicas: 1))
            await cluster.pass(.seconds(5))
            let pod = try #require(cluster.objects(.pods).first)
            try cluster.change(ObjectKey(.pods, of: pod)) { $0.set("other", at: ["metadata", "labels", "app"]) }
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).count == 2)
            #expect(cluster.object(.pods, pod.objectName)?.controllerReference == nil)
            try cluster.change(ObjectKey(.pods, of: pod)) { $0.set("web", at: ["metadata", "labels", "app"]) }
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).count == 1)
        }
    }

    @Test(arguments: [
        (3, Value.null, Value.null, 1, 0), (4, "25%", "25%", 1, 1), (10, "30%", "30%", 3, 3), (1, 0, 0, 0, 1),
        (5, 2, "50%", 2, 2), (0, 0, 0, 0, 0),
    ])
    func `limits are rounded up for the surge and down for the missing`(
        replicas: Int, surge: Value, unavailable: Value, expectedSurge: Int, expectedUnavailable: Int
    ) {
        let limits = RolloutLimits(
            Fields(["maxSurge": surge, "maxUnavailable": unavailable]), replicas: replicas)
        #expect(limits.surge == expectedSurge)
        #expect(limits.unavailable == expectedUnavailable)
    }
}

extension SimulatedCluster {
    /// The names of the pods that were there when a watch began.
    fileprivate func firstPods(before revision: Int64) -> [String] {
        store.list(.events).objects.map { Fields($0.value) }.filter {
            $0.reason.text == "Scheduled" && (Int64($0.metadata.resourceVersion.text) ?? 0) <= revision
        }.map(\.involvedObject.name.text)
    }
}
