// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records
import Rollout

/// `cluster upgrade`: brings an existing deployment to a plan, as a job.
struct ClusterUpgrade: ProgramCommand {
    static let manual = Manual(
        "upgrade", aliases: ["update"], summary: "Bring a deployment to a changed plan",
        discussion:
            "Only what differs is written. A plan that changes nothing says so, creates no job and exits with 0.",
        examples: [
            .init("iflearnerctl cluster upgrade -f cluster.yaml --wait", "Apply the changed plan and follow the job."),
            .init(
                "iflearnerctl cluster upgrade -f cluster.yaml --set flow-server.imageTag=v0.2.1", "Change one value."),
            .init("iflearnerctl cluster upgrade -f cluster.yaml --dry-run=server", "What would change."),
        ])
    static let parameters: [Parameter<ClusterUpgrade>] =
        PlanOptions.lifted(\.plan)
        + [
            .flag("install", "i", \.install, "Install it where there is none yet."),
            .option("dry-run", nil, \.dryRun, "MODE", "Show what would be done, without or with asking the server."),
        ] + WaitOptions.lifted(\.waiting) + GlobalOptions.lifted(\.global)

    var plan = PlanOptions()
    var install = false
    var dryRun: DryRun?
    var waiting = WaitOptions()
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let change = PlanChange(plan: plan, dryRun: dryRun, waiting: waiting, global: global)
        return try await change.run(in: context) { stored in
            guard stored == nil, !install else { return }
            throw DeploymentError(
                .notFound, "there is no deployment of this plan's name and namespace",
                hint: "install it with: iflearnerctl cluster install -f \(plan.file), or add --install")
        }
    }
}
