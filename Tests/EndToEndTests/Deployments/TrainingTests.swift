// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Testing
import Values

/// Plans that say what training pods get, and how they reach the server side.
@Suite(.timeLimit(.minutes(10)))
struct TrainingTests {
    @Test func `a hospital behind a proxy gets a relay, and a policy that changes without a restart`() async throws {
        try await TestCluster.with { cluster in
            let plan = ["-f", "examples/cluster-hospital.yaml", "--set", "egress.proxySecret=proxy-login"]
            let namespace = "fl-lungnet"
            try await cluster.createNamespace(namespace)
            try await cluster.createPullSecret("harbor-pull", in: namespace)
            let scope = try await cluster.run("cluster", "render", "-f", plan[1], "--scope", "cluster")
            try await cluster.apply(scope.output)
            let early = try await cluster.run(["cluster", "install"] + plan)
            expect(early, code: 4, says: "'proxy-login' is not in namespace", "--from-file=password=")
            #expect(cluster.writes.isEmpty)
            try await cluster.createLogin("proxy-login", in: namespace)
            expect(
                try await cluster.run(["doctor"] + plan), says: "'lung-ct-training' is not in namespace",
                "no node has gpu=a30")

            expect(try await cluster.run(["cluster", "install"] + plan + ["--wait"]), says: "Success")
            let relay = try #require(try await cluster.find(.deployment, "iflearner-relay", in: namespace))
            #expect(relay["status", "availableReplicas"]?.int == 1)
            #expect(!relay.value.jsonString().contains(TestCluster.proxyPassword))
            let policy = try #require(try await cluster.policy("client", in: namespace))
            #expect(policy.contains("registry: harbor.hospital.example/fl\n"))
            #expect(policy.contains("podSecurity: restricted\n"))
            #expect(policy.contains("name: iflearner-relay\n"))
            // The operator and the relay are one image.
            let images = try await cluster.run(["images", "list"] + plan).lines.filter { $0.contains("iflearnerctl") }
            #expect(
                images == [
                    "ghcr.io/iflearnerctl/iflearnerctl:0.2.0\tharbor.hospital.example/ghcr/iflearnerctl/iflearnerctl:0.2.0"
                ])
            expect(try await cluster.run(["cluster", "upgrade"] + plan), says: "no changes")

            let pods = try await cluster.list(.pod, in: namespace).compactMap(\.uid).sorted()
            cluster.server.clearRequests()
            let more = try await cluster.run(["cluster", "upgrade"] + plan + ["--set", "jobs.shmSize=16Gi", "--wait"])
            expect(more, says: "1 to update", "Success")
            #expect(
                cluster.objectWrites.map { "\($0.method) \($0.path)" } == [
                    "PATCH /api/v1/namespaces/\(namespace)/configmaps/iflearner-jobs-client"
                ])
            #expect(try await cluster.policy("client", in: namespace)?.contains("shmSize: 16Gi\n") == true)
            #expect(try await cluster.list(.pod, in: namespace).compactMap(\.uid).sorted() == pods)

            // The proxy is no longer needed: flow-federate goes straight, and the relay goes.
            let direct = ["-f", plan[1], "--set", "egress=null"]
            expect(try await cluster.run(["cluster", "upgrade"] + direct + ["--wait"]), says: "Success")
            try await cluster.waitGone(.deployment, "iflearner-relay", in: namespace)
            #expect(try await cluster.policy("client", in: namespace)?.contains("hostAliases") == false)
            expect(try await cluster.run("uninstall", "--all", "lungnet", "-n", namespace, "--wait"), says: "Success")
            #expect(try await cluster.policy("client", in: namespace) == nil)
        }
    }

    @Test func `a server's policy comes with the first setting and goes with the last`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            #expect(try await cluster.policy("server", in: "default") == nil)
            expect(
                try await cluster.run("cluster", "upgrade", "-f", plan, "--set", "jobs.evictionGuard=true", "--wait"),
                says: "1 to create")
            #expect(try await cluster.policy("server", in: "default")?.contains("evictionGuard: true\n") == true)
            expect(try await cluster.run("cluster", "upgrade", "-f", plan, "--wait"), says: "Success")
            #expect(try await cluster.policy("server", in: "default") == nil)
        }
    }
}

extension TestCluster {
    /// The password in the Secrets of ``createLogin(_:in:)``.
    fileprivate static let proxyPassword = "geheimes-kennwort"

    /// Makes a Secret with a login.
    fileprivate func createLogin(_ name: String, in namespace: String) async throws {
        try await apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: \(name), namespace: \(namespace)}
            data: {username: Zmw=, password: Z2VoZWltZXMta2VubndvcnQ=}
            """)
    }

    /// What the operator is told of the jobs of a role; nil where it is told nothing.
    fileprivate func policy(_ role: String, in namespace: String) async throws -> String? {
        let kind = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
        return try await find(kind, "iflearner-jobs-\(role)", in: namespace)?["data", "policy.yaml"]?.string
    }
}
