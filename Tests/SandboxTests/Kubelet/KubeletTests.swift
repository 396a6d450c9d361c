// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct KubeletTests {
    /// A pod with one container; fields of metadata and spec are set over it.
    static func pod(_ name: String = "p", image: String = "nginx:1.27", fail: String? = nil, spec: Value = [:]) -> Value
    {
        var pod: Value = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name)],
            "spec": ["containers": [["name": "c", "image": .string(image)]]],
        ]
        if let fail { pod.set(.string(fail), at: ["metadata", "annotations", PodScript.failAnnotation]) }
        for (key, value) in spec.mapping ?? [:] { pod.set(value, at: ["spec", key]) }
        return pod
    }

    private static func status(_ cluster: SimulatedCluster, _ name: String = "p") -> String {
        cluster.object(.pods, name).map { PodSummary($0).status } ?? "gone"
    }

    @Test func `a pod goes from Pending over ContainerCreating to Running`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod())
            await cluster.settle()
            #expect(Self.status(cluster) == "ContainerCreating")
            #expect(cluster.object(.pods, "p")?.status.phase.text == "Pending")
            #expect(cluster.object(.pods, "p")?.status.podIP.nonEmpty != nil)
            await cluster.pass(.seconds(3))
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(PodSummary(pod).status == "Running")
            for type in ["PodScheduled", "Initialized", "ContainersReady", "Ready", "PodReadyToStartContainers"] {
                #expect(pod.hasCondition(type), "\(type)")
            }
            let container = try #require(pod.status.containerStatuses.list.first)
            #expect(container.ready.isTrue)
            #expect(container.started.isTrue)
            #expect(container.imageID.text.hasPrefix("docker.io/library/nginx@sha256:"))
            #expect(pod.status.qosClass.text == "BestEffort")
            #expect(
                cluster.events(of: pod) == [
                    "Scheduled: Successfully assigned default/p to sandbox", "Pulling: Pulling image \"nginx:1.27\"",
                    "Pulled: Successfully pulled image \"nginx:1.27\" in 900ms (900ms including waiting). Image size: \(ImageIdentity.size("nginx:1.27")) bytes.",
                    "Created: Created container: c", "Started: Started container c",
                ])
            try cluster.create(Self.pod("q"))
            await cluster.pass(.seconds(1))
            let second = try #require(cluster.object(.pods, "q"))
            #expect(
                cluster.events(of: second).contains(
                    "Pulled: Container image \"nginx:1.27\" already present on machine"))
        }
    }

    @Test(arguments: ["nginx:broken", "example.org/does-not-exist/x:1", "r.example.org/pull-error:1"])
    func `an image with a marker cannot be pulled`(image: String) async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod(image: image))
            await cluster.pass(.milliseconds(1000))
            #expect(Self.status(cluster) == "ErrImagePull")
            await cluster.pass(.seconds(3))
            #expect(Self.status(cluster) == "ImagePullBackOff")
            let pod = try #require(cluster.object(.pods, "p"))
            let message = pod.status.containerStatuses.list.first?.state.waiting.message.text ?? ""
            #expect(message.hasPrefix("Back-off pulling image \"\(image)\": ErrImagePull: rpc error: code = "))
            #expect(pod.status.phase.text == "Pending")
            await cluster.pass(.seconds(120))
            let failed = cluster.store.list(.events).objects.map { Fields($0.value) }.first {
                $0.reason.text == "Failed" && $0.message.text.hasPrefix("Failed to pull image")
            }
            // At 1, 13, 35 and 77 seconds: each pause is twice as long as the one before.
            #expect(failed?.count.number == 4)
        }
    }

    @Test(arguments: [("CrashLoopBackOff", 1, "Error"), ("OOMKilled", 137, "OOMKilled")])
    func `a container that does not stay up backs off`(fail: String, exitCode: Int, reason: String) async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod(fail: fail))
            await cluster.pass(.milliseconds(2200))
            #expect(Self.status(cluster) == reason)
            await cluster.pass(.seconds(4))
            #expect(Self.status(cluster) == "CrashLoopBackOff")
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(pod.status.phase.text == "Running")
            #expect(!pod.hasCondition("Ready"))
            let container = try #require(pod.status.containerStatuses.list.first)
            #expect(container.restartCount.number == 1)
            #expect(container.lastState.terminated.exitCode.number == exitCode)
            #expect(
                container.state.waiting.message.text
                    == "back-off 10s restarting failed container=c pod=p_default(\(pod.objectUID))")
            await cluster.pass(.seconds(60))
            #expect(cluster.object(.pods, "p")?.status.containerStatuses.list.first?.restartCount.number == 3)
        }
    }

    @Test func `a container with the crash marker fails for good when it may not restart`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod(image: "example.org/crash:1", spec: ["restartPolicy": "Never"]))
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.pods, "p")?.status.phase.text == "Failed")
            #expect(Self.status(cluster) == "Error")
        }
    }

    @Test func `a pod that is never ready runs, and a slow one is ready later`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod("never", fail: "NeverReady"))
            try cluster.create(Self.pod("slow", fail: "slow:30s"))
            await cluster.pass(.seconds(25))
            #expect(cluster.object(.pods, "slow")?.hasCondition("Ready") == false)
            await cluster.pass(.seconds(10))
            #expect(cluster.object(.pods, "slow")?.hasCondition("Ready") == true)
            let never = try #require(cluster.object(.pods, "never"))
            #expect(never.status.phase.text == "Running")
            #expect(
                never.condition("Ready").message.text == "containers with unready status: [c]")
        }
    }

    @Test func `init containers run one after another`() async throws {
        try await SimulatedCluster.run { cluster in
            let containers: Value = [["name": "a", "image": "busybox:1"], ["name": "b", "image": "busybox:1"]]
            try cluster.create(Self.pod(spec: ["initContainers": containers]))
            await cluster.pass(.milliseconds(1000))
            #expect(Self.status(cluster) == "Init:0/2")
            await cluster.pass(.milliseconds(600))
            #expect(Self.status(cluster) == "Init:1/2")
            await cluster.pass(.seconds(5))
            #expect(Self.status(cluster) == "Running")
            #expect(cluster.object(.pods, "p")?.hasCondition("Initialized") == true)
        }
    }

    @Test func `a container waits for the keys of its environment`() async throws {
        try await SimulatedCluster.run { cluster in
            let source: Value = ["secretKeyRef": ["name": "s", "key": "k"]]
            let container: Value = [
                "name": "c", "image": "nginx:1.27", "env": [["name": "V", "valueFrom": source]],
            ]
            try cluster.create(Self.pod(spec: ["containers": [container]]))
            await cluster.pass(.seconds(2))
            #expect(Self.status(cluster) == "CreateContainerConfigError")
            func message() -> String? {
                cluster.object(.pods, "p")?.status.containerStatuses.list.first?.state.waiting.message.text
            }
            #expect(message() == "secret \"s\" not found")
            try cluster.create(["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s"], "type": "Opaque"])
            await cluster.settle()
            #expect(message() == "couldn't find key k in Secret default/s")
            try cluster.change(ObjectKey(.secrets, namespace: "default", name: "s")) { $0["data"] = ["k": "dg=="] }
            await cluster.pass(.seconds(3))
            #expect(Self.status(cluster) == "Running")
        }
    }

    @Test func `a missing volume source keeps the pod creating, with an event`() async throws {
        try await SimulatedCluster.run { cluster in
            let volumes: Value = [["name": "config", "configMap": ["name": "m"]]]
            try cluster.create(Self.pod(spec: ["volumes": volumes]))
            await cluster.pass(.seconds(5))
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(PodSummary(pod).status == "ContainerCreating")
            #expect(
                cluster.events(of: pod).contains(
                    "FailedMount: MountVolume.SetUp failed for volume \"config\" : configmap \"m\" not found"))
            try cluster.create(["apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "m"]])
            await cluster.pass(.seconds(5))
            #expect(Self.status(cluster) == "Running")
        }
    }

    @Test func `a missing pull secret is worth an event, and stops nothing`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod(spec: ["imagePullSecrets": [["name": "regcred"]]]))
            await cluster.pass(.seconds(5))
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(Self.status(cluster) == "Running")
            #expect(
                cluster.events(of: pod).contains(
                    "FailedToRetrieveImagePullSecret: Unable to retrieve some image pull secrets (regcred); attempting to pull the image may not succeed."
                ))
        }
    }

    @Test func `deleting a pod stops its containers first, or not when it is forced`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod())
            try cluster.create(Self.pod("forced"))
            await cluster.pass(.seconds(3))
            let key = ObjectKey(.pods, namespace: "default", name: "p")
            try cluster.delete(key)
            try cluster.delete(ObjectKey(.pods, namespace: "default", name: "forced"), gracePeriod: 0)
            await cluster.settle()
            #expect(Self.status(cluster, "forced") == "gone")
            let pod = try #require(cluster.object(.pods, "p"))
            #expect(PodSummary(pod).status == "Terminating")
            #expect(!pod.hasCondition("Ready"))
            #expect(cluster.events(of: pod).last == "Killing: Stopping container c")
            await cluster.pass(.seconds(1))
            #expect(Self.status(cluster) == "gone")
        }
    }

    @Test func `a finalizer keeps a stopped pod`() async throws {
        try await SimulatedCluster.run { cluster in
            var pod = Self.pod()
            pod.set(["example.org/hold"], at: ["metadata", "finalizers"])
            try cluster.create(pod)
            await cluster.pass(.seconds(3))
            let key = ObjectKey(.pods, namespace: "default", name: "p")
            try cluster.delete(key)
            await cluster.pass(.seconds(60))
            #expect(Self.status(cluster) == "Terminating")
            try cluster.change(key) { $0.set(nil, at: ["metadata", "finalizers"]) }
            await cluster.settle()
            #expect(Self.status(cluster) == "gone")
        }
    }

    @Test func `invalid image names and images that may not be pulled are told apart`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.pod("upper", image: "Example/X"))
            let container: Value = ["name": "c", "image": "x:1", "imagePullPolicy": "Never"]
            try cluster.create(Self.pod("local", spec: ["containers": [container]]))
            await cluster.pass(.seconds(2))
            #expect(Self.status(cluster, "upper") == "InvalidImageName")
            #expect(Self.status(cluster, "local") == "ErrImageNeverPull")
        }
    }

    @Test(arguments: [
        ("nginx", "docker.io/library/nginx:latest"), ("iflytek/x:1", "docker.io/iflytek/x:1"),
        ("ghcr.io/iflytek/x:v1", "ghcr.io/iflytek/x:v1"), ("localhost:5000/x", "localhost:5000/x:latest"),
        ("x@sha256:ab", "docker.io/library/x@sha256:ab"), ("", nil), ("X", nil), ("a b", nil), ("x:", nil),
        ("a//b", nil),
    ])
    func `image references are completed or refused`(text: String, canonical: String?) {
        #expect(ImageReference(text)?.canonical == canonical)
    }

    @Test func `without a node pods stay Pending`() async throws {
        var configuration = ControlPlaneConfiguration()
        configuration.hasNode = false
        try await SimulatedCluster.run(configuration) { cluster in
            try cluster.create(Self.pod())
            await cluster.pass(.seconds(60))
            #expect(Self.status(cluster) == "Pending")
        }
    }
}
