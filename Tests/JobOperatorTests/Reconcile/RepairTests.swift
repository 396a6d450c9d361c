// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Sandbox
import Testing
import Values

/// What others do to the objects of a job is undone; what the job no longer wants is taken back.
@Suite struct RepairTests {
    @Test func `D3 D6: whatever is missing is made again, each on its own`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.pass("task")
            for kind in [ChildKind.service, .ingress] {
                let old = try #require(try await lab.child(kind, "task"))
                try await lab.delete(old)
                try await lab.pass("task")
                let new = try #require(try await lab.child(kind, "task"))
                #expect(new.uid != old.uid)
            }
        }
    }

    @Test(arguments: ["services", "ingresses", "pods"])
    func `D3 C14: one that cannot be made does not keep the others from being made`(_ plural: String) async throws {
        try await OperatorLab.with { lab in
            try await lab.make("task")
            try lab.server.inject(Fault(.status(500), method: "PATCH", path: "/\(plural)/task\\?", count: 1))
            await #expect(throws: APIError.self) { try await lab.pass("task") }
            let made = ["services": ChildKind.service, "ingresses": .ingress, "pods": .pod]
            for (name, kind) in made {
                #expect((try await lab.child(kind, "task") != nil) == (name != plural))
            }
            let told = [
                "services": JobCondition.Kind.serviceReady, "ingresses": .ingressReady, "pods": .podCreated,
            ]
            let job = try await lab.job("task")
            for (name, kind) in told {
                #expect(job.told(kind) == (name == plural ? "False WriteFailed" : "True Created"))
            }
            #expect(job.phase == "Pending")
            try await lab.pass("task")
            for kind in made.values { #expect(try await lab.child(kind, "task") != nil) }
        }
    }

    @Test(arguments: ["services", "ingresses", "pods"])
    func `D3: none waits for another`(_ plural: String) async throws {
        try await OperatorLab.with { lab in
            try await lab.make("task")
            try await lab.refresh()
            try lab.server.inject(Fault(.hangBefore, method: "PATCH", path: "/\(plural)/task\\?"))
            let pass = Task { try await lab.reconciler.reconcile(lab.key("task")) }
            let others = ["services": ChildKind.service, "ingresses": .ingress, "pods": .pod].filter {
                $0.key != plural
            }
            let deadline = ContinuousClock.now + .seconds(20)
            var made = 0
            while made < others.count, ContinuousClock.now < deadline {
                made = 0
                for kind in others.values where try await lab.child(kind, "task") != nil { made += 1 }
            }
            #expect(made == others.count)
            // The connection of what hangs breaks: that pass may fail, and another one makes up for it.
            try lab.server.clearFaults()
            _ = await pass.result
            try await lab.settle("task")
            for kind in [ChildKind.pod, .service, .ingress] { #expect(try await lab.child(kind, "task") != nil) }
        }
    }

    /// What a hand does to an object, and what of it stays.
    struct HandEdit: Sendable, CustomTestStringConvertible {
        var kind: ChildKind
        var patch: Value
        var testDescription: String { "\(kind.kind) \(patch.jsonString())" }
    }

    static let edits = [
        HandEdit(kind: .service, patch: ["spec": ["selector": ["app": "other"]]]),
        HandEdit(kind: .service, patch: ["spec": ["selector": ["tier": "web"]]]),
        HandEdit(kind: .service, patch: ["spec": ["ports": [["name": "grpc", "port": 80, "targetPort": 1]]]]),
        HandEdit(
            kind: .service,
            patch: [
                "spec": [
                    "ports": [
                        ["name": "grpc", "port": 80, "targetPort": 50001],
                        ["name": "http", "port": 82, "targetPort": 50002],
                        ["name": "debug", "port": 9999, "targetPort": 9999],
                    ]
                ]
            ]),
        HandEdit(kind: .service, patch: ["spec": ["type": "NodePort"]]),
        HandEdit(kind: .service, patch: ["metadata": ["labels": ["app": "other"]]]),
        HandEdit(
            kind: .ingress,
            patch: ["metadata": ["annotations": ["nginx.ingress.kubernetes.io/backend-protocol": "HTTP"]]]),
        HandEdit(
            kind: .ingress, patch: ["metadata": ["annotations": ["nginx.ingress.kubernetes.io/proxy-body-size": nil]]]),
        HandEdit(kind: .ingress, patch: ["spec": ["tls": nil]]),
        HandEdit(
            kind: .ingress,
            patch: [
                "spec": [
                    "rules": [
                        [
                            "host": "t1.server.iflearner.com",
                            "http": [
                                "paths": [
                                    [
                                        "path": "/", "pathType": "Prefix",
                                        "backend": ["service": ["name": "evil", "port": ["number": 80]]],
                                    ]
                                ]
                            ],
                        ]
                    ]
                ]
            ]),
    ]

    @Test(arguments: edits)
    func `what a hand changes is changed back`(_ edit: HandEdit) async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let before = try #require(try await lab.child(edit.kind, "task"))
            try await lab.edit(before, edit.patch)
            let changed = try #require(try await lab.child(edit.kind, "task"))
            #expect(Self.content(changed) != Self.content(before))
            try await lab.pass("task")
            let after = try #require(try await lab.child(edit.kind, "task"))
            #expect(Self.content(after) == Self.content(before))
            #expect(after.uid == before.uid)
            try await lab.settle("task")
        }
    }

    @Test(arguments: [Value.null, "other"], [true, false])
    func `C4: a pod gets the label back by which its Service finds it`(_ label: Value, _ isKnown: Bool) async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.settle("task")
            try await lab.setPod("task", ["phase": "Running"])
            try await lab.settle("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            try await lab.edit(pod, ["metadata": ["labels": ["app": label]]])
            try await lab.refresh()
            // Informers follow pods with the label alone.
            if !isKnown { lab.cache.forget(.pod, lab.key("task")) }
            _ = try await lab.reconciler.reconcile(lab.key("task"))
            let after = try #require(try await lab.child(.pod, "task"))
            #expect(after.labels["app"] == "task")
            #expect(after.uid == pod.uid)
            #expect(try await lab.job("task").phase == "Running")
        }
    }

    @Test func `what others add beside is theirs`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let service = try #require(try await lab.child(.service, "task"))
            try await lab.edit(service, ["metadata": ["annotations": ["mesh.example.com/on": "yes"]]])
            try await lab.refresh()
            let requests = try await lab.requests { try await lab.pass("task") }.filter { !$0.hasPrefix("GET") }
            #expect(requests == [])
            #expect(try await lab.child(.service, "task")?.annotations["mesh.example.com/on"] == "yes")
        }
    }

    @Test func `D8: another role or host changes Service and Ingress where they stand`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let before = try #require(try await lab.child(.service, "task"))
            try await lab.edit("task", spec: ["role": "client", "host": "t2.server.iflearner.com"])
            try await lab.settle("task")
            let service = try #require(try await lab.child(.service, "task"))
            #expect(service.uid == before.uid)
            #expect(service["spec", "clusterIP"] == before["spec", "clusterIP"])
            #expect(service["spec", "ports"]?.array?.map { $0["name"]?.string } == ["grpc"])
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress["spec", "rules"]?[0]?["host"] == "t2.server.iflearner.com")
            #expect(ingress["spec", "tls"]?[0]?["secretName"] == "party-iflearner-secret")
        }
    }

    @Test func `D8: a changed template leaves the pod and is told of, until it is changed back`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let pod = try #require(try await lab.child(.pod, "task"))
            let old = try #require(try await lab.job("task").template)
            try await lab.edit(
                "task", spec: ["template": ["spec": ["containers": [["name": "trainer", "image": "other:2"]]]]])
            try await lab.settle("task")
            #expect(try await lab.child(.pod, "task")?.uid == pod.uid)
            #expect(try await lab.job("task").told(.templateApplied) == "False TemplateChanged")
            try await lab.edit("task", spec: ["template": old])
            try await lab.settle("task")
            #expect(try await lab.job("task").told(.templateApplied) == "True Applied")
        }
    }

    @Test func `a webhook that changes what is written is not fought`() async throws {
        var setup = OperatorLab.Setup()
        setup.wrap = { RewritingTransport($0, "/services/task", "\"ClusterIP\"", "\"NodePort\"") }
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let service = try #require(try await lab.child(.service, "task"))
            #expect(service["spec", "type"] == "NodePort")
            // Another change is still answered, once.
            try await lab.edit(service, ["spec": ["selector": ["app": "other"]]])
            try await lab.settle("task")
            #expect(try await lab.child(.service, "task")?["spec", "selector"] == ["app": "task"])
        }
    }

    /// What of an object is the controller's to keep.
    private static func content(_ object: KubernetesObject) -> Value {
        var value = object.value
        for key in ["managedFields", "resourceVersion", "generation"] { value.set(nil, at: ["metadata", key]) }
        return value
    }
}
