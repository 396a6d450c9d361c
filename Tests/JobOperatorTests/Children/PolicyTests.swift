// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Synchronization
import Testing
import Values

/// What a namespace's policy changes: pods, clients' Ingresses, guards against eviction, and what is refused.
@Suite struct PolicyTests {
    /// A policy that a test can change.
    private struct Policy: JobShaping {
        var refusal: JobRefusal?
        var clientIngress: IngressSettings?
        var serverIngress = IngressSettings.upstream
        var guardsAgainstEviction = false

        func shape(_ pod: inout PodDraft, for job: IflearnerJob) throws(JobRefusal) {
            if let refusal { throw refusal }
            pod.labels["shaped"] = "yes"
            pod.labels["app"] = "other"
            pod.spec["runtimeClassName"] = nil
            pod.spec["priority"] = nil
            pod.spec["hostname"] = "shaped"
        }
    }

    private static func with(
        _ policy: Policy?, minor: Int = 33, _ body: (OperatorLab, Shared<Policy?>) async throws -> Void
    ) async throws {
        let shared = Shared(policy)
        var setup = OperatorLab.Setup()
        setup.minor = minor
        setup.policy = { _ in shared.now }
        try await OperatorLab.with(setup) { lab in try await body(lab, shared) }
    }

    @Test func `a policy shapes the pod, but not the label that the Service goes by`() async throws {
        try await Self.with(Policy()) { lab, _ in
            try await lab.make("task")
            try await lab.settle("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            #expect(pod.labels == ["app": "task", "shaped": "yes"])
            #expect(pod["spec", "hostname"] == "shaped")
            // The template is as it was, whatever the policy made of it.
            #expect(try await lab.job("task").told(.templateApplied) == "True Applied")
        }
    }

    @Test(arguments: [JobRefusal.Reason.imageNotAllowed, .dataNotAllowed])
    func `what a policy refuses is not made, and stays refused when the policy widens`(_ reason: JobRefusal.Reason)
        async throws
    {
        try await Self.with(Policy(refusal: JobRefusal(reason, "spec.template: no"))) { lab, policy in
            try await lab.make("task")
            let outcome = try await lab.settle("task")
            #expect(outcome == .settled)
            let job = try await lab.job("task")
            #expect(job.phase == "Failed")
            #expect(job.status?["reason"]?.string == reason.rawValue)
            #expect(job.told(.accepted) == "False \(reason.rawValue)")
            policy.change { $0?.refusal = nil }
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

    @Test func `a job that runs is not stopped by a policy that would refuse it`() async throws {
        try await Self.with(Policy()) { lab, policy in
            try await lab.make("task")
            try await lab.settle("task")
            policy.change { $0?.refusal = JobRefusal(.imageNotAllowed, "no") }
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            #expect(try await lab.job("task").phase == "Running")
            #expect(try await lab.job("task").told(.accepted) == "True Valid")
        }
    }

    @Test func `C13: with a policy clients have an Ingress only where it has one`() async throws {
        try await Self.with(Policy()) { lab, policy in
            try await lab.make("party", "client")
            try await lab.settle("party")
            #expect(try await lab.child(.ingress, "party") == nil)
            #expect(try await lab.job("party").told(.ingressReady) == nil)
            policy.change {
                $0?.clientIngress = IngressSettings(
                    className: "haproxy", annotations: ["haproxy.org/server-proto": "h2"])
            }
            try await lab.settle("party")
            let ingress = try #require(try await lab.child(.ingress, "party"))
            #expect(ingress.annotations["kubernetes.io/ingress.class"] == "haproxy")
            #expect(ingress.annotations["haproxy.org/server-proto"] == "h2")
            #expect(ingress.annotations["nginx.ingress.kubernetes.io/backend-protocol"] == nil)
            policy.change { $0?.clientIngress = nil }
            try await lab.settle("party")
            #expect(try await lab.child(.ingress, "party") == nil)
        }
    }

    @Test func `annotations that a policy no longer has are taken back`() async throws {
        let first = IngressSettings(className: "a", annotations: ["x.example/one": "1", "x.example/two": "2"])
        try await Self.with(Policy(serverIngress: first)) { lab, policy in
            try await lab.make("task")
            try await lab.settle("task")
            policy.change {
                $0?.serverIngress = IngressSettings(className: "b", annotations: ["x.example/two": "3"])
            }
            try await lab.settle("task")
            let annotations = try #require(try await lab.child(.ingress, "task")).annotations
            #expect(annotations["x.example/one"] == nil)
            #expect(annotations["x.example/two"] == "3")
            #expect(annotations["kubernetes.io/ingress.class"] == "b")
        }
    }

    @Test func `an Ingress without a class is left to the cluster's default`() async throws {
        try await Self.with(Policy(serverIngress: IngressSettings(className: "", annotations: [:]))) { lab, _ in
            try await lab.make("task")
            try await lab.settle("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress["spec", "ingressClassName"] == nil)
            #expect(ingress.annotations["kubernetes.io/ingress.class"] == nil)
        }
    }

    @Test(arguments: [(20, "policy/v1beta1"), (33, "policy/v1")])
    func `a running aggregator is guarded, and nothing else is`(_ minor: Int, _ apiVersion: String) async throws {
        try await Self.with(Policy(guardsAgainstEviction: true), minor: minor) { lab, policy in
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

    @Test func `a guard that the policy no longer asks for is removed`() async throws {
        try await Self.with(Policy(guardsAgainstEviction: true)) { lab, policy in
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            #expect(try await lab.child(.disruptionBudget, "task") != nil)
            policy.change { $0?.guardsAgainstEviction = false }
            try await lab.settle("task")
            #expect(try await lab.child(.disruptionBudget, "task") == nil)
        }
    }
}
