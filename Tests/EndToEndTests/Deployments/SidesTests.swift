// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Testing
import Values

/// Both roles, alone and side by side (issue item 2).
@Suite(.timeLimit(.minutes(10)))
struct SidesTests {
    @Test func `two sides on one cluster share what there can be only one of`() async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml", "--wait"))
            let second = try await cluster.run("cluster", "install", "-f", "examples/cluster-federate.yaml", "--wait")
            expect(second, says: "Success")

            let operators = try await cluster.list(.deployment).filter { $0.name.contains("operator") }
            #expect(operators.map(\.namespace) == ["iflearner"])
            let federate = try await cluster.run("cluster", "describe", "lungnet-a")
            expect(
                federate, says: "shared:", "CustomResourceDefinition/iflearnerjobs", "of iflearner/lungnet",
                "    flow-federate: Available")
            expect(try await cluster.run("cluster", "describe", "lungnet"), says: "    operator: Available")
            let rows = try await cluster.run("cluster", "list", "-A", "-o", "json").json().array ?? []
            #expect(Set(rows.compactMap { $0["name"]?.string }) == ["lungnet", "lungnet-a"])
            #expect(rows.allSatisfy { $0["status"]?.string == "Running" })

            for plan in ["examples/cluster.yaml", "examples/cluster-federate.yaml"] {
                expect(try await cluster.run("cluster", "upgrade", "-f", plan), says: "no changes")
            }

            // What is shared stays as long as somebody uses it.
            expect(try await cluster.run("cluster", "delete", "lungnet"), code: 7, says: "is used by", "lungnet-a")
            expect(try await cluster.run("cluster", "delete", "lungnet-a", "--wait"))
            #expect(try await cluster.list(.deployment, in: "iflearner").count == 3)
            expect(try await cluster.run("cluster", "delete", "lungnet", "--wait"))
        }
    }

    @Test func `the coordinator's plan becomes a server side`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.createStorageClass("fast")
            let plan = "Tests/ConfigModelTests/Plans/server.yaml"
            expect(try await cluster.run("doctor", "-f", plan))
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"), says: "Success")
            let claim = try await cluster.find(.persistentVolumeClaim, "mysql-data", in: "iflearner")
            #expect(claim?["spec", "storageClassName"]?.string == "fast")
            let shown = try await cluster.run("cluster", "describe", "lungnet")
            expect(shown, says: "Status          Running", "    ingress-nginx: Available", "ip:")
            expect(try await cluster.run("cluster", "upgrade", "-f", plan), says: "no changes")
        }
    }

    @Test func `a federate's plan is installed by who is admin of one namespace alone`() async throws {
        let plan = "Tests/ConfigModelTests/Plans/federate.yaml"
        let printed = try await Program.run(
            ["rbac", "print", "-f", plan, "--for", "installer", "--user", "jane"], environment: ["HOME": "/"],
            directory: Program.package)
        expect(printed, says: "kind: RoleBinding", "name: jane")
        #expect(!printed.says("ClusterRole\n"))
        let rules = try InstallerRules(printed.output)
        #expect(rules.namespaces == ["fl-lungnet"])

        try await TestCluster.with {
            $0.accounts = [.init(name: "jane", token: "jane-token-0123456789", rules: rules.rules)]
        } _: { cluster in
            let config = try cluster.home.write(
                "jane", cluster.server.kubeconfig(token: "jane-token-0123456789", namespace: "fl-lungnet"))
            let jane = ["KUBECONFIG": config]
            try await cluster.createNamespace("fl-lungnet")
            try await cluster.createStorageClass("ceph-rbd")

            // What only the administrator can do is asked for, all at once and before anything is written.
            let early = try await cluster.run("cluster", "install", "-f", plan, with: jane)
            expect(early, code: 4, says: "harbor-pull", "kubectl create secret")
            #expect(cluster.writes.isEmpty)
            try await cluster.createPullSecret("harbor-pull", in: "fl-lungnet")
            expect(try await cluster.run("doctor", "-f", plan, with: jane), says: "complete in namespace 'fl-lungnet'")

            let scope = try await cluster.run("cluster", "render", "-f", plan, "--scope", "cluster")
            try await cluster.apply(scope.output)
            try await cluster.apply(try await cluster.run("rbac", "print", "-f", plan, "--for", "admin").output)

            let install = try await cluster.run("cluster", "install", "-f", plan, with: jane)
            expect(install)
            expect(try await cluster.run("job", "watch", try install.job(), with: jane), says: "Success")
            expect(
                try await cluster.run("cluster", "describe", "lungnet", with: jane), says: "flow-federate: Available")
            expect(try await cluster.run("cluster", "list", with: jane), says: "fl-lungnet")
            expect(try await cluster.run("job", "list", with: jane), says: "ClusterInstall")
            expect(try await cluster.run("cluster", "upgrade", "-f", plan, with: jane), says: "no changes")
            expect(
                try await cluster.run(
                    "cluster", "upgrade", "-f", plan, "--set", "flow-federate.imageTag=v9", "--wait", with: jane),
                says: "Success")
            expect(try await cluster.run("uninstall", "--all", "--wait", with: jane), says: "Success")
            let refused = cluster.server.requests.filter { $0.user == "jane" && $0.isWrite && $0.status == 403 }
            #expect(refused.isEmpty, "\(refused)")
        }
    }

    @Test func `what lies outside namespaces is rendered apart`() async throws {
        let environment = ["HOME": "/"]
        let plan = "examples/cluster.yaml"
        func render(_ scope: String) async throws -> [String] {
            let run = try await Program.run(
                ["cluster", "render", "-f", plan, "--scope", scope], environment: environment,
                directory: Program.package)
            expect(run)
            return run.lines.filter { $0.hasPrefix("kind: ") }
        }
        let outside = try await render("cluster")
        let inside = try await render("namespaced")
        #expect(outside.contains("kind: CustomResourceDefinition"))
        #expect(outside.contains("kind: IngressClass"))
        #expect(!outside.contains("kind: Deployment"))
        #expect(inside.contains("kind: Deployment"))
        #expect(!inside.contains { $0.hasPrefix("kind: Cluster") })
    }
}
