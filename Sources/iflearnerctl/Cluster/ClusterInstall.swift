// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records
import Rollout

/// `cluster install`: a first installation, as a job.
struct ClusterInstall: ProgramCommand {
    static let manual = Manual(
        "install", summary: "Install a plan: create a job and return, or wait with --wait",
        discussion:
            "The job goes on in a process of its own. 'job watch' follows it, from here or from any other machine.",
        examples: [
            .init("iflearnerctl cluster install -f cluster.yaml", "Start, print the job's id, return."),
            .init("iflearnerctl cluster install -f cluster.yaml --wait --timeout 15m", "Follow it to its end."),
            .init("iflearnerctl cluster install -f cluster.yaml --dry-run=server", "What the API server would say."),
            .init(
                "iflearnerctl cluster install -f examples/cluster.yaml --sandbox --wait", "Try it without a cluster."),
        ])
    static let parameters: [Parameter<ClusterInstall>] =
        PlanOptions.lifted(\.plan)
        + [
            .option("dry-run", nil, \.dryRun, "MODE", "Show what would be done, without or with asking the server."),
            .flag("cover", nil, \.cover, "Take over a failed installation of the same name."),
        ] + WaitOptions.lifted(\.waiting) + GlobalOptions.lifted(\.global)

    var plan = PlanOptions()
    var dryRun: DryRun?
    var cover = false
    var waiting = WaitOptions()
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        var change = PlanChange(plan: plan, dryRun: dryRun, waiting: waiting, global: global)
        change.covers = cover
        return try await change.run(in: context) { stored in
            guard let state = stored else { return }
            let place = "deployment '\(state.deployment)' in namespace '\(state.namespace)'"
            if state.deployedRevision != nil, state.status != .failed {
                throw DeploymentError(
                    .refused, "\(place) exists already: \(state.status.rawValue)",
                    hint: "change it with: iflearnerctl cluster upgrade -f \(plan.file)")
            }
            guard !cover else { return }
            throw DeploymentError(
                .refused, "\(place) was begun already: \(state.status.rawValue)",
                hint: "go on with: iflearnerctl job resume \(state.job.prefix(8)), or take it over with --cover")
        }
    }
}

/// How a command is tried without writing anything.
enum DryRun: String, CaseIterable, ArgumentValue {
    /// Without a cluster.
    case client
    /// With the API server's answers.
    case server
}
