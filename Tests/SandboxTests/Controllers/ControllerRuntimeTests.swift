// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct ControllerRuntimeTests {
    @Test func `a new cluster has what every cluster has`() async throws {
        try await SimulatedCluster.run { cluster in
            #expect(
                cluster.objects(.namespaces, namespace: nil).map { "\($0.objectName) \($0.status.phase.text)" } == [
                    "default Active", "kube-node-lease Active", "kube-public Active", "kube-system Active",
                ])
            let node = try #require(cluster.object(.nodes, Cluster.nodeName))
            #expect(node.hasCondition("Ready"))
            #expect(cluster.object(.leases, namespace: "kube-node-lease", Cluster.nodeName) != nil)
            #expect(cluster.object(.storageClasses, "standard") != nil)
            #expect(cluster.object(.services, "kubernetes")?.spec.clusterIP.text == "10.96.0.1")
        }
    }

    @Test func `a settled cluster writes nothing more`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(DeploymentTests.deployment())
            await cluster.settle()
            // Its pods are about to run.
            let soon = try #require(await cluster.runtime.rest)
            #expect(soon > .zero && soon < .seconds(5))
            await cluster.pass(.seconds(60))
            #expect(!cluster.objects(.events).isEmpty)
            let late = try #require(await cluster.runtime.rest)
            #expect(late > .seconds(3000))
            await cluster.pass(.seconds(3700))
            // Events are kept for an hour: then there is nothing left to wait for.
            #expect(cluster.objects(.events).isEmpty)
            let revision = cluster.store.revision
            await cluster.pass(.seconds(86_400))
            #expect(cluster.store.revision == revision)
            #expect(cluster.clock.nextAlarm == nil)
            let never = await cluster.runtime.rest
            #expect(never == nil)
        }
    }

    @Test func `a restart in the middle of a rollout loses nothing and writes nothing twice`() async throws {
        let store = try ObjectStore(path: nil)
        try await SimulatedCluster.run(store: store) { cluster in
            try cluster.create(DeploymentTests.deployment())
            await cluster.pass(.milliseconds(1000))
            #expect(cluster.object(.deployments, "web")?.hasCondition("Available") == false)
        }
        let before = store.revision
        try await SimulatedCluster.run(store: store) { cluster in
            await cluster.settle()
            // The same pods go on; the cluster's own objects are not written again.
            #expect(cluster.objects(.pods).count == 2)
            #expect(cluster.store.revision - before < 4)
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.deployments, "web")?.hasCondition("Available") == true)
        }
        let settled = store.revision
        try await SimulatedCluster.run(store: store) { cluster in
            await cluster.pass(.seconds(300))
            #expect(cluster.store.revision == settled)
        }
    }

    @Test func `a faster cluster divides its delays`() async throws {
        let clock = ManualClock()
        var pace = clock.pace
        pace.scale = 10
        #expect(pace.scaled(.seconds(30)) == .seconds(3))
        pace.scale = 0
        #expect(pace.scaled(.seconds(30)) == .seconds(30))
    }

    @Test func `a queue keeps the order, each item once, and rings the earliest alarm`() {
        var queue = WorkQueue()
        let items = ["a", "b", "c"].map { WorkQueue.Item(controller: 0, key: ObjectKey(.pods, name: $0)) }
        queue.add(items[1])
        queue.add(items[0])
        queue.add(items[1])
        queue.add(items[2], at: .seconds(5))
        queue.add(items[2], at: .seconds(3))
        queue.add(items[2], at: .seconds(9))
        #expect(queue.nextAlarm == .seconds(3))
        #expect(queue.next() == items[1])
        #expect(queue.next() == items[0])
        #expect(queue.next() == nil)
        queue.ring(at: .seconds(2))
        #expect(queue.isEmpty)
        queue.ring(at: .seconds(3))
        #expect(queue.next() == items[2])
        #expect(queue.nextAlarm == nil)
    }

    @Test func `repeated events are counted`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(KubeletTests.pod(fail: "CrashLoopBackOff"))
            await cluster.pass(.seconds(200))
            let events = cluster.store.list(.events).objects.map { Fields($0.value) }.filter {
                $0.reason.text == "BackOff"
            }
            #expect(events.count == 1)
            #expect((events.first?.count.number ?? 0) > 2)
            #expect(events.first?.firstTimestamp.text != events.first?.lastTimestamp.text)
            #expect(events.first?.source.component.text == "kubelet")
            #expect(events.first?.involvedObject.fieldPath.text == "spec.containers{c}")
        }
    }

    @Test func `a hundred pods come up in a moment`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(DeploymentTests.deployment(replicas: 100))
            await cluster.pass(.seconds(10))
            #expect(cluster.object(.deployments, "web")?.status.availableReplicas.number == 100)
            #expect(Set(cluster.objects(.pods).map(\.status.podIP.text)).count == 100)
        }
    }
}
