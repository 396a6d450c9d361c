// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Sandbox
import Testing
import Values

/// Which Ingress API is spoken, and how its class is named: D1, D2 and D20.
@Suite struct IngressVersionTests {
    @Test(arguments: [(18, "networking.k8s.io/v1beta1"), (19, "networking.k8s.io/v1"), (36, "networking.k8s.io/v1")])
    func `D1: the version is a matter of discovery`(_ minor: Int, _ apiVersion: String) async throws {
        var setup = OperatorLab.Setup()
        setup.minor = minor
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task")
            try await lab.settle("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress.apiVersion == apiVersion)
            let backend = ingress["spec", "rules"]?[0]?[path: "http", "paths"]?[0]?["backend"]
            let old: Value = ["serviceName": "task", "servicePort": 80]
            let new: Value = ["service": ["name": "task", "port": ["number": 80]]]
            #expect(backend == (minor < 19 ? old : new))
            #expect(try await lab.job("task").told(.ingressReady) == "True Created")
        }
    }

    @Test func `D20: the class is a field where there is an IngressClass of the name, else an annotation`() async throws
    {
        try await OperatorLab.with { lab in
            try await lab.make("old", host: "a.example")
            try await lab.pass("old")
            let annotated = try #require(try await lab.child(.ingress, "old"))
            #expect(annotated.annotations["kubernetes.io/ingress.class"] == "nginx")
            #expect(annotated["spec", "ingressClassName"] == nil)
        }
        try await OperatorLab.with { lab in
            try await Self.makeClass(lab)
            try await lab.make("new", host: "b.example")
            try await lab.pass("new")
            let classed = try #require(try await lab.child(.ingress, "new"))
            #expect(classed.annotations["kubernetes.io/ingress.class"] == nil)
            #expect(classed["spec", "ingressClassName"] == "nginx")
        }
    }

    @Test func `D20: an Ingress keeps the form that it has`() async throws {
        let time = ManualTime()
        var setup = OperatorLab.Setup()
        setup.time = time.source
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task")
            try await lab.settle("task")
            try await Self.makeClass(lab)
            time.advance(.seconds(3600))
            try await lab.settle("task")
            let ingress = try #require(try await lab.child(.ingress, "task"))
            #expect(ingress.annotations["kubernetes.io/ingress.class"] == "nginx")
            #expect(ingress["spec", "ingressClassName"] == nil)
        }
    }

    /// The rights of a Role in one namespace, as the facts list them.
    private static let rights = [
        AccessRule(
            verbs: ["get", "list", "watch"], groups: ["git.iflytek.com"], resources: ["iflearnerjobs"],
            namespaces: ["default"]),
        AccessRule(
            verbs: ["get", "update", "patch"], groups: ["git.iflytek.com"], resources: ["iflearnerjobs/status"],
            namespaces: ["default"]),
        AccessRule(
            verbs: ["update"], groups: ["git.iflytek.com"], resources: ["iflearnerjobs/finalizers"],
            namespaces: ["default"]),
        AccessRule(
            verbs: ["get", "list", "watch", "create", "update", "patch", "delete"], groups: [""],
            resources: ["pods", "services"], namespaces: ["default"]),
        AccessRule(
            verbs: ["get", "list", "watch", "create", "update", "patch", "delete"], groups: ["networking.k8s.io"],
            resources: ["ingresses"], namespaces: ["default"]),
        AccessRule(verbs: ["create", "patch"], groups: [""], resources: ["events"], namespaces: ["default"]),
    ]

    @Test(arguments: [18, 33])
    func `D2 D23: a Role in one namespace is enough; what may not be read is no alarm`(_ minor: Int) async throws {
        var setup = OperatorLab.Setup()
        setup.minor = minor
        setup.accounts = [SandboxConfiguration.Account(name: "operator", token: "operator", rules: Self.rights)]
        setup.token = "operator"
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task")
            let outcome = try await lab.settle("task")
            #expect(outcome == .settled)
            let job = try await lab.job("task")
            #expect(job.told(.ingressReady) == "True Created")
            #expect(job.told(.certificatesPresent) == "Unknown NotReadable")
            #expect(job.status?["reason"] == nil)
        }
    }

    private static func makeClass(_ lab: OperatorLab) async throws {
        var object = KubernetesObject(
            ObjectKey(GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "IngressClass"), name: "nginx"))
        object.value["spec"] = ["controller": "k8s.io/ingress-nginx"]
        _ = try await lab.admin.create(object)
    }
}
