// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.3: writes that the server refuses, or that come too late.
@Suite(.timeLimit(.minutes(2))) struct RefusedWriteTests {
    @Test func `an admission webhook that refuses a pod is asked again once a minute, and its words are told`()
        async throws
    {
        try await FailureLab.with(speed: 60) { lab in
            try await lab.makeCertificates()
            try lab.sandbox.inject(
                Fault(.denied("no iflearner here", code: 422), path: "/pods", count: nil))
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await eventually("it is told") {
                try await lab.job("a").condition(.podCreated)?.message.contains("no iflearner here") == true
            }
            #expect(try await lab.child(.service, "a") != nil)
            try await running.quiet()
            let requests = try await running.requests(within: .seconds(120))
            #expect(requests.count <= 3 * 6, "\(requests.summary)")
            try lab.sandbox.clearFaults()
            try await lab.complete("a")
            try await running.stop()
        }
    }

    @Test func `an invalid job among others is refused once and disturbs nobody (D10, D11)`() async throws {
        try await FailureLab.anywhere { lab in
            let running = LiveOperator(lab)
            var bad = KubernetesObject(lab.key(JobContract.kind, "bad"))
            bad.value["spec"] = ["role": "emperor", "host": "", "template": ["spec": ["containers": []]]]
            _ = try await lab.admin.create(bad)
            try await lab.createJob("good")
            try await lab.complete("good")
            try await eventually("it has failed") { try await lab.job("bad").phase == "Failed" }
            try await running.quiet()
            #expect(running.requests.filter { $0.target.contains("/bad") }.count <= 3, "\(running.requests.summary)")
            #expect(try await lab.child(.pod, "bad") == nil)
            try await running.stop()
        }
    }

    @Test func `a job that goes while its pod is being made leaves nothing behind`() async throws {
        try await FailureLab.anywhere { lab in
            let gate = Gate()
            let isFirst = Shared(true)
            let running = LiveOperator(
                lab,
                wrap: {
                    GatedTransport(
                        base: $0, gate: gate,
                        stopsAt: { request in
                            guard request.method != .get, request.target.contains("/pods") else { return false }
                            return isFirst.change { isFirst in
                                defer { isFirst = false }
                                return isFirst
                            }
                        })
                })
            try await lab.createJob("a")
            try await eventually("the pod is about to be made") { gate.count > 0 }
            try await lab.deleteJob("a")
            gate.open()
            try await eventually("the job is forgotten") { running.controller.cache.jobs.isEmpty }
            try await running.quiet()
            try await lab.gone("a")
            #expect(running.requests.count <= 60, "\(running.requests.summary)")
            try await running.stop()
        }
    }

    @Test func `in a namespace that is going nothing is made, and nothing is tried again and again`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            let name = ObjectKey(.namespace, name: "going")
            _ = try await lab.admin.create(KubernetesObject(name))
            var job = try await lab.createJob("model")
            try await lab.complete("model")
            job = KubernetesObject(ObjectKey(JobContract.kind, namespace: "going", name: "a"))
            job.value["spec"] = try await lab.job("model").object["spec"]
            job.value.set(["example.com/stuck"], at: ["metadata", "finalizers"])
            // Its pod cannot be made before the namespace is going.
            try lab.sandbox.inject(Fault(.status(503), path: "namespaces/going/(pods|services|ingresses)", count: nil))
            let made = try await lab.admin.create(job).object
            try await eventually("it was tried") { running.passes.now.contains { $0.name == "a" } }
            _ = try await lab.admin.delete(name)
            try lab.sandbox.clearFaults()
            try await running.quiet()
            let requests = try await running.requests(within: .seconds(20))
            #expect(requests.count <= 10, "\(requests.summary)")
            let pods = try await lab.admin.list(.pod, namespace: "going").items
            #expect(pods.isEmpty)
            try await lab.edit(made.key, ["metadata": ["finalizers": .null]])
            try await eventually("the namespace is gone") { try await lab.admin.find(name) == nil }
            try await running.quiet()
            try await running.stop()
        }
    }
}
