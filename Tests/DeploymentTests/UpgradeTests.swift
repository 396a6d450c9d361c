// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Deployment
import Records
import Rollout
import Testing

struct UpgradeTests {
    @Test func `a database whose image could not be pulled is recovered by a corrected plan`() async throws {
        try await Lab.with { lab in
            let modules = "modules: [mysql, flow-server]\n"
            let failed = try await lab.install(Plans.server(modules + "mysql: {imageTag: broken}\n"))
            #expect(failed.code == .notReady, "\(failed)")
            #expect(failed.causes.contains { $0.message.contains("ImagePull") }, "\(failed)")
            let plan = try Plans.server(modules)
            let repaired = try await lab.install(plan)
            #expect(repaired.code == .success, "\(repaired)")
            #expect(try await lab.state(of: plan)?.status == .running)
        }
    }

    @Test func `the dump before an upgrade runs once there is something to write it to`() async throws {
        try await Lab.with { lab in
            let modules = "modules: [mysql]\n"
            let backup = "backup: {enabled: true, size: 1Gi, beforeUpgrade: true}"
            try await lab.install(Plans.server(modules))
            let enabling = try Plans.server(modules + "mysql: {\(backup)}\n")
            let first = try await Self.changes(enabling, lab)
            #expect(first.hooks.isEmpty)
            #expect(first.warnings.contains { $0.contains("Job/mysql-backup-before-upgrade is left out") })
            let enabled = try await lab.install(enabling)
            #expect(enabled.code == .success, "\(enabled)")
            let second = try await Self.changes(
                Plans.server(modules + "mysql: {imageTag: 8.0.40, \(backup)}\n"), lab)
            #expect(second.hooks.map(\.manifest.name) == ["mysql-backup-before-upgrade"])
            #expect(!second.warnings.contains { $0.contains("left out") })
        }
    }

    private static func changes(_ plan: ClusterPlan, _ lab: Lab) async throws -> RolloutPlan {
        let deployer = lab.deployer()
        let rendered = try await deployer.render(plan, file: "cluster.yaml")
        return try await deployer.rollout.plan(deployer.request(for: rendered, options: RolloutOptions()))
    }
}
