// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct SchedulerTests {
    private static let suffix =
        " preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling."

    static let misfits: [(spec: Value, message: String)] = [
        (
            ["nodeSelector": ["disk": "ssd"]],
            "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector." + suffix
        ),
        (
            ["volumes": [["name": "v", "persistentVolumeClaim": ["claimName": "data"]]]],
            "0/1 nodes are available: persistentvolumeclaim \"data\" not found." + suffix
        ),
        (
            ["containers": [["name": "c", "image": "a:1", "resources": ["requests": ["cpu": "64"]]]]],
            "0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
        ),
    ]

    @Test(arguments: misfits)
    func `a pod that fits nowhere says why`(spec: Value, message: String) async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(KubeletTests.pod(spec: spec))
            await cluster.pass(.seconds(60))
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(pod.status.phase.text == "Pending")
            #expect(pod.condition("PodScheduled").reason.text == "Unschedulable")
            #expect(pod.condition("PodScheduled").message.text == message)
            #expect(cluster.events(of: pod) == ["FailedScheduling: \(message)"])
        }
    }

    @Test func `a pod is scheduled once the node has the label`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(KubeletTests.pod(spec: ["nodeSelector": ["disk": "ssd"]]))
            await cluster.settle()
            try cluster.change(ObjectKey(.nodes, name: Cluster.nodeName)) {
                $0.set("ssd", at: ["metadata", "labels", "disk"])
            }
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.pods, "p").map { PodSummary($0).status } == "Running")
        }
    }

    @Test func `two pods cannot have one host port, nor a place that one of them refuses to share`() async throws {
        try await SimulatedCluster.run { cluster in
            let ports: Value = [["containerPort": 80, "hostPort": 80]]
            for name in ["a", "b"] {
                try cluster.create(
                    KubeletTests.pod(name, spec: ["containers": [["name": "c", "image": "x:1", "ports": ports]]]))
            }
            await cluster.pass(.seconds(5))
            let waiting = cluster.objects(.pods).filter { $0.status.phase.text == "Pending" }
            #expect(waiting.count == 1)
            #expect(
                waiting.first?.condition("PodScheduled").message.text.contains("didn't have free ports") == true)
            let running = try #require(cluster.objects(.pods).first { $0.status.phase.text == "Running" })
            try cluster.delete(ObjectKey(.pods, of: running))
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).map { PodSummary($0).status } == ["Running"])
        }
    }

    @Test func `a tainted or cordoned node takes only pods that tolerate it`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.change(ObjectKey(.nodes, name: Cluster.nodeName)) {
                $0.set([["key": "k", "value": "v", "effect": "NoSchedule"]], at: ["spec", "taints"])
            }
            await cluster.settle()
            try cluster.create(KubeletTests.pod("refused"))
            let toleration: Value = ["key": "k", "operator": "Equal", "value": "v", "effect": "NoSchedule"]
            try cluster.create(KubeletTests.pod("tolerated", spec: ["tolerations": [toleration]]))
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.pods, "tolerated")?.status.phase.text == "Running")
            let message = cluster.object(.pods, "refused")?.condition("PodScheduled").message.text ?? ""
            #expect(message.hasPrefix("0/1 nodes are available: 1 node(s) had untolerated taint {k: v}."))
        }
    }

    @Test func `the annotation makes a pod unschedulable`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(KubeletTests.pod(fail: "Unschedulable"))
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.pods, "p")?.condition("PodScheduled").reason.text == "Unschedulable")
        }
    }
}
