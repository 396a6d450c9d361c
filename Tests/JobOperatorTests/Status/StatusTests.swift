// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import Testing
import Values

/// What the status of a job tells, and how it is written.
@Suite struct StatusTests {
    @Test func `D13: nulls of the pod's status are left out at any depth, its conditions are kept`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.refresh()
            var pod = try #require(try await lab.child(.pod, "task"))
            pod.value["status"] = [
                "phase": "Running", "podIP": "10.0.0.5", "message": nil,
                "conditions": [
                    [
                        "type": "Ready", "status": "True", "lastProbeTime": nil,
                        "lastTransitionTime": "2026-01-01T00:00:00Z",
                    ]
                ],
                "containerStatuses": [
                    ["name": "trainer", "ready": true, "state": ["running": ["startedAt": nil]], "lastState": [:]]
                ],
            ]
            pod.resourceVersion = "99999999"
            lab.cache.note(.pod, pod)
            _ = try await lab.reconciler.reconcile(lab.key("task"))
            let job = try await lab.job("task")
            #expect(job.phase == "Running")
            #expect(job.status?["podIP"] == "10.0.0.5")
            let ready = try #require(job.object.condition("Ready"))
            #expect(ready.status == .yes)
            let text = job.status?.jsonString() ?? ""
            #expect(!text.contains("null"))
            let statuses: Value = [["name": "trainer", "ready": true, "state": ["running": [:]], "lastState": [:]]]
            #expect(job.status?["containerStatuses"] == statuses)
        }
    }

    @Test func `C8: what the pod's status no longer has goes from the job's`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running", "reason": "Slow", "nominatedNodeName": "n1"])
            try await lab.settle("task")
            #expect(try await lab.job("task").status?["nominatedNodeName"] == "n1")
            try await lab.setPod("task", ["reason": nil, "nominatedNodeName": nil])
            try await lab.settle("task")
            let status = try #require(try await lab.job("task").status)
            #expect(status["nominatedNodeName"] == nil)
            #expect(status["reason"] == nil)
        }
    }

    @Test func `D14: a condition changes its time only when it flips`() async throws {
        let time = ManualTime()
        var setup = OperatorLab.Setup()
        setup.time = time.source
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let first = try #require(try await lab.job("task").object.condition("CertificatesPresent"))
            #expect(first.lastTransitionTime == ManualTime.start.rfc3339)
            time.advance(.seconds(100))
            // Another reason is no flip.
            try await lab.makeCertificates()
            let secret = ObjectKey(.secret, namespace: lab.namespace, name: "server-iflearner-secret")
            try await lab.delete(try await lab.admin.get(secret))
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            let second = try #require(try await lab.job("task").object.condition("CertificatesPresent"))
            #expect(second.lastTransitionTime == first.lastTransitionTime)
            #expect(second.observedGeneration == 1)
            var again = KubernetesObject(secret)
            again.value["data"] = ["tls.crt": "YQ==", "tls.key": "YQ=="]
            _ = try await lab.admin.create(again)
            time.advance(.seconds(100))
            try await lab.settle("task")
            let third = try #require(try await lab.job("task").object.condition("CertificatesPresent"))
            #expect(third.status == .yes)
            #expect(third.lastTransitionTime == (ManualTime.start + .seconds(200)).rfc3339)
        }
    }

    @Test func `what was found out about the training is told, and stays over a restart`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            let job = try await lab.make("task")
            try await lab.settle("task")
            let training: Value = ["epoch": 3, "totalEpochs": 10]
            lab.additions.set(
                StatusAdditions.Addition(
                    training: training, conditions: [JobCondition(.stalled, .yes, "NoProgress", "nothing moves")]),
                toJob: job.uid)
            try await lab.settle("task")
            #expect(try await lab.job("task").status?["training"] == training)
            #expect(try await lab.job("task").told(.stalled) == "True NoProgress")
            // It is told once, and stays, also when the status is written for another reason.
            #expect(lab.additions.addition(toJob: job.uid) == nil)
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            let after = try await lab.job("task")
            #expect(after.phase == "Running")
            #expect(after.status?["training"] == training)
            #expect(after.told(.stalled) == "True NoProgress")
        }
    }

    @Test func `fields that others own are left alone`() async throws {
        try await OperatorLab.anywhere { lab in
            let job = try await lab.make("task")
            try await lab.edit(job.object, ["status": ["notes": ["by": "me"]]], subresource: "status")
            try await lab.settle("task")
            let status = try #require(try await lab.job("task").status)
            #expect(status["notes"] == ["by": "me"])
            #expect(status["phase"] == "Pending")
        }
    }

    @Test func `D7: a leader who slept does not put back what his successor wrote`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.refresh()
            // His cache stands still here, while the job is finished by another.
            let job = try await lab.job("task")
            try await lab.edit(job.object, ["status": ["phase": "Succeeded"]], subresource: "status")
            _ = try await lab.reconciler.reconcile(job.key)
            #expect(try await lab.job("task").phase == "Succeeded")
        }
    }

    @Test func `a status is written over a change that was not seen yet`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.refresh()
            let job = try await lab.job("task")
            try await lab.edit(job.object, ["metadata": ["labels": ["a": "b"]]])
            _ = try await lab.reconciler.reconcile(job.key)
            #expect(try await lab.job("task").phase == "Running")
        }
    }

    @Test func `a job that went meanwhile is no trouble, nor is one of the same name that came`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            let job = try await lab.make("task")
            try await lab.refresh()
            try await lab.delete(job.object)
            let outcome = try await lab.reconciler.reconcile(job.key)
            #expect(outcome == .settled)
            let other = try await lab.make("task")
            let again = try await lab.reconciler.reconcile(job.key)
            #expect(again == .settled)
            #expect(try await lab.job("task").uid == other.uid)
            #expect(try await lab.job("task").status == nil)
        }
    }

    @Test func `with upstream's definition, which drops the newer fields, the status is written and comes to rest`()
        async throws
    {
        var setup = OperatorLab.Setup()
        setup.definition = try JobDefinition.upstream()
        try await OperatorLab.with(setup) { lab in
            try await lab.makeCertificates()
            try await lab.make("task")
            try await lab.settle("task")
            let job = try await lab.job("task")
            #expect(job.phase == "Pending")
            #expect(job.told(.accepted) == "True Valid")
            #expect(job.status?["observedGeneration"] == nil)
            try await lab.setPod("task", ["phase": "Running", "hostIP": "10.0.0.1", "message": "a"])
            try await lab.settle("task")
            try await lab.setPod("task", ["message": nil])
            try await lab.settle("task")
            #expect(try await lab.job("task").phase == "Running")
            #expect(try await lab.job("task").status?["message"] == nil)
            try await lab.make("wrong", "leader")
            try await lab.settle("wrong")
            #expect(try await lab.job("wrong").status?["reason"] == "InvalidSpec")
        }
    }

    @Test func `the server's word about a failed pod becomes the job's`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": "Failed", "reason": "Evicted", "message": "the node was full"])
            try await lab.settle("task")
            let status = try #require(try await lab.job("task").status)
            #expect(status["reason"] == "Evicted")
            #expect(status["message"] == "the node was full")
            let events = try await lab.events(of: "task").filter { $0["reason"] == "Failed" }
            #expect(events.map { $0["message"]?.string } == ["the node was full"])
        }
    }
}
