// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Testing
import Values

@Suite struct `Training pods get` {
    @Test(arguments: ["", "{}", "podSecurity: privileged", "ingress: {}", "evictionGuard: true"])
    func `nothing where the policy says nothing of them`(_ policy: String) throws {
        let draft = try shaped(policy, labels: ["a": "b"], annotations: ["c": "d"])
        #expect(draft == PodDraft(labels: ["a": "b"], annotations: ["c": "d"], spec: flowSpec()))
        #expect(draft.spec.jsonString() == flowSpec().jsonString())
    }

    private static let resources =
        "resources: {requests: {cpu: 4, memory: 16Gi}, limits: {memory: 32Gi, nvidia.com/gpu: 1}}"

    @Test func `resources and devices`() throws {
        let draft = try shaped(Self.resources)
        #expect(
            draft.trainer?["resources"] == [
                "requests": ["cpu": "4", "memory": "16Gi"], "limits": ["memory": "32Gi", "nvidia.com/gpu": "1"],
            ])
        #expect(
            draft.told == [
                "resources of container 'trainer': requests.cpu=4, requests.memory=16Gi, limits.memory=32Gi, "
                    + "limits.nvidia.com/gpu=1"
            ])
    }

    @Test func `resources where the task says nothing of them, and devices in the first container alone`() throws {
        let draft = try shaped(
            Self.resources,
            flowSpec { spec in
                spec.changeTrainer { $0["resources"] = ["limits": ["cpu": "1"], "requests": ["memory": "64Gi"]] }
                spec["containers"] = .array((spec["containers"]?.array ?? []) + [["name": "metrics", "image": "x"]])
            })
        #expect(
            draft.trainer?["resources"] == [
                "limits": ["cpu": "1", "nvidia.com/gpu": "1"], "requests": ["memory": "64Gi"],
            ])
        #expect(
            draft.spec["containers"]?[1]?["resources"] == [
                "requests": ["cpu": "4", "memory": "16Gi"], "limits": ["memory": "32Gi"],
            ])
    }

    @Test func `nodes, tolerations and a runtime class beside the task's own`() throws {
        let policy = """
            nodeSelector: {gpu: a30, zone: a}
            tolerations: [{key: nvidia.com/gpu, operator: Exists, effect: NoSchedule}, {operator: Exists}]
            runtimeClassName: nvidia
            """
        let toleration: Value = ["key": "nvidia.com/gpu", "operator": "Exists", "effect": "NoSchedule"]
        let draft = try shaped(policy)
        #expect(draft.spec["nodeSelector"] == ["gpu": "a30", "zone": "a"])
        #expect(draft.spec["tolerations"] == [toleration, ["operator": "Exists"]])
        #expect(draft.spec["runtimeClassName"] == "nvidia")
        let own = try shaped(
            policy,
            flowSpec { spec in
                spec["nodeSelector"] = ["gpu": "h100"]
                spec["tolerations"] = [toleration, ["key": "x"]]
                spec["runtimeClassName"] = "kata"
            })
        #expect(own.spec["nodeSelector"] == ["gpu": "h100", "zone": "a"])
        #expect(own.spec["tolerations"] == [toleration, ["key": "x"], ["operator": "Exists"]])
        #expect(own.spec["runtimeClassName"] == "kata")
    }

    @Test func `shared memory where they mount none`() throws {
        let draft = try shaped(
            "shmSize: 8Gi",
            flowSpec { spec in
                spec["volumes"] = [["name": "shm", "emptyDir": [:]]]
                spec["initContainers"] = [["name": "i", "image": "x"]]
                spec["containers"] = .array(
                    (spec["containers"]?.array ?? []) + [
                        ["name": "own", "image": "x", "volumeMounts": [["name": "shm", "mountPath": "/dev/shm/"]]]
                    ])
            })
        #expect(
            draft.spec["volumes"] == [
                ["name": "shm", "emptyDir": [:]],
                ["name": "shm-2", "emptyDir": ["medium": "Memory", "sizeLimit": "8Gi"]],
            ])
        #expect(draft.trainer?["volumeMounts"]?[1] == ["name": "shm-2", "mountPath": "/dev/shm"])
        #expect(draft.spec["containers"]?[1]?["volumeMounts"]?.array?.count == 1)
        #expect(draft.spec["initContainers"]?[0]?["volumeMounts"] == nil)
    }

    @Test func `variables that they do not set, whose values are not told`() throws {
        let draft = try shaped(
            "env: [{name: A, value: hunter2}, {name: B, value: b}]",
            flowSpec { spec in
                spec["initContainers"] = [["name": "i", "image": "x"]]
                spec.changeTrainer {
                    $0["env"] = [["name": "B", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]]]
                }
            })
        #expect(
            draft.trainer?["env"] == [
                ["name": "B", "valueFrom": ["fieldRef": ["fieldPath": "spec.nodeName"]]],
                ["name": "A", "value": "hunter2"],
            ])
        #expect(draft.spec["initContainers"]?[0]?["env"]?.array?.count == 2)
        #expect(draft.told == ["env of init container 'i': A, B", "env of container 'trainer': A"])
    }

    @Test func `the security context of baseline, root with what stock trainers need`() throws {
        let draft = try shaped("podSecurity: baseline")
        #expect(draft.spec["securityContext"] == ["seccompProfile": ["type": "RuntimeDefault"]])
        #expect(
            draft.trainer?["securityContext"] == [
                "allowPrivilegeEscalation": false,
                "capabilities": ["drop": ["ALL"], "add": ["CHOWN", "DAC_OVERRIDE", "FOWNER", "SETGID", "SETUID"]],
            ])
        // The field is younger than 1.18, whose server would refuse it.
        #expect(try shaped("podSecurity: baseline", hasSeccompField: false).spec["securityContext"] == nil)
    }

    @Test func `the security context of restricted`() throws {
        let draft = try shaped("podSecurity: restricted")
        #expect(
            draft.spec["securityContext"] == [
                "seccompProfile": ["type": "RuntimeDefault"], "runAsNonRoot": true, "runAsUser": 10001,
                "runAsGroup": 10001, "fsGroup": 10001,
            ])
        #expect(
            draft.trainer?["securityContext"] == [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
            ])
    }

    @Test func `the security context of openshift, whose ids are the cluster's`() throws {
        let draft = try shaped("podSecurity: openshift")
        #expect(draft.spec["securityContext"] == ["runAsNonRoot": true])
        #expect(
            draft.trainer?["securityContext"] == [
                "allowPrivilegeEscalation": false, "capabilities": ["drop": ["ALL"]],
            ])
    }

    @Test func `a security context beside what the task states`() throws {
        let draft = try shaped(
            "podSecurity: restricted",
            flowSpec { spec in
                spec["securityContext"] = ["runAsUser": 1000, "fsGroup": 2000]
                spec.changeTrainer {
                    $0["securityContext"] = [
                        "readOnlyRootFilesystem": true,
                        "capabilities": ["drop": ["NET_RAW"], "add": ["NET_BIND_SERVICE"]],
                    ]
                }
            })
        #expect(
            draft.spec["securityContext"] == [
                "runAsUser": 1000, "fsGroup": 2000, "seccompProfile": ["type": "RuntimeDefault"], "runAsNonRoot": true,
                "runAsGroup": 10001,
            ])
        #expect(
            draft.trainer?["securityContext"] == [
                "readOnlyRootFilesystem": true, "allowPrivilegeEscalation": false,
                "capabilities": ["drop": ["NET_RAW", "ALL"], "add": ["NET_BIND_SERVICE"]],
            ])
    }

    @Test func `a list of what was changed that nobody can forge or blow up`() throws {
        let draft = try shaped(
            "env: [{name: A, value: b}]\nallowImages: [ghcr.io/]",
            flowSpec { spec in
                spec["containers"] = .array(
                    (0..<300).map { ["name": .string("c\n\($0)"), "image": "ghcr.io/x/y"] })
            })
        #expect(draft.told.count == 201)
        #expect(draft.told.last == "and more")
        #expect(draft.told.contains("env of container 'c·7': A"))
    }
}

@Suite struct `The name of the server` {
    private static let policy = "hostAliases: {host: 10.0.0.9}"

    private func aliases(_ args: [Value], host: String = "spec.example", role: String = "client") throws -> Value? {
        try shaped(
            Self.policy, flowSpec { spec in spec.changeTrainer { $0["args"] = .array(args) } },
            job: flowJob(role: role, host: host), address: "10.0.0.9"
        ).spec["hostAliases"]
    }

    @Test(arguments: [
        (["--server=4f1c.server.iflearner.com:30031"], "4f1c.server.iflearner.com"),
        (["--server", "a.example:443", "--server=b.example:443"], "a.example"),
        (["--server=A.Example"], "a.example"), (["--epochs=3"], "spec.example"), ([], "spec.example"),
        (["--server"], "spec.example"), (["--servers=x:1"], "spec.example"),
    ])
    func `is written into the pod's hosts file`(_ args: [String], _ host: String) throws {
        #expect(try aliases(args.map(Value.string)) == [["ip": "10.0.0.9", "hostnames": [.string(host)]]])
    }

    @Test(arguments: [
        "--server=10.1.2.3:443", "--server=[::1]:443", "--server=a_b:1", "--server=:1", "--server=a b:1",
        "--server=-x:1",
    ])
    func `is left alone where it is an address or no name`(_ word: String) throws {
        #expect(try aliases([.string(word)]) == nil)
    }

    @Test func `is no matter of aggregators, nor where the policy says nothing`() throws {
        #expect(try aliases(["--server=a.example:1"], role: "server") == nil)
        #expect(try shaped("{}", address: "10.0.0.9").spec["hostAliases"] == nil)
    }

    @Test func `joins the task's own aliases`() throws {
        func spec(_ aliases: Value) -> Value { flowSpec { $0["hostAliases"] = aliases } }
        let joined = try shaped(
            Self.policy, spec([["ip": "10.0.0.9", "hostnames": ["x"]], ["ip": "10.0.0.8", "hostnames": ["y"]]]),
            address: "10.0.0.9")
        #expect(
            joined.spec["hostAliases"] == [
                ["ip": "10.0.0.9", "hostnames": ["x", "4f1c.server.iflearner.com"]],
                ["ip": "10.0.0.8", "hostnames": ["y"]],
            ])
        let own: Value = [["ip": "10.0.0.8", "hostnames": ["4f1c.server.iflearner.com"]]]
        #expect(try shaped(Self.policy, spec(own), address: "10.0.0.9").spec["hostAliases"] == own)
    }

    @Test func `is never written with what is no address`() throws {
        #expect(try shaped(Self.policy, address: "None").spec["hostAliases"] == nil)
        #expect(try shaped(Self.policy, address: "2001:db8::1").spec["hostAliases"]?[0]?["ip"] == "2001:db8::1")
        #expect(try shaped(Self.policy, address: nil).spec["hostAliases"] == nil)
    }
}
