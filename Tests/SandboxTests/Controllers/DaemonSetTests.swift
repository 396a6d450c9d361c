// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct DaemonSetTests {
    private static let key = ObjectKey(.daemonSets, namespace: "default", name: "agent")
    private static let set: Value = [
        "apiVersion": "apps/v1", "kind": "DaemonSet", "metadata": ["name": "agent"],
        "spec": [
            "selector": ["matchLabels": ["app": "agent"]],
            "template": [
                "metadata": ["labels": ["app": "agent"]],
                "spec": ["containers": [["name": "c", "image": "agent:1"]]],
            ],
        ],
    ]

    @Test func `there is one pod, and a new template replaces it`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.set)
            await cluster.pass(.seconds(5))
            var status = try #require(cluster.object(.daemonSets, "agent")?.status)
            #expect(status.desiredNumberScheduled.number == 1)
            #expect(status.numberAvailable.number == 1)
            #expect(status.updatedNumberScheduled.number == 1)
            try cluster.change(Self.key) {
                $0.set([["name": "c", "image": "agent:2"]], at: ["spec", "template", "spec", "containers"])
            }
            await cluster.pass(.seconds(10))
            #expect(cluster.objects(.pods).compactMap { $0.spec.containers.list.first?.image.text } == ["agent:2"])
            status = try #require(cluster.object(.daemonSets, "agent")?.status)
            #expect(status.numberAvailable.number == 1)
            #expect(status.observedGeneration.number == 2)
            #expect(cluster.objects(.controllerRevisions).count == 2)
        }
    }

    @Test func `a node that does not suit has none`() async throws {
        try await SimulatedCluster.run { cluster in
            var set = Self.set
            set.set(["gpu": "yes"], at: ["spec", "template", "spec", "nodeSelector"])
            try cluster.create(set)
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).isEmpty)
            #expect(cluster.object(.daemonSets, "agent")?.status.desiredNumberScheduled.number == 0)
            try cluster.change(ObjectKey(.nodes, name: Cluster.nodeName)) {
                $0.set("yes", at: ["metadata", "labels", "gpu"])
            }
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.daemonSets, "agent")?.status.numberReady.number == 1)
        }
    }
}
