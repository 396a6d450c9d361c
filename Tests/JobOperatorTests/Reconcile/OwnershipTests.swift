// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// Names that are taken: nothing is adopted by name, and nothing of a stranger's is touched.
@Suite struct OwnershipTests {
    @Test(arguments: [ChildKind.pod, .service, .ingress])
    func `D4: a stranger's object is left alone and told of, and the others are made`(_ kind: ChildKind) async throws {
        try await OperatorLab.anywhere { lab in
            let stranger = try await lab.admin.create(Self.object(kind, in: lab)).object
            try await lab.make("task")
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(60)) || outcome == .again(after: .seconds(30)))
            let after = try #require(try await lab.child(kind, "task"))
            #expect(after.uid == stranger.uid)
            #expect(after.resourceVersion == stranger.resourceVersion)
            for other in [ChildKind.pod, .service, .ingress] where other != kind {
                #expect(try await lab.child(other, "task")?.controller?.name == "task")
            }
            let job = try await lab.job("task")
            let condition = try #require(job.object.condition(Self.condition(kind).rawValue))
            #expect(condition.status == .no)
            #expect(condition.reason == "NameTaken")
            #expect(condition.message.contains("\(kind.kind)/task"))
            #expect(job.phase == "Pending")
            // It is told once, however often it is looked at.
            try await lab.pass("task")
            let events = try await lab.events(of: "task").filter { $0["reason"] == "NameTaken" }
            #expect(events.map { $0["count"]?.int } == [1])
        }
    }

    @Test func `D4: whose object it is stands in the message`() async throws {
        try await OperatorLab.with { lab in
            var service = Self.object(.service, in: lab)
            service.value.set(
                [["apiVersion": "apps/v1", "kind": "Deployment", "name": "web", "uid": "u1", "controller": true]],
                at: ["metadata", "ownerReferences"])
            _ = try await lab.admin.create(service)
            try await lab.make("task")
            try await lab.pass("task")
            let message = try await lab.job("task").object.condition("ServiceReady")?.message
            #expect(message == "Service/task belongs to Deployment/web")
        }
    }

    @Test func `D4: once the stranger's object is gone, the job's is made`() async throws {
        try await OperatorLab.anywhere { lab in
            let stranger = try await lab.admin.create(Self.object(.service, in: lab)).object
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.delete(stranger)
            try await lab.pass("task")
            #expect(try await lab.child(.service, "task")?.controller?.name == "task")
            #expect(try await lab.job("task").told(.serviceReady) == "True Created")
        }
    }

    @Test func `C12 D5: a job that was deleted and made again waits for what the old one leaves, and inherits nothing`()
        async throws
    {
        try await OperatorLab.with { lab in
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.setPod("task", ["phase": "Succeeded"])
            try await lab.settle("task")
            // The garbage collector is late: the old objects stay, and keep the name.
            try await lab.delete(try await lab.job("task").object)
            let again = try await lab.make("task")
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(2)))
            let waiting = try await lab.job("task")
            #expect(waiting.phase == "Pending")
            #expect(waiting.told(.podCreated) == "False NameInUse")
            for kind in [ChildKind.pod, .service, .ingress] {
                let old = try #require(try await lab.child(kind, "task"))
                #expect(old.controller?.uid != again.uid)
                try await lab.delete(old)
            }
            try await lab.pass("task")
            for kind in [ChildKind.pod, .service, .ingress] {
                #expect(try await lab.child(kind, "task")?.controller?.uid == again.uid)
            }
            #expect(try await lab.job("task").phase == "Pending")
        }
    }

    @Test func `D5: an object that is being deleted is waited for`() async throws {
        try await OperatorLab.anywhere { lab in
            let service = try await lab.admin.create(Self.object(.service, in: lab)).object
            try await lab.edit(service, ["metadata": ["finalizers": ["example.com/hold"]]])
            try await lab.delete(service)
            try await lab.make("task")
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(2)))
            #expect(try await lab.job("task").told(.serviceReady) == "False NameInUse")
            #expect(try await lab.child(.pod, "task") != nil)
            try await lab.edit(service, ["metadata": ["finalizers": nil]])
            try await lab.pass("task")
            #expect(try await lab.child(.service, "task")?.controller?.name == "task")
        }
    }

    @Test(arguments: [22, 33])
    func `an object that the cache does not have yet is not made twice`(_ minor: Int) async throws {
        var setup = OperatorLab.Setup()
        setup.minor = minor
        try await OperatorLab.with(setup) { lab in
            try await lab.makeCertificates()
            try await lab.make("task")
            try await lab.refresh()
            let key = lab.key("task")
            _ = try await lab.reconciler.reconcile(key)
            let kinds = [ChildKind.pod, .service, .ingress]
            var before: [String?] = []
            for kind in kinds { before.append(try await lab.child(kind, "task")?.resourceVersion) }
            // No informer has told of what was made.
            let outcome = try await lab.reconciler.reconcile(key)
            #expect(outcome == .settled)
            var after: [String?] = []
            for kind in kinds { after.append(try await lab.child(kind, "task")?.resourceVersion) }
            #expect(before == after)
            #expect(!before.contains(nil))
        }
    }

    @Test(arguments: [ChildKind.pod, .service, .ingress])
    func `a stranger who takes the name in the same moment is not merged into`(_ kind: ChildKind) async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.refresh()
            let stranger = try await lab.admin.create(Self.object(kind, in: lab)).object
            let outcome = try await lab.reconciler.reconcile(lab.key("task"))
            #expect(outcome != .settled)
            let after = try #require(try await lab.child(kind, "task"))
            #expect(after.ownerReferences.isEmpty)
            #expect(after.resourceVersion == stranger.resourceVersion)
            #expect(try await lab.job("task").told(Self.condition(kind)) == "False NameTaken")
        }
    }

    private static func condition(_ kind: ChildKind) -> JobCondition.Kind {
        switch kind {
        case .pod: .podCreated
        case .service: .serviceReady
        case .ingress, .disruptionBudget: .ingressReady
        }
    }

    /// An object that somebody else made.
    private static func object(_ kind: ChildKind, in lab: OperatorLab) -> KubernetesObject {
        let version = kind == .ingress ? "networking.k8s.io/v1" : "v1"
        var object = KubernetesObject(
            ObjectKey(GroupVersionKind(apiVersion: version, kind: kind.kind), namespace: lab.namespace, name: "task"))
        switch kind {
        case .pod:
            object.value["spec"] = [
                "schedulerName": "nobody", "containers": [["name": "web", "image": "nginx:1"]],
            ]
        case .service:
            object.value["spec"] = [
                "selector": ["run": "web"], "ports": [["name": "grpc", "port": 80, "targetPort": 8080]],
            ]
        case .ingress, .disruptionBudget:
            object.value["spec"] = [
                "defaultBackend": ["service": ["name": "web", "port": ["number": 80]]]
            ]
        }
        return object
    }
}
