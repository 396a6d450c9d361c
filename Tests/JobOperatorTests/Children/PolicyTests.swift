// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Synchronization
import Testing
import Values

/// What a namespace's policy changes: pods, clients' Ingresses, guards against eviction, and what is refused.
@Suite struct PolicyTests {
    private static func with(
        _ policy: String?, _ setup: OperatorLab.Setup = OperatorLab.Setup(),
        _ body: (OperatorLab) async throws -> Void
    ) async throws {
        try await OperatorLab.anywhere(setup) { lab in
            if let policy { for role in JobRole.allCases { try await lab.set(policy: policy, for: role) } }
            try await body(lab)
        }
    }

    @Test func `a policy shapes the pod, but not the label that the Service goes by`() async throws {
        try await Self.with("labels: {shaped: \"yes\"}\nnodeSelector: {gpu: a30}") { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            #expect(pod.labels == ["app": "task", "shaped": "yes"])
            #expect(pod["spec", "nodeSelector"] == ["gpu": "a30"])
            #expect(pod.annotations[JobPolicy.changesAnnotation] == "nodeSelector: gpu=a30\nlabel shaped=yes")
            // The template is as it was, whatever the policy made of it.
            #expect(try await lab.job("task").told(.templateApplied) == "True Applied")
        }
    }

    @Test func `a server takes the pod of a hospital's task as it is shaped`() async throws {
        let policy = """
            registryMirrors: {docker.io: harbor.klinik.local/hub}
            imagePullSecrets: [{name: harbor-pull}]
            allowImages: [harbor.klinik.local/, iflearner/]
            resources: {requests: {cpu: "4", memory: 16Gi}, limits: {memory: 32Gi, nvidia.com/gpu: "1"}}
            nodeSelector: {gpu: a30}
            tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}]
            shmSize: 8Gi
            data: [{path: /data/lung-ct, existingClaim: lung-ct-training}]
            env: [{name: A, value: b}]
            labels: {cost-centre: "4711"}
            podSecurity: restricted
            hostAliases: {host: 203.0.113.10}
            """
        try await Self.with(policy) { lab in
            try await lab.make("party", "client", spec: ["template": ["spec": Self.folderSpec("/data/lung-ct")]])
            try await lab.settle("party")
            let pod = try #require(try await lab.child(.pod, "party"))
            let spec = try #require(pod.value["spec"])
            #expect(spec["containers"]?[0]?["image"] == "harbor.klinik.local/hub/iflearner/iflearner:v0.1.0")
            let volumes = spec["volumes"]?.array ?? []
            let data = volumes.first { $0["name"] == "data" }
            let claim: Value = ["claimName": "lung-ct-training", "readOnly": true]
            #expect(data?["persistentVolumeClaim"] == claim)
            #expect(volumes.contains { $0["name"] == "server-iflearner-crt" })
            #expect(spec["hostAliases"] == [["ip": "203.0.113.10", "hostnames": ["t1.server.iflearner.com"]]])
            #expect(spec["securityContext"]?["runAsUser"] == 10001)
            #expect(spec["automountServiceAccountToken"] == false)
            #expect(pod.annotations[JobPolicy.changesAnnotation]?.contains("claim lung-ct-training, read-only") == true)
        }
    }

    /// A pod that mounts a folder of its node.
    private static func folderSpec(_ path: String) -> Value {
        [
            "restartPolicy": "Never",
            "containers": [
                [
                    "name": "trainer", "image": "iflearner/iflearner:v0.1.0", "args": ["train"],
                    "volumeMounts": [["name": "data", "mountPath": "/data"]],
                ]
            ],
            "volumes": [["name": "data", "hostPath": ["path": .string(path), "type": "Directory"]]],
        ]
    }

    @Test func `a policy that asks for nothing makes the pod that there is without one`() async throws {
        try await OperatorLab.with { lab in
            var template = Self.folderSpec("/etc")
            // Else the server mounts a token under a random name.
            template["automountServiceAccountToken"] = false
            let spec: Mapping = ["template": ["spec": template]]
            try await lab.make("task", "client", spec: spec)
            try await lab.settle("task")
            let plain = try #require(try await lab.child(.pod, "task"))
            try await lab.delete(try await lab.job("task").object)
            try await lab.delete(plain)
            try await lab.set(policy: "{}", for: .client)
            try await lab.make("task", "client", spec: spec)
            try await lab.settle("task")
            let shaped = try #require(try await lab.child(.pod, "task"))
            #expect(shaped.uid != plain.uid)
            #expect(shaped.value["spec"]?.jsonString() == plain.value["spec"]?.jsonString())
            #expect(shaped.labels == plain.labels)
            #expect(shaped.annotations == plain.annotations)
        }
    }

    @Test func `on Kubernetes 1.18 nothing is asked for that it does not know`() async throws {
        var old = OperatorLab.Setup()
        old.minor = 18
        try await Self.with("podSecurity: restricted", old) { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            #expect(pod["spec", "securityContext", "seccompProfile"] == nil)
            #expect(pod["spec", "securityContext", "runAsNonRoot"] == true)
        }
    }

    // MARK: What is refused

    @Test(arguments: [
        ("allowImages: [ghcr.io/iflytek/]", "ImageNotAllowed"), ("data: []", "DataNotAllowed"),
    ])
    func `what a policy refuses is not made, and stays refused when the policy widens`(
        _ policy: String, _ reason: String
    ) async throws {
        try await Self.with(policy) { lab in
            try await lab.make("task", spec: ["template": ["spec": Self.folderSpec("/etc")]])
            let outcome = try await lab.settle("task")
            #expect(outcome == .settled)
            let job = try await lab.job("task")
            #expect(job.phase == "Failed")
            #expect(job.status?["reason"]?.string == reason)
            #expect(job.told(.accepted) == "False \(reason)")
            try await lab.set(policy: "{}", for: .server)
            try await lab.settle("task")
            for kind in [ChildKind.pod, .service, .ingress] { #expect(try await lab.child(kind, "task") == nil) }
            #expect(try await lab.job("task").phase == "Failed")
            // Who edits the job asks again.
            try await lab.edit("task", spec: ["host": "t2.server.iflearner.com"])
            try await lab.settle("task")
            #expect(try await lab.child(.pod, "task") != nil)
            #expect(try await lab.job("task").phase == "Pending")
        }
    }

    @Test func `a change holds for the next job, and no running one is touched`() async throws {
        try await Self.with("nodeSelector: {gpu: a30}") { lab in
            try await lab.make("first")
            try await lab.settle("first")
            let before = try #require(try await lab.child(.pod, "first"))
            try await lab.set(policy: "nodeSelector: {gpu: h100}\nallowImages: [other.example/]", for: .server)
            try await lab.setPod("first", ["phase": "Running"])
            try await lab.settle("first")
            let after = try #require(try await lab.child(.pod, "first"))
            #expect(after.uid == before.uid)
            #expect(after["spec"] == before["spec"])
            #expect(try await lab.job("first").phase == "Running")
            #expect(try await lab.job("first").told(.accepted) == "True Valid")
            try await lab.make("second", host: "t2.server.iflearner.com")
            try await lab.settle("second")
            #expect(try await lab.job("second").told(.accepted) == "False ImageNotAllowed")
            try await lab.set(policy: "nodeSelector: {gpu: h100}", for: .server)
            try await lab.make("third", host: "t3.server.iflearner.com")
            try await lab.settle("third")
            #expect(try await lab.child(.pod, "third")?["spec", "nodeSelector"] == ["gpu": "h100"])
        }
    }

    // MARK: What is waited for

    @Test func `a job waits for a policy that can be read, and one that runs goes on`() async throws {
        try await OperatorLab.with { lab in
            try await lab.make("running", host: "t0.server.iflearner.com")
            try await lab.settle("running")
            try await lab.set(policy: "allowImage: [ghcr.io/iflytek/]", for: .server)
            try await lab.make("task")
            #expect(try await lab.settle("task") == .settled)
            for kind in ChildKind.allCases { #expect(try await lab.child(kind, "task") == nil) }
            let held = try await lab.job("task")
            #expect(held.phase == "Pending")
            #expect(held.told(.policyReadable) == "False PolicyUnreadable")
            #expect(
                held.status?["message"]?.string
                    == "ConfigMap default/iflearner-jobs-server, policy.yaml:1:1: unknown key 'allowImage' "
                    + "(did you mean 'allowImages'?)")
            // What was made before is left as it is, and is told of.
            try await lab.setPod("running", ["phase": "Running"])
            try await lab.settle("running")
            let running = try await lab.job("running")
            #expect(running.phase == "Running")
            #expect(running.told(.policyReadable) == nil)
            #expect(running.told(.ingressReady) == "True Created")
            #expect(try await lab.child(.ingress, "running") != nil)
            try await lab.set(policy: "allowImages: [iflearner/]", for: .server)
            try await lab.settle("task")
            #expect(try await lab.child(.pod, "task") != nil)
            #expect(try await lab.job("task").told(.policyReadable) == nil)
            let events = try await lab.events(of: "task")
            #expect(events.contains { $0["reason"]?.string == "PolicyUnreadable" && $0["type"]?.string == "Warning" })
        }
    }

    @Test func `a client waits for the address of its relay`() async throws {
        let time = ManualTime()
        var setup = OperatorLab.Setup()
        setup.time = time.source
        setup.needsSandbox = true
        try await Self.with("hostAliases: {service: {namespace: default, name: relay}}", setup) { lab in
            try await lab.make("party", "client")
            #expect(try await lab.settle("party") == .again(after: .seconds(10)))
            #expect(try await lab.child(.pod, "party") == nil)
            #expect(try await lab.child(.service, "party") != nil)
            let waiting = try await lab.job("party")
            #expect(waiting.phase == "Pending")
            #expect(waiting.told(.addressKnown) == "False AddressUnknown")
            var relay = KubernetesObject(
                ObjectKey(GroupVersionKind(apiVersion: "v1", kind: "Service"), namespace: "default", name: "relay"))
            relay.value["spec"] = ["ports": [["port": 30031]], "selector": ["app": "relay"]]
            let made = try await lab.admin.create(relay).object
            time.advance(.seconds(10))
            try await lab.settle("party")
            let pod = try #require(try await lab.child(.pod, "party"))
            let address = try #require(made["spec", "clusterIP"]?.string)
            let alias: Value = ["ip": .string(address), "hostnames": ["t1.server.iflearner.com"]]
            #expect(pod["spec", "hostAliases"] == [alias])
            #expect(try await lab.job("party").told(.addressKnown) == nil)
        }
    }

    // MARK: What leads to pods

    @Test func `C13: with a policy clients have an Ingress only where it has one`() async throws {
        try await Self.with("{}") { lab in
            try await lab.make("party", "client")
            try await lab.settle("party")
            #expect(try await lab.child(.ingress, "party") == nil)
            #expect(try await lab.job("party").told(.ingressReady) == nil)
            try await lab.set(policy: "ingress: {className: public, controller: haproxy}", for: .client)
            try await lab.settle("party")
            let ingress = try #require(try await lab.child(.ingress, "party"))
            #expect(ingress.annotations["kubernetes.io/ingress.class"] == "public")
            #expect(ingress.annotations["haproxy.org/server-proto"] == "h2")
            #expect(ingress.annotations["nginx.ingress.kubernetes.io/backend-protocol"] == nil)
            try await lab.set(policy: "{}", for: .client)
            try await lab.settle("party")
            #expect(try await lab.child(.ingress, "party") == nil)
        }
    }

    @Test func `annotations that a policy no longer has are taken back`() async throws {
        let first = "{className: a, controller: custom, annotations: {x.example/one: \"1\", x.example/two: \"2\"}}"
        try await Self.with("ingress: " + first) { lab in
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.set(
                policy: "ingress: {className: b, controller: custom, annotations: {x.example/two: \"3\"}}", for: .server
            )
            try await lab.settle("task")
            let annotations = try #require(try await lab.child(.ingress, "task")).annotations
            #expect(annotations["x.example/one"] == nil)
            #expect(annotations["x.example/two"] == "3")
            #expect(annotations["kubernetes.io/ingress.class"] == "b")
        }
    }

    @Test func `an Ingress without a class is left to the cluster's default`() async throws {
        try await Self.with("ingress: {controller: custom}") { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress["spec", "ingressClassName"] == nil)
            #expect(ingress.annotations["kubernetes.io/ingress.class"] == nil)
        }
    }

    @Test(arguments: [
        (
            "nginx", "nginx.ingress.kubernetes.io/backend-protocol", "GRPC", nil as String?, nil as String?
        ),
        ("haproxy", "haproxy-ingress.github.io/backend-protocol", "h2", nil, nil),
        (
            "traefik", "traefik.ingress.kubernetes.io/router.tls", "true",
            "traefik.ingress.kubernetes.io/service.serversscheme", nil
        ),
        (
            "contour", "projectcontour.io/response-timeout", "3600s", "projectcontour.io/upstream-protocol.h2c", nil
        ),
        ("openshift", "route.openshift.io/termination", "edge", nil, "h2c"),
    ])
    func `every controller is told to speak gRPC in its own words`(
        _ controller: String, _ annotation: String, _ value: String, _ onService: String?, _ appProtocol: String?
    ) async throws {
        try await Self.with("ingress: {controller: \(controller), annotations: {own: mine}}") { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress.annotations[annotation] == value)
            #expect(ingress.annotations["own"] == "mine")
            let service = try #require(try await lab.child(.service, "task"))
            if let onService { #expect(service.annotations[onService] != nil) }
            #expect(service["spec", "ports"]?[0]?["appProtocol"]?.string == appProtocol)
            // Another controller does not inherit its words.
            try await lab.set(policy: "ingress: {controller: custom}", for: .server)
            try await lab.settle("task")
            #expect(try await lab.child(.ingress, "task")?.annotations[annotation] == nil)
            let plain = try #require(try await lab.child(.service, "task"))
            if let onService { #expect(plain.annotations[onService] == nil) }
            #expect(plain["spec", "ports"]?[0]?["appProtocol"] == nil)
        }
    }

    @Test(arguments: [(20, "policy/v1beta1"), (33, "policy/v1")])
    func `a running aggregator is guarded, and nothing else is`(_ minor: Int, _ apiVersion: String) async throws {
        var setup = OperatorLab.Setup()
        setup.minor = minor
        try await Self.with("evictionGuard: true", setup) { lab in
            try await lab.make("task")
            try await lab.make("party", "client", host: "other.example")
            for name in ["task", "party"] {
                try await lab.settle(name)
                #expect(try await lab.child(.disruptionBudget, name) == nil)
                try await lab.setPod(name, ["phase": "Running"])
                try await lab.settle(name)
            }
            let budget = try #require(try await lab.child(.disruptionBudget, "task"))
            #expect(budget.apiVersion == apiVersion)
            #expect(budget["spec", "minAvailable"]?.int == 1)
            #expect(budget["spec", "selector", "matchLabels"] == ["app": "task"])
            #expect(budget.controller?.name == "task")
            #expect(try await lab.child(.disruptionBudget, "party") == nil)
            try await lab.setPod("task", ["phase": "Succeeded"])
            try await lab.settle("task")
            #expect(try await lab.child(.disruptionBudget, "task") == nil)
        }
    }

    @Test func `an aggregator whose parties have all finished keeps no node from being drained`() async throws {
        try await Self.with("evictionGuard: true") { lab in
            let job = try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            func tell(_ status: Condition.Status) async throws {
                lab.additions.set(
                    StatusAdditions.Addition(conditions: [JobCondition(.completed, status, "Told", "")]),
                    toJob: job.uid)
                try await lab.settle("task")
            }
            for (status, isGuarded) in [(Condition.Status.no, true), (.yes, false), (.no, true)] {
                try await tell(status)
                let budget = try await lab.child(.disruptionBudget, "task")
                #expect((budget != nil) == isGuarded)
            }
        }
    }

    @Test func `a guard that the policy no longer asks for is removed`() async throws {
        try await Self.with("evictionGuard: true") { lab in
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            #expect(try await lab.child(.disruptionBudget, "task") != nil)
            try await lab.set(policy: "{}", for: .server)
            try await lab.settle("task")
            #expect(try await lab.child(.disruptionBudget, "task") == nil)
        }
    }
}
