// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Rollout
import Sandbox
import Testing
import Values

struct UninstallTests {
    private static let claim = ObjectKey(.persistentVolumeClaim, namespace: "fl", name: "mysql")
    private static let credentials = ObjectKey(.secret, namespace: "fl", name: "mysql")

    @Test func `one component goes and the rest stays (X-1)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            sandbox.server.clearRequests()
            let result = try await sandbox.uninstall(Removal(components: ["flow-server"]))
            #expect(result.code == .success, "\(result)")
            let deleted = sandbox.objectWrites.filter { $0.method == "DELETE" }
            #expect(deleted.count == 5, "\(deleted.map(\.target))")
            #expect(deleted.allSatisfy { $0.path.hasSuffix("/flow-server") })
            let state = try #require(try await sandbox.state())
            #expect(Set(state.inventory.map(\.component)) == ["mysql"])
            #expect(state.components.map(\.status) == [.available, .removed])
            #expect(state.status == .running)
            let again = try await sandbox.rollout().planUninstall("lab", in: "fl", Removal(components: ["flow-server"]))
            #expect(!again.hasChanges)
            let outcome1 = try await sandbox.deploy(Manifests.request())
            #expect(outcome1.code == .success, "\(outcome1)")
        }
    }

    @Test func `a component that others need is refused with their names`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            let plan = try await sandbox.rollout().planUninstall("lab", in: "fl", Removal(components: ["mysql"]))
            #expect(plan.refusal?.code == .refused)
            #expect(plan.refusal?.description.contains("flow-server") == true)
            let forced = try await sandbox.rollout().planUninstall(
                "lab", in: "fl", Removal(components: ["mysql"], isForced: true))
            #expect(forced.refusal == nil)
        }
    }

    @Test func `all goes but the data and its credentials, which a reinstall finds again (A-8, X-1)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            var sandbox = sandbox
            (sandbox.timing.lease, sandbox.timing.recordInterval) = (Timing().lease, Timing().recordInterval)
            let uid = try await sandbox.client().get(Self.claim).uid
            sandbox.server.clearRequests()
            let result = try await sandbox.uninstall()
            #expect(result.code == .success, "\(result)")
            #expect(Set(result.retained) == ["PersistentVolumeClaim/mysql", "Secret/mysql"])
            let watches = sandbox.server.requests.filter { $0.target.contains("watch=true") }.count
            let count = sandbox.server.requests.count - watches
            #expect(count <= 9 + 7 + 15, "\(count) requests: \(sandbox.requestLines)")
            let client = sandbox.client()
            #expect(try await client.list(.lease, namespace: "fl").items.isEmpty, "the lock was made again")
            let left = try await client.list(.secret, namespace: "fl").items.map(\.name)
            #expect(left.filter { !$0.contains(".job.") } == ["mysql"])
            #expect(try await client.find(ObjectKey(.lease, namespace: "fl", name: "iflearnerctl.lab")) == nil)
            #expect(try await client.find(Self.claim)?.labels[RecordKeys.partOf] == nil)
            #expect(try await client.list(.deployment, namespace: "fl").items.isEmpty)
            let again = try await sandbox.rollout().planUninstall("lab", in: "fl", Removal())
            #expect(!again.hasChanges)
            let reinstalled = try await sandbox.deploy(Manifests.request())
            #expect(reinstalled.code == .success, "\(reinstalled)")
            let claim = try await client.get(Self.claim)
            #expect(claim.uid == uid)
            #expect(claim.labels[RecordKeys.partOf] != nil)
            #expect(claim.annotations[RecordKeys.retained] == nil)
            let later1 = try await sandbox.rollout().plan(Manifests.request())
            #expect(!later1.hasChanges)
        }
    }

    @Test func `data goes when it is asked for, also later`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            let outcome2 = try await sandbox.uninstall()
            #expect(outcome2.code == .success, "\(outcome2)")
            let result = try await sandbox.uninstall(Removal(deletesData: true))
            #expect(result.code == .success, "\(result)")
            #expect(try await sandbox.client().find(Self.claim) == nil)
            #expect(try await sandbox.client().find(Self.credentials) == nil)
        }
    }

    @Test func `the namespace goes when we made it, it is asked for and it holds nothing else (X-1)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            let namespace = ObjectKey(.namespace, name: "fl")
            let kept = try await sandbox.rollout().planUninstall("lab", in: "fl", Removal(deletesNamespace: true))
            #expect(kept.refusal?.code == .refused)
            var stranger = Manifests.object("v1", "ConfigMap", "stranger", [:])
            stranger.namespace = "fl"
            _ = try await sandbox.client().create(stranger)
            let removal = Removal(deletesData: true, deletesNamespace: true)
            let refused = try await sandbox.rollout().planUninstall("lab", in: "fl", removal)
            #expect(refused.refusal?.description.contains("ConfigMap/stranger") == true)
            _ = try await sandbox.client().delete(stranger.key)
            let result = try await sandbox.uninstall(removal)
            #expect(result.code == .success, "\(result)")
            let left = try await sandbox.client().find(namespace)
            #expect(left == nil || left?.deletionTimestamp != nil)
        }
    }

    @Test func `who waits for the lock while somebody else removes all, namespace and lock too, finds it done (X-1)`()
        async throws
    {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            let removal = Removal(deletesData: true, deletesNamespace: true)
            let (first, second) = (sandbox.rollout(), sandbox.rollout(from: .elsewhere))
            let plan = try await second.planUninstall("lab", in: "fl", removal)
            let started = try await first.begin(try await first.planUninstall("lab", in: "fl", removal))
            let waiting = Task { try await second.begin(plan, lockTimeout: .seconds(120)) }
            try await sandbox.waitUntilBlocked()
            let result = await first.run(started)
            #expect(result.code == .success, "\(result)")
            let error = await #expect(throws: RolloutError.self) { try await waiting.value }
            #expect(error?.code == .notFound, "\(String(describing: error))")
            #expect(error?.description.contains("namespace fl was deleted meanwhile") == true)
        }
    }

    @Test func `what a deleted namespace leaves outside of it is named to who waited for the lock (X-1)`() async throws
    {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request(components: [Manifests.jobOperator()]))
            let removal = Removal(deletesData: true, deletesDefinitions: true)
            let (first, second) = (sandbox.rollout(), sandbox.rollout(from: .elsewhere))
            let plan = try await second.planUninstall("lab", in: "fl", removal)
            let started = try await first.begin(try await first.planUninstall("lab", in: "fl", removal))
            let waiting = Task { try await second.begin(plan, lockTimeout: .seconds(120)) }
            try await sandbox.waitUntilBlocked()
            await started.leave()
            _ = try await sandbox.client().delete(ObjectKey(.namespace, name: "fl"))
            let error = await #expect(throws: RolloutError.self) { try await waiting.value }
            #expect(error?.code == .partial, "\(String(describing: error))")
            #expect(error?.description.contains("iflearnerjobs.git.iflytek.com") == true)
        }
    }

    @Test func `a deployment that was never there is not found`() async throws {
        try await SandboxFixture.with { sandbox in
            let error = await #expect(throws: RolloutError.self) {
                try await sandbox.rollout().planUninstall("nobody", in: "fl", Removal())
            }
            #expect(error?.code == .notFound)
        }
    }

    @Test func `definitions stay unless asked for, without naming an operator any more`() async throws {
        try await SandboxFixture.with { sandbox in
            let request = Manifests.request(components: [Manifests.jobOperator()])
            try await sandbox.deploy(request)
            let result = try await sandbox.uninstall()
            #expect(result.code == .success, "\(result)")
            let key = ObjectKey(.customResourceDefinition, name: "iflearnerjobs.git.iflytek.com")
            let kept = try #require(try await sandbox.client().find(key))
            #expect(kept.annotations[RecordKeys.operatorOf] == nil)
            let outcome3 = try await sandbox.deploy(request)
            #expect(outcome3.code == .success, "\(outcome3)")
            let outcome4 = try await sandbox.uninstall(Removal(deletesDefinitions: true))
            #expect(outcome4.code == .success, "\(outcome4)")
            #expect(try await sandbox.client().find(key) == nil)
        }
    }
}
