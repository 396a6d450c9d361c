// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// What flow and its users rely on, whoever runs the controller: C1 to C14.
@Suite struct ContractTests {
    @Test func `C1 C2 C3 C4 C10: a server's job becomes a pod, a Service and an Ingress of its name`() async throws {
        try await OperatorLab.with { lab in
            try await lab.makeCertificates()
            let job = try await lab.make("task")
            let outcome = try await lab.pass("task")
            #expect(outcome == .settled)
            for kind in [ChildKind.pod, .service, .ingress] {
                let child = try #require(try await lab.child(kind, "task"))
                let owner = try #require(child.controller)
                #expect(owner.uid == job.uid)
                #expect(owner.kind == "IflearnerJob")
                #expect(child["metadata", "ownerReferences"]?[0]?["blockOwnerDeletion"] == true)
                #expect(child.labels["app"] == "task")
            }
            let service = try #require(try await lab.child(.service, "task"))
            #expect(service["spec", "type"] == "ClusterIP")
            #expect(service["spec", "selector"] == ["app": "task"])
            let ports = service["spec", "ports"]?.array ?? []
            let shown = ports.map {
                "\($0["name"]?.string ?? "") \($0["port"]?.int ?? 0) \($0["targetPort"]?.int ?? 0)"
            }
            #expect(shown == ["grpc 80 50001", "http 82 50002"])
            let now = try await lab.job("task")
            #expect(now.phase == "Pending")
            #expect(now.told(.accepted) == "True Valid")
            #expect(now.told(.podCreated) == "True Created")
            #expect(now.told(.serviceReady) == "True Created")
            #expect(now.told(.ingressReady) == "True Created")
            #expect(now.told(.certificatesPresent) == "True Found")
        }
    }

    @Test func `at rest a pass makes no request`() async throws {
        try await OperatorLab.with { lab in
            try await lab.makeCertificates()
            try await lab.make("task")
            try await lab.pass("task")
            try await lab.pass("task")
            try await lab.refresh()
            let requests = try await lab.requests {
                _ = try await lab.reconciler.reconcile(JobKey(namespace: "default", name: "task"))
            }
            #expect(requests == [])
        }
    }
}
