// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import TestSupport
import Testing
import Values

/// What goes and what stays (issue item 4).
@Suite(.timeLimit(.minutes(10)))
struct UninstallTests {
    private let plan = "examples/cluster.yaml"

    @Test func `a component goes alone`() async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let before = try await cluster.names()
            cluster.server.clearRequests()
            let first = try await cluster.run("uninstall", "--component", "flow-server", "lungnet", "--wait")
            expect(first, says: "Success")
            let gone = before.subtracting(try await cluster.names())
            #expect(!gone.isEmpty)
            let deleted = Set(cluster.objectWrites.filter { $0.method == "DELETE" }.map(\.path))
            #expect(deleted.allSatisfy { $0.contains("flow-server") }, "\(deleted)")
            #expect(cluster.objectWrites.allSatisfy { $0.method == "DELETE" }, "\(cluster.objectWrites)")
            #expect(gone.allSatisfy { $0.contains("flow-server") }, "\(gone)")
            #expect(try await cluster.list(.pod, in: "iflearner").allSatisfy { !$0.name.contains("flow-server") })

            cluster.server.clearRequests()
            let again = try await cluster.run("uninstall", "--component", "flow-server", "lungnet", "--wait")
            expect(again, says: "no changes")
            #expect(cluster.writes.isEmpty, "\(cluster.writes)")
            expect(try await cluster.run("cluster", "describe", "lungnet"), says: "    mysql: Available")
        }
    }

    @Test func `a component that others need is refused with their names`() async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            expect(
                try await cluster.run("uninstall", "--component", "mysql", "lungnet"), code: 17,
                says: "mysql is needed by flow-server", "--force")
            expect(
                try await cluster.run("uninstall", "--component", "mysq", "lungnet"), code: 16, says: "mysql")
            expect(try await cluster.run("uninstall", "--component", "mysql", "lungnet", "--force", "--wait"))
            #expect(try await cluster.find(.statefulSet, "mysql", in: "iflearner") == nil)
            #expect(try await cluster.find(.persistentVolumeClaim, "mysql-data", in: "iflearner") != nil)
        }
    }

    @Test func `everything goes but the data, the definition and the namespace`() async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let claim = try await cluster.find(.persistentVolumeClaim, "mysql-data", in: "iflearner")
            let removal = try await cluster.run("uninstall", "--all", "lungnet", "--wait")
            expect(removal, says: "Success", "stays: ", "PersistentVolumeClaim", "--delete-data")
            for kind: GroupVersionKind in [.deployment, .statefulSet, .service, .configMap, .pod] {
                let left = try await cluster.list(kind, in: "iflearner").map(\.name)
                #expect(left.allSatisfy { $0 == "kube-root-ca.crt" }, "\(kind.kind): \(left)")
            }
            #expect(
                try await cluster.find(.persistentVolumeClaim, "mysql-data", in: "iflearner")?.uid == claim?.uid)
            #expect(try await cluster.find(.namespace, "iflearner") != nil)
            #expect(try await cluster.list(.customResourceDefinition).count == 1)
            expect(try await cluster.run("cluster", "list"), says: "no deployments")

            cluster.server.clearRequests()
            let again = try await cluster.run("uninstall", "--all", "lungnet", "--wait")
            expect(again, says: "no changes")
            #expect(cluster.writes.isEmpty, "\(cluster.writes)")
            expect(try await cluster.run("cluster", "delete", "unknown"), code: 16)

            // The password of the data is kept with it: who comes back finds both.
            let secrets = try await cluster.secretValues().filter { $0.name.contains("password") }
            #expect(!secrets.isEmpty)
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"), says: "Success")
            #expect(
                try await cluster.find(.persistentVolumeClaim, "mysql-data", in: "iflearner")?.uid == claim?.uid)
            let now = try await cluster.secretValues().filter { $0.name.contains("password") }
            #expect(Set(now.map(\.text)).isSuperset(of: secrets.map(\.text)))
        }
    }

    @Test func `everything goes when all of it is asked for`() async throws {
        try await TestCluster.with { cluster in
            let before = try await cluster.names()
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let removal = try await cluster.run(
                "uninstall", "--all", "--delete-data", "--delete-crds", "--delete-namespace")
            let id = try removal.job()
            // Its record goes with the namespace: this machine knows how it ended.
            expect(try await cluster.run("job", "watch", id), says: "Success")
            #expect(!removal.says("stays:"))
            try await cluster.whenNamespaceIsGone("iflearner")
            #expect(try await cluster.names().subtracting(before).isEmpty)
            expect(try await cluster.run("job", "watch", id), says: "Success")
            expect(try await cluster.run("job", "describe", id), says: "Status          Success\n", "is uninstalled")
            expect(try await cluster.run("uninstall", "--all", "--wait"), says: "no changes")
            expect(try await cluster.run("uninstall", "--all", "lungnet"), says: "no changes")
            expect(try await cluster.run("uninstall", "--all", "other"), code: 16)
        }
    }

    @Test func `a namespace that was there before stays, and one that holds something foreign`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.createNamespace("iflearner-party-a")
            let plan = "examples/cluster-federate.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let kept = try await cluster.run(
                "cluster", "delete", "lungnet-a", "--delete-data", "--delete-namespace", "--wait")
            #expect(try await cluster.find(.namespace, "iflearner-party-a") != nil, "\(kept)")

            expect(try await cluster.run("cluster", "install", "-f", self.plan, "--wait"))
            try await cluster.apply(
                "{apiVersion: v1, kind: ConfigMap, metadata: {name: foreign, namespace: iflearner}}")
            let refused = try await cluster.run(
                "cluster", "delete", "lungnet", "--delete-data", "--delete-namespace", "--wait")
            #expect(refused.says("foreign"), "\(refused)")
            #expect(try await cluster.find(.configMap, "foreign", in: "iflearner") != nil)
        }
    }

    @Test func `what was kept can be deleted afterwards`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster-federate.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            expect(try await cluster.run("uninstall", "--all", "lungnet-a", "--wait"))
            let data = try await cluster.run("uninstall", "--all", "lungnet-a", "--delete-data", "--wait")
            expect(data, says: "Success")
            #expect(try await cluster.list(.persistentVolumeClaim).isEmpty)
            #expect(try await cluster.secretValues().isEmpty)
        }
    }
}

extension TestCluster {
    /// Waits until a namespace is gone.
    fileprivate func whenNamespaceIsGone(_ name: String) async throws {
        try await eventually("the namespace \(name) is gone") { try await find(.namespace, name) == nil }
    }

    /// What is there, without what controllers and records come and go.
    fileprivate func names() async throws -> Set<String> {
        var names: Set<String> = []
        let kinds: [GroupVersionKind] = [
            .namespace, .deployment, .statefulSet, .service, .configMap, .persistentVolumeClaim, .secret,
            .customResourceDefinition,
            GroupVersionKind(apiVersion: "rbac.authorization.k8s.io/v1", kind: "ClusterRole"),
            GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "IngressClass"),
        ]
        for kind in kinds {
            for object in try await list(kind) where !object.name.hasPrefix("iflearnerctl.") {
                names.insert("\(kind.kind)/\(object.namespace ?? "")/\(object.name)")
            }
        }
        return names
    }
}
