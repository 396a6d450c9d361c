// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Testing
import Values

/// Upgrades write what changed and nothing else (issue item 3).
@Suite(.timeLimit(.minutes(10)))
struct UpgradeTests {
    @Test func `a changed image tag writes one object and rolls one workload`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let before = try await cluster.workloads()
            cluster.server.clearRequests()
            let upgrade = try await cluster.run(
                "cluster", "upgrade", "-f", plan, "--set", "flow-server.imageTag=v9.9.9", "--wait")
            expect(upgrade, says: "1 to update", "Success")
            let written = cluster.objectWrites.map { "\($0.method) \($0.path)" }
            #expect(written == ["PATCH /apis/apps/v1/namespaces/iflearner/deployments/flow-server"])
            let after = try await cluster.workloads()
            #expect(after.filter { before[$0.key] != $0.value }.map(\.key) == ["iflearner/flow-server"])
            let image = try await cluster.find(.deployment, "flow-server", in: "iflearner")?.value.jsonString() ?? ""
            #expect(image.contains(":v9.9.9"))
            let row = try await cluster.run("cluster", "list", "-o", "json").json().array?.first
            #expect(row?["revision"]?.int == 2)
            #expect(row?["status"]?.string == "Running")
        }
    }

    @Test func `the same plan again writes nothing and says so`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let versions = try await cluster.versions()
            cluster.server.clearRequests()
            let again = try await cluster.run("cluster", "upgrade", "-f", plan)
            expect(again, says: "no changes")
            #expect(!again.says("create job"))
            let writes = cluster.server.requests.filter { $0.userAgent.hasPrefix("iflearnerctl") && $0.isWrite }
            #expect(writes.filter { !$0.target.contains("dryRun=All") }.isEmpty, "\(writes)")
            #expect(try await cluster.versions() == versions)
            #expect(try await cluster.run("job", "list", "-o", "name").lines.count == 1)
            let json = try await cluster.run("cluster", "upgrade", "-f", plan, "-o", "json").json()
            #expect(json["changed"]?.bool == false)
        }
    }

    @Test func `a module that is left out goes, and comes back`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let smaller = try cluster.home.write(
                "smaller.yaml",
                try text(ofPackageFile: plan).replacing("  - flow-server                 # the scheduler", with: "  #"))
            expect(try await cluster.run("cluster", "upgrade", "-f", smaller, "--wait"))
            // Its pods may take their time to end: until then the workload is marked as being deleted.
            try await cluster.waitGone(.deployment, "flow-server", in: "iflearner")
            #expect(try await cluster.find(.service, "flow-server", in: "iflearner") == nil)
            expect(try await cluster.run("cluster", "upgrade", "-f", plan, "--wait"))
            #expect(try await cluster.find(.deployment, "flow-server", in: "iflearner") != nil)
            let shown = try await cluster.run("cluster", "describe", "lungnet")
            expect(shown, says: "    flow-server: Available")
        }
    }

    @Test func `somebody else's change of our field is put right`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster-federate.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            _ = try await cluster.client.delete(
                ObjectKey(.service, namespace: "iflearner-party-a", name: "flow-federate"))
            cluster.server.clearRequests()
            expect(try await cluster.run("cluster", "upgrade", "-f", plan, "--wait"), says: "Success")
            #expect(cluster.objectWrites.map(\.path) == ["/api/v1/namespaces/iflearner-party-a/services/flow-federate"])
        }
    }
}

extension TestCluster {
    /// The generation of every Deployment.
    fileprivate func workloads() async throws -> [String: Int64] {
        let found = try await list(.deployment)
        return Dictionary(uniqueKeysWithValues: found.map { ("\($0.namespace ?? "")/\($0.name)", $0.generation ?? 0) })
    }

    /// The resource versions of what a deployment consists of.
    fileprivate func versions() async throws -> [String: String] {
        var found: [String: String] = [:]
        for kind: GroupVersionKind in [.deployment, .service, .secret, .configMap, .persistentVolumeClaim, .lease] {
            for object in try await list(kind, in: "iflearner") {
                found["\(kind.kind)/\(object.name)"] = object.resourceVersion
            }
        }
        return found
    }
}
