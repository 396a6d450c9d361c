// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct DeploymentTests {
    static func deployment(_ name: String = "web", replicas: Int64 = 2, image: String = "nginx:1.27") -> Value {
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

    @Test func `a deployment becomes available`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.deployment())
            await cluster.pass(.seconds(5))
            let deployment = try #require(cluster.object(.deployments, "web"))
            #expect(deployment.status.availableReplicas.number == 2)
            #expect(deployment.status.observedGeneration.number == 1)
            #expect(deployment.condition("Progressing").reason.text == "NewReplicaSetAvailable")
            #expect(deployment.hasCondition("Available"))
            let set = try #require(cluster.objects(.replicaSets).first)
            #expect(
                cluster.events(of: deployment) == [
                    "ScalingReplicaSet: Scaled up replica set \(set.objectName) from 0 to 2"
                ])
            let pods = cluster.objects(.pods)
            #expect(pods.map { PodSummary($0).status } == ["Running", "Running"])
            #expect(Set(pods.map(\.status.podIP.text)).count == 2)
        }
    }
}
