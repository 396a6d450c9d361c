// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Sandbox
import Testing
import Values

/// When a pod is made, and when none is.
@Suite struct PodLifeTests {
    @Test(arguments: ["Running", "Pending"])
    func `a pod that is gone before it has ended is made anew, and told of`(_ phase: String) async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": .string(phase), "podIP": "10.0.0.9"])
            try await lab.settle("task")
            let old = try #require(try await lab.child(.pod, "task"))
            try await lab.delete(old)
            try await lab.settle("task")
            let new = try #require(try await lab.child(.pod, "task"))
            #expect(new.uid != old.uid)
            let job = try await lab.job("task")
            #expect(job.phase == "Pending")
            #expect(job.status?["podIP"] == nil)
            #expect(try await lab.events(of: "task").contains { $0["reason"] == "PodRecreated" })
        }
    }

    @Test(arguments: ["Succeeded", "Failed"])
    func `D7: a job whose pod has ended is never run again`(_ phase: String) async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": .string(phase)])
            try await lab.settle("task")
            try await lab.delete(try #require(try await lab.child(.pod, "task")))
            // Nor after a change of its template.
            try await lab.edit(
                "task", spec: ["template": ["spec": ["containers": [["name": "trainer", "image": "other:2"]]]]])
            let outcome = try await lab.settle("task")
            #expect(outcome == .settled)
            #expect(try await lab.child(.pod, "task") == nil)
            #expect(try await lab.job("task").phase == phase)
        }
    }

    @Test func `D7: a pod that ended and went before anybody wrote it down counts`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.refresh()
            var pod = try #require(try await lab.child(.pod, "task"))
            let ended: Value = ["phase": "Succeeded", "podIP": "10.0.0.7"]
            pod.value["status"] = ended
            try await lab.delete(pod)
            lab.cache.forget(.pod, lab.key("task"), lastState: pod)
            try await lab.settle("task")
            #expect(try await lab.child(.pod, "task") == nil)
            let job = try await lab.job("task")
            #expect(job.phase == "Succeeded")
            #expect(job.status?["podIP"] == "10.0.0.7")
        }
    }

    @Test func `a pod that is killed by its deletion fails, and its job does not`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            try await lab.edit(pod, ["metadata": ["finalizers": ["example.com/hold"]]])
            _ = try await lab.admin.delete(pod.key, options: DeleteOptions(gracePeriodSeconds: 30))
            // As a kubelet of 1.27 or later reports a pod that it was told to end.
            try await lab.setPod(
                "task",
                [
                    "phase": "Failed",
                    "containerStatuses": [
                        [
                            "name": "trainer",
                            "state": ["terminated": ["exitCode": 137, "finishedAt": "2099-01-01T00:00:00Z"]],
                        ]
                    ],
                ])
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(2)))
            let going = try await lab.job("task")
            #expect(going.phase == "Pending")
            #expect(going.told(.podCreated) == "False NameInUse")
            try await lab.edit(pod, ["metadata": ["finalizers": nil]])
            try await lab.delete(pod)
            try await lab.pass("task")
            let new = try #require(try await lab.child(.pod, "task"))
            #expect(new.uid != pod.uid)
        }
    }

    @Test func `a pod that had failed before it was deleted ends its job`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            try await lab.edit(pod, ["metadata": ["finalizers": ["example.com/hold"]]])
            try await lab.setPod(
                "task",
                [
                    "phase": "Failed",
                    "containerStatuses": [
                        [
                            "name": "trainer",
                            "state": ["terminated": ["exitCode": 1, "finishedAt": "2020-01-01T00:00:00Z"]],
                        ]
                    ],
                ])
            _ = try await lab.admin.delete(pod.key, options: DeleteOptions(gracePeriodSeconds: 30))
            try await lab.pass("task")
            #expect(try await lab.job("task").phase == "Failed")
        }
    }

    @Test func `D9: the scheduler is set where the template names none`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", spec: ["schedulername": "volcano"])
            try await lab.pass("task")
            #expect(try await lab.child(.pod, "task")?["spec", "schedulerName"] == "volcano")
            let template: Value = [
                "spec": ["schedulerName": "mine", "containers": [["name": "trainer", "image": "i:1"]]]
            ]
            try await lab.make("other", host: "o.example", spec: ["schedulername": "volcano", "template": template])
            try await lab.pass("other")
            #expect(try await lab.child(.pod, "other")?["spec", "schedulerName"] == "mine")
        }
    }

    @Test func `D15: trust roots that a template mounts already are not mounted twice`() async throws {
        try await OperatorLab.anywhere { lab in
            let template: Value = [
                "spec": [
                    "containers": [
                        [
                            "name": "trainer", "image": "i:1",
                            "volumeMounts": [
                                ["name": "own", "mountPath": "/etc/server-iflearner-secret.crt", "subPath": "ca.crt"]
                            ],
                        ]
                    ],
                    "volumes": [
                        ["name": "own", "emptyDir": [:]], ["name": "party-iflearner-crt", "emptyDir": [:]],
                    ],
                ]
            ]
            try await lab.make("party", "client", spec: ["template": template])
            try await lab.pass("party")
            let pod = try #require(try await lab.child(.pod, "party"))
            let volumes = (pod["spec", "volumes"]?.array ?? []).compactMap { $0["name"]?.string }
                .filter { !$0.hasPrefix("kube-api-access") && !$0.hasPrefix("default-token") }
            #expect(volumes == ["own", "party-iflearner-crt", "server-iflearner-crt"])
            let mounts = (pod["spec", "containers"]?[0]?["volumeMounts"]?.array ?? [])
                .compactMap { $0["mountPath"]?.string }.filter { $0.hasPrefix("/etc/") }
            #expect(mounts == ["/etc/server-iflearner-secret.crt", "/etc/party-iflearner-secret.crt"])
        }
    }

    @Test func `D22: what an apply refuses and a creation takes is made by a creation`() async throws {
        try await OperatorLab.anywhere { lab in
            let template: Value = [
                "spec": [
                    "fieldOfTheFuture": true,
                    "containers": [
                        [
                            "name": "trainer", "image": "i:1",
                            "env": [["name": "A", "value": "1"], ["name": "A", "value": "2"]],
                        ]
                    ],
                ]
            ]
            try await lab.make("task", spec: ["template": template])
            try await lab.settle("task")
            #expect(try await lab.job("task").told(.podCreated) == "True Created")
            let pod = try #require(try await lab.child(.pod, "task"))
            #expect(pod["spec", "containers"]?[0]?["env"]?.array?.count == 2)
        }
    }

    @Test func `a value that no pod can have is refused, and not tried again and again`() async throws {
        try await OperatorLab.anywhere { lab in
            if !lab.isReal {
                // As servers answer an apply.
                try lab.server.inject(
                    Fault(
                        .denied(
                            "failed to convert new object (default/task; /v1, Kind=Pod) to proper version: unable to "
                                + "convert unstructured object to /v1, Kind=Pod: quantities must match the regular "
                                + "expression", code: 500), method: "PATCH", path: "/pods/task", count: nil))
            }
            let container: Value = [
                "name": "trainer", "image": "i:1", "resources": ["requests": ["memory": "lots"]],
            ]
            try await lab.make("task", spec: ["template": ["spec": ["containers": [container]]]])
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(30)) || outcome == .again(after: .seconds(60)))
            let job = try await lab.job("task")
            #expect(job.told(.podCreated) == "False Refused")
            #expect(job.status?["message"]?.string?.contains("quantities must match") == true)
            #expect(try await lab.child(.service, "task") != nil)
        }
    }

    @Test func `a pod that the server refuses is told of, and tried again slowly`() async throws {
        try await OperatorLab.anywhere { lab in
            var quota = KubernetesObject(
                ObjectKey(
                    GroupVersionKind(apiVersion: "v1", kind: "ResourceQuota"), namespace: lab.namespace, name: "none"))
            quota.value["spec"] = ["hard": ["pods": "0"]]
            _ = try await lab.admin.create(quota)
            try await lab.make("task")
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(30)) || outcome == .again(after: .seconds(60)))
            let job = try await lab.job("task")
            #expect(job.told(.podCreated) == "False Refused")
            #expect(job.phase == "Pending")
            #expect(job.status?["message"]?.string?.contains("exceeded quota") == true)
            #expect(try await lab.child(.service, "task") != nil)
            try await lab.delete(quota)
            try await lab.settle("task")
            #expect(try await lab.job("task").told(.podCreated) == "True Created")
            #expect(try await lab.job("task").status?["message"]?.string?.contains("quota") != true)
        }
    }

    @Test func `the account of a new namespace comes a moment after it: that is no refusal`() async throws {
        try await OperatorLab.anywhere { lab in
            let template: Value = [
                "spec": ["serviceAccountName": "late", "containers": [["name": "trainer", "image": "i:1"]]]
            ]
            try await lab.make("task", spec: ["template": template])
            // The pass fails, and is repeated within milliseconds at first.
            await #expect(throws: APIError.self) { try await lab.pass("task") }
            #expect(try await lab.job("task").told(.podCreated) == "False WriteFailed")
            let account = GroupVersionKind(apiVersion: "v1", kind: "ServiceAccount")
            _ = try await lab.admin.create(
                KubernetesObject(ObjectKey(account, namespace: lab.namespace, name: "late")))
            try await lab.pass("task")
            #expect(try await lab.job("task").told(.podCreated) == "True Created")
        }
    }

    @Test func `a job in a namespace that is going is left in peace`() async throws {
        try await OperatorLab.anywhere { lab in
            _ = try await lab.admin.create(KubernetesObject(ObjectKey(.namespace, name: "leaving")))
            try await lab.make("task", in: "leaving")
            _ = try await lab.admin.delete(ObjectKey(.namespace, name: "leaving"))
            let outcome = try await lab.pass("task", in: "leaving")
            #expect(outcome == .settled)
        }
    }

    @Test func `C10: a job that is being deleted is left to its owner references`() async throws {
        try await OperatorLab.anywhere { lab in
            let job = try await lab.make("task")
            try await lab.edit(job.object, ["metadata": ["finalizers": ["example.com/hold"]]])
            _ = try await lab.admin.delete(job.object.key)
            let requests = try await lab.requests {
                try await lab.refresh()
                let outcome = try await lab.reconciler.reconcile(job.key)
                #expect(outcome == .settled)
            }
            #expect(requests == [])
        }
    }
}
