// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct ServiceTests {
    private static func service(_ spec: Value = [:]) -> Value {
        var object: Value = [
            "apiVersion": "v1", "kind": "Service", "metadata": ["name": "web"],
            "spec": ["selector": ["app": "web"], "ports": [["name": "http", "port": 80, "targetPort": "http"]]],
        ]
        for (key, value) in spec.mapping ?? [:] { object.set(value, at: ["spec", key]) }
        return object
    }

    /// A Deployment whose container has a port named http.
    private static func deployment(_ image: String = "nginx:1.27", fail: Value? = nil) -> Value {
        var object = DeploymentTests.deployment()
        object.set(
            [["name": "c", "image": .string(image), "ports": [["name": "http", "containerPort": 8080]]]],
            at: ["spec", "template", "spec", "containers"])
        if let fail {
            object.set(fail, at: ["spec", "template", "metadata", "annotations", PodScript.failAnnotation])
        }
        return object
    }

    private static func slice(_ cluster: SimulatedCluster) -> Fields {
        cluster.objects(.endpointSlices).first { $0.controllerReference?.name.text == "web" } ?? Fields(nil)
    }

    @Test func `ready pods are endpoints, under the port that the name means`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.service())
            await cluster.settle()
            #expect(Self.slice(cluster).endpoints.list.isEmpty)
            #expect(cluster.object(.endpoints, "web")?.subsets.exists == false)
            try cluster.create(Self.deployment())
            await cluster.pass(.seconds(5))
            let addresses = cluster.objects(.pods).map(\.status.podIP.text)
            let slice = Self.slice(cluster)
            #expect(slice.endpoints.list.compactMap { $0.addresses.list.first?.text } == addresses)
            #expect(slice.endpoints.list.map(\.conditions.ready.isTrue) == [true, true])
            #expect(slice.ports.list.first?.port.number == 8080)
            #expect(slice.metadata.labels["kubernetes.io/service-name"].text == "web")
            let subset = try #require(cluster.object(.endpoints, "web")?.subsets.list.first)
            #expect(subset.addresses.list.map(\.ip.text) == addresses)
            #expect(subset.ports.list.first?.name.text == "http")
        }
    }

    @Test func `pods that are not ready are no endpoints, unless the service wants them`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.service())
            var eager = Self.service(["publishNotReadyAddresses": true, "clusterIP": "None"])
            eager.set("eager", at: ["metadata", "name"])
            try cluster.create(eager)
            try cluster.create(Self.deployment(fail: "NeverReady"))
            await cluster.pass(.seconds(5))
            #expect(Self.slice(cluster).endpoints.list.map(\.conditions.ready.isTrue) == [false, false])
            let subset = try #require(cluster.object(.endpoints, "web")?.subsets.list.first)
            #expect(!subset.addresses.exists)
            #expect(subset.notReadyAddresses.list.count == 2)
            #expect(cluster.object(.endpoints, "eager")?.subsets.list.first?.addresses.list.count == 2)
        }
    }

    @Test func `endpoints go with their service`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.service())
            await cluster.settle()
            try cluster.delete(ObjectKey(.services, namespace: "default", name: "web"))
            await cluster.settle()
            #expect(cluster.object(.endpoints, "web") == nil)
            #expect(cluster.objects(.endpointSlices).filter { $0.objectName.hasPrefix("web") }.isEmpty)
            // The API's own endpoints have no selector: nobody touches them.
            #expect(cluster.object(.endpoints, "kubernetes") != nil)
        }
    }

    @Test func `a load balancer gets an address, and loses it with its type`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.service(["type": "LoadBalancer"]))
            await cluster.settle()
            #expect(
                cluster.object(.services, "web")?.status.loadBalancer.ingress.list.first?.ip.text == "172.18.255.1")
            try cluster.change(ObjectKey(.services, namespace: "default", name: "web")) {
                $0.set("ClusterIP", at: ["spec", "type"])
                for field in ["allocateLoadBalancerNodePorts", "externalTrafficPolicy"] {
                    $0.set(nil, at: ["spec", field])
                }
            }
            await cluster.settle()
            #expect(cluster.object(.services, "web")?.status.loadBalancer.ingress.exists == false)
        }
    }

    @Test func `an ingress has an address once its controller runs`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create([
                "apiVersion": "networking.k8s.io/v1", "kind": "Ingress", "metadata": ["name": "web"],
                "spec": [
                    "ingressClassName": "nginx",
                    "defaultBackend": ["service": ["name": "web", "port": ["number": 80]]],
                ],
            ])
            var pod = KubeletTests.pod("controller")
            pod.set("ingress-nginx", at: ["metadata", "labels", "app.kubernetes.io/name"])
            try cluster.create(pod)
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.ingresses, "web")?.status.loadBalancer.ingress.exists == false)
            try cluster.create([
                "apiVersion": "networking.k8s.io/v1", "kind": "IngressClass", "metadata": ["name": "nginx"],
                "spec": ["controller": "k8s.io/ingress-nginx"],
            ])
            await cluster.settle()
            #expect(cluster.object(.ingresses, "web")?.status.loadBalancer.ingress.list.count == 1)
        }
    }

    @Test func `a budget says how many pods may go`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create([
                "apiVersion": "policy/v1", "kind": "PodDisruptionBudget", "metadata": ["name": "web"],
                "spec": ["minAvailable": 1, "selector": ["matchLabels": ["app": "web"]]],
            ])
            try cluster.create(Self.deployment())
            await cluster.settle()
            #expect(cluster.object(.podDisruptionBudgets, "web")?.status.disruptionsAllowed.number == 0)
            await cluster.pass(.seconds(5))
            let status = try #require(cluster.object(.podDisruptionBudgets, "web")?.status)
            #expect(status.expectedPods.number == 2)
            #expect(status.currentHealthy.number == 2)
            #expect(status.disruptionsAllowed.number == 1)
        }
    }
}
