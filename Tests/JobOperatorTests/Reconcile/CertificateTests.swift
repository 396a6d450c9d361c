// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// Certificates that are missing are told of, and looked for again: D14, D15 and D18.
@Suite struct CertificateTests {
    @Test func `D18: a server without its TLS Secret says so, and how to make it; its objects are made`() async throws {
        let time = ManualTime()
        var setup = OperatorLab.Setup()
        setup.time = time.source
        try await OperatorLab.with(setup) { lab in
            try await lab.make("task")
            let outcome = try await lab.settle("task")
            #expect(outcome == .again(after: .seconds(30)))
            let job = try await lab.job("task")
            #expect(job.told(.certificatesPresent) == "False TLSSecretMissing")
            let message = try #require(job.object.condition("CertificatesPresent")?.message)
            #expect(message.contains("kubectl create secret tls server-iflearner-secret -n \(lab.namespace)"))
            #expect(job.phase == "Pending")
            #expect(job.status?["message"]?.string == message)
            for kind in [ChildKind.pod, .service, .ingress] { #expect(try await lab.child(kind, "task") != nil) }
            try await lab.makeCertificates()
            // It is asked for again after a while, and not before.
            try await lab.settle("task")
            #expect(try await lab.job("task").told(.certificatesPresent) == "False TLSSecretMissing")
            time.advance(.seconds(31))
            let later = try await lab.settle("task")
            #expect(later == .settled)
            #expect(try await lab.job("task").told(.certificatesPresent) == "True Found")
            #expect(try await lab.job("task").status?["message"] == nil)
        }
    }

    @Test(arguments: [
        ("server-iflearner-crt", "server-iflearner-secret.crt"), ("party-iflearner-crt", "party-iflearner-secret.crt"),
    ])
    func `D14 D15: a client without one of its ConfigMaps says which`(_ name: String, _ key: String) async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            let map = try await lab.admin.get(ObjectKey(.configMap, namespace: lab.namespace, name: name))
            try await lab.delete(map)
            try await lab.make("party", "client")
            try await lab.settle("party")
            let condition = try #require(try await lab.job("party").object.condition("CertificatesPresent"))
            #expect(condition.reason == "ConfigMapMissing")
            #expect(
                condition.message.contains("kubectl create configmap \(name) -n \(lab.namespace) --from-file=\(key)="))
            #expect(try await lab.child(.pod, "party") != nil)
        }
    }

    @Test func `D15: a client whose pod has started had its certificates, whenever they came`() async throws {
        try await OperatorLab.with { lab in
            try await lab.makeCertificates()
            let map = ObjectKey(.configMap, namespace: lab.namespace, name: "party-iflearner-crt")
            try await lab.delete(try await lab.admin.get(map))
            try await lab.make("party", "client")
            try await lab.settle("party")
            let job = try await lab.job("party")
            #expect(job.told(.certificatesPresent) == "False ConfigMapMissing")
            #expect(job.status?["reason"]?.string == "ConfigMapMissing")
            try await lab.setPod("party", ["phase": "Running"])
            try await lab.settle("party")
            #expect(try await lab.job("party").told(.certificatesPresent) == "True Found")
            #expect(try await lab.job("party").status?["reason"] == nil)
        }
    }

    @Test func `D15: a ConfigMap without the key that is mounted is as good as none`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            let map = try await lab.admin.get(
                ObjectKey(.configMap, namespace: lab.namespace, name: "party-iflearner-crt"))
            try await lab.edit(map, ["data": ["party-iflearner-secret.crt": nil, "ca.crt": "certificate"]])
            try await lab.make("party", "client")
            try await lab.settle("party")
            let condition = try #require(try await lab.job("party").object.condition("CertificatesPresent"))
            #expect(condition.reason == "ConfigMapMissing")
            #expect(condition.message.contains("has no party-iflearner-secret.crt"))
        }
    }

    @Test func `many jobs of a namespace ask for their certificates once`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            for number in 1...5 { try await lab.make("p\(number)", "client", host: "h\(number).example") }
            let requests = try await lab.requests {
                for number in 1...5 { try await lab.pass("p\(number)") }
            }
            #expect(requests.count { $0.contains("/configmaps/") } == 2)
            #expect(requests.count { $0.contains("/secrets/") } == 1)
        }
    }

    @Test func `no word of a Secret is in the status or in events`() async throws {
        try await OperatorLab.anywhere { lab in
            try await lab.makeCertificates()
            let key = ObjectKey(.secret, namespace: lab.namespace, name: "server-iflearner-secret")
            try await lab.edit(try await lab.admin.get(key), ["data": ["tls.key": "c2VjcmV0LXdvcmQ="]])
            try await lab.make("task")
            try await lab.settle("task")
            let status = try await lab.job("task").status?.jsonString() ?? ""
            let events = try await lab.events(of: "task").map { $0.value.jsonString() }.joined()
            for word in ["c2VjcmV0LXdvcmQ", "secret-word"] {
                #expect(!status.contains(word))
                #expect(!events.contains(word))
            }
        }
    }
}
