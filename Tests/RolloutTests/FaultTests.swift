// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Rollout
import Sandbox
import Testing
import Values

struct FaultTests {
    @Test(arguments: [
        Fault.Effect.status(429, retryAfter: 1), .status(503), .status(504), .dropBefore, .dropAfter,
    ])
    func `a server that stumbles is asked again (§6.11)`(effect: Fault.Effect) async throws {
        try await SandboxFixture.with { sandbox in
            for path in ["/deployments", "/secrets", "/configmaps", "/leases", "/namespaces"] {
                sandbox.server.inject(Fault(effect, path: path, count: 2))
            }
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .success, "\(result)")
            let state = try #require(try await sandbox.state())
            #expect(state.phase == .deployed)
            #expect(state.createdNamespace != nil)
            let retries = sandbox.events.all.filter { if case .retry = $0.event { true } else { false } }
            #expect(!retries.isEmpty)
        }
    }

    @Test func `a record that cannot be written means that no object is (R-3)`() async throws {
        try await SandboxFixture.with { sandbox in
            sandbox.server.inject(Fault(.status(403), method: "POST", path: "/secrets$|/secrets\\?", count: nil))
            await #expect(throws: RolloutError.self) { try await sandbox.deploy(Manifests.request()) }
            #expect(
                sandbox.objectWrites.map(\.path).filter { $0 != "/api/v1/namespaces" }.isEmpty,
                "\(sandbox.objectWrites.map(\.target))")
            sandbox.server.clearFaults()
            // The lock was given back: the next run need not wait.
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .success)
            #expect(try await sandbox.state()?.createdNamespace != nil)
        }
    }

    @Test func `one verb that is forbidden fails its component by name and leaves the records whole`() async throws {
        try await SandboxFixture.with { sandbox in
            sandbox.server.inject(
                Fault(.status(403), method: "PATCH", path: "/services/flow-server", count: nil))
            let rollout = sandbox.rollout()
            let plan = try await rollout.plan(Manifests.request())
            let result = await rollout.run(try await rollout.begin(plan))
            #expect(result.code == .rejected, "\(result)")
            #expect(result.causes.contains { $0.object == "Service/flow-server" && $0.component == "flow-server" })
            let state = try #require(try await sandbox.state())
            #expect(state.status == .failed)
            #expect(state.components.map(\.status) == [.available, .unavailable])
            sandbox.server.clearFaults()
            let again = try await sandbox.deploy(Manifests.request())
            #expect(again.code == .success, "\(again)")
        }
    }

    @Test func `a server that cannot be reached is told as such`() async throws {
        try await SandboxFixture.with { sandbox in
            sandbox.server.inject(Fault(.dropBefore, path: "", count: nil))
            let error = await #expect(throws: RolloutError.self) {
                try await sandbox.rollout(retry: .once).plan(Manifests.request())
            }
            #expect(error?.code == .unreachable)
            sandbox.server.clearFaults()
        }
    }

    @Test func `watches that break or expire are begun again (W-2)`() async throws {
        try await SandboxFixture.with { sandbox in
            sandbox.server.inject(Fault(.dropBefore, path: "watch=true", count: 4))
            sandbox.server.inject(Fault(.status(410), path: "watch=true", count: 2))
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .success, "\(result)")
        }
    }

    @Test func `a damaged record stops changes and names itself (R-7)`() async throws {
        try await SandboxFixture.with { sandbox in
            let outcome = try await sandbox.deploy(Manifests.request())
            #expect(outcome.code == .success)
            let key = ObjectKey(.secret, namespace: "fl", name: "iflearnerctl.lab")
            _ = try await sandbox.client().patch(key, .merge, ["data": ["state": "e30="]])
            let error = await #expect(throws: RolloutError.self) {
                try await sandbox.rollout().plan(Manifests.request(tag: "2"))
            }
            #expect(error?.code == .record)
            #expect(error?.description.contains("Secret/iflearnerctl.lab in namespace fl") == true)
            let listed = try await RecordIndex(client: sandbox.client(), namespace: "fl").deployments()
            #expect(listed.map(\.status) == [.running])
        }
    }

    @Test func `a rival's write to the records stops the job (R-5)`() async throws {
        try await SandboxFixture.with { sandbox in
            let rollout = sandbox.rollout()
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            let key = ObjectKey(.secret, namespace: "fl", name: "iflearnerctl.lab")
            _ = try await sandbox.client().patch(
                key, .merge, ["metadata": ["annotations": ["iflearnerctl.io/write": "rival/9/1"]]])
            let result = await rollout.run(started)
            #expect(result.code == .locked, "\(result)")
        }
    }
}
