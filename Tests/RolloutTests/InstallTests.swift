// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Rollout
import Testing

struct InstallTests {
    @Test func `a first installation brings everything up and records it (R-1, R-4)`() async throws {
        try await SandboxFixture.with { sandbox in
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .success, "\(result)")
            let state = try #require(try await sandbox.state())
            #expect(state.phase == .deployed)
            #expect(state.status == .running)
            #expect(state.revision == 1)
            #expect(state.deployedRevision == 1)
            #expect(state.inventory.count == 9)
            #expect(state.inventory.allSatisfy { $0.uid != nil })
            #expect(state.createdNamespace != nil)
            #expect(state.components.map(\.status) == [.available, .available])
        }
    }
}
