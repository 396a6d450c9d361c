// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// One host, one Ingress: D16 and D17.
@Suite struct HostTests {
    private static let host = "t1.server.iflearner.com"
    private static let timeout = "nginx.ingress.kubernetes.io/proxy-read-timeout"

    @Test func `D17: a client does not take the host of a server in the same cluster`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: Self.host)
            try await lab.pass("task")
            try await lab.make("party", "client", host: Self.host)
            let outcome = try await lab.pass("party")
            #expect(outcome == .again(after: .seconds(30)))
            #expect(try await lab.child(.ingress, "party") == nil)
            #expect(try await lab.child(.pod, "party") != nil)
            #expect(try await lab.child(.service, "party") != nil)
            let condition = try #require(try await lab.job("party").object.condition("IngressReady"))
            #expect(condition.reason == "HostTaken")
            #expect(condition.message.contains("\(lab.namespace)/task"))
            // Nobody has to reach a trainer: that is not why it waits, if it does.
            #expect(try await lab.job("party").status?["reason"]?.string == "ConfigMapMissing")
            #expect(try await lab.job("task").told(.ingressReady) == "True Created")
        }
    }

    @Test func `D17: a client makes way for a server that comes later, as flow makes it come`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("party", "client", host: Self.host)
            try await lab.pass("party")
            #expect(try await lab.child(.ingress, "party") != nil)
            try await lab.make("task", host: Self.host)
            try await lab.pass("task")
            #expect(try await lab.child(.ingress, "task") != nil)
            #expect(try await lab.job("task").told(.ingressReady) == "False HostTaken")
            try await lab.pass("party")
            #expect(try await lab.child(.ingress, "party") == nil)
            try await lab.pass("task")
            #expect(try await lab.job("task").told(.ingressReady) == "True Created")
        }
    }

    @Test func `D17: when the server goes, the client gets its Ingress`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: Self.host)
            try await lab.pass("task")
            try await lab.make("party", "client", host: Self.host)
            try await lab.pass("party")
            try await lab.delete(try await lab.job("task").object)
            try await lab.delete(try #require(try await lab.child(.ingress, "task")))
            try await lab.pass("party")
            #expect(try await lab.child(.ingress, "party") != nil)
            #expect(try await lab.job("party").told(.ingressReady) == "True Created")
        }
    }

    @Test func `D17: a client that has ended gets no Ingress when the server goes`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: Self.host)
            try await lab.pass("task")
            try await lab.make("party", "client", host: Self.host)
            try await lab.pass("party")
            try await lab.setPod("party", ["phase": "Succeeded"])
            try await lab.pass("party")
            #expect(try await lab.job("party").phase == "Succeeded")
            try await lab.delete(try await lab.job("task").object)
            try await lab.delete(try #require(try await lab.child(.ingress, "task")))
            // With its pod and without: it waits for nothing.
            #expect(try await lab.pass("party") == .settled)
            #expect(try await lab.child(.ingress, "party") == nil)
            try await lab.delete(try #require(try await lab.child(.pod, "party")))
            #expect(try await lab.pass("party") == .settled)
            #expect(try await lab.child(.ingress, "party") == nil)
            #expect(try await lab.child(.pod, "party") == nil)
        }
    }

    @Test func `D17: a client that has ended without an Ingress keeps the host from nobody`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: Self.host)
            try await lab.pass("task")
            try await lab.make("first", "client", host: Self.host)
            try await lab.pass("first")
            try await lab.setPod("first", ["phase": "Failed"])
            try await lab.pass("first")
            try await lab.make("second", "client", host: Self.host)
            try await lab.pass("second")
            #expect(try await lab.job("second").told(.ingressReady) == "False HostTaken")
            try await lab.delete(try await lab.job("task").object)
            try await lab.delete(try #require(try await lab.child(.ingress, "task")))
            try await lab.pass("second")
            #expect(try await lab.child(.ingress, "second") != nil)
            #expect(try await lab.job("second").told(.ingressReady) == "True Created")
        }
    }

    @Test func `C9: a client that has ended keeps the Ingress that it has, as it is wanted`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("party", "client", host: Self.host)
            try await lab.pass("party")
            try await lab.setPod("party", ["phase": "Succeeded"])
            try await lab.settle("party")
            let ingress = try #require(try await lab.child(.ingress, "party"))
            try await lab.edit(ingress, ["metadata": ["annotations": [Self.timeout: "1"]]])
            try await lab.settle("party")
            #expect(try await lab.child(.ingress, "party")?.annotations[Self.timeout] == "3600")
        }
    }

    @Test func `D17: of two clients with one host the older has the Ingress`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("first", "client", host: Self.host)
            try await lab.make("second", "client", host: Self.host)
            // The younger one is looked at first.
            for name in ["second", "first", "second"] { try await lab.pass(name) }
            #expect(try await lab.child(.ingress, "first") != nil)
            #expect(try await lab.child(.ingress, "second") == nil)
            #expect(try await lab.job("second").told(.ingressReady) == "False HostTaken")
        }
    }

    @Test func `D17: a server has its Ingress whoever else claims the host, and says so`() async throws {
        try await OperatorLab.anywhere { lab in
            var stranger = KubernetesObject(
                ObjectKey(
                    GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "Ingress"), namespace: lab.namespace,
                    name: "web"))
            stranger.value["spec"] = [
                "rules": [
                    [
                        "host": .string(Self.host),
                        "http": [
                            "paths": [
                                [
                                    "path": "/", "pathType": "Prefix",
                                    "backend": ["service": ["name": "web", "port": ["number": 80]]],
                                ]
                            ]
                        ],
                    ]
                ]
            ]
            _ = try await lab.admin.create(stranger)
            try await lab.make("task", host: Self.host)
            let outcome = try await lab.pass("task")
            #expect(outcome == .again(after: .seconds(30)))
            #expect(try await lab.child(.ingress, "task") != nil)
            let condition = try #require(try await lab.job("task").object.condition("IngressReady"))
            #expect(condition.reason == "HostTaken")
            #expect(condition.message.contains("\(lab.namespace)/web"))
            try await lab.delete(stranger)
            try await lab.pass("task")
            #expect(try await lab.job("task").told(.ingressReady) == "True Created")
        }
    }

    @Test func `D17: a server that is refused has no say about its host`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: Self.host, spec: ["template": ["spec": ["containers": []]]])
            try await lab.pass("task")
            try await lab.make("party", "client", host: Self.host)
            try await lab.pass("party")
            #expect(try await lab.child(.ingress, "party") != nil)
        }
    }

    @Test func `D16: a client has a Service and an Ingress as upstream makes them, for secure aggregation`()
        async throws
    {
        try await OperatorLab.anywhere { lab in
            try await lab.make("party", "client", host: Self.host)
            try await lab.settle("party")
            let service = try #require(try await lab.child(.service, "party"))
            #expect(service["spec", "ports"]?[0]?["targetPort"]?.int == 50001)
            let ingress = try #require(try await lab.child(.ingress, "party"))
            let backend = ingress["spec", "rules"]?[0]?[path: "http", "paths"]?[0]?["backend"]
            #expect(backend == ["service": ["name": "party", "port": ["number": 80]]])
        }
    }

    @Test func `who wants a host is known by the cache`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.make("task", host: Self.host)
            try await lab.make("party", "client", host: Self.host)
            try await lab.refresh()
            #expect(lab.cache.jobs(claiming: Self.host).map(\.name) == ["party", "task"])
            try await lab.edit("party", spec: ["host": "other.example"])
            try await lab.refresh()
            #expect(lab.cache.jobs(claiming: Self.host).map(\.name) == ["task"])
            try await lab.delete(try await lab.job("task").object)
            try await lab.refresh()
            #expect(lab.cache.jobs(claiming: Self.host).isEmpty)
        }
    }
}
