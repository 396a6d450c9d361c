// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Records
import Rollout
import Terminal
import Values

/// What `uninstall` and `cluster delete` have in common.
struct RemovalChange {
    let name: String?
    let removal: Removal
    let waiting: WaitOptions
    let global: GlobalOptions

    func run(in context: AppContext) async throws -> CommandStatus {
        try await ResultLine(context, format: global.output, isWaiting: isWaiting(context)).closing {
            try await remove(in: context)
        }
    }

    private func isWaiting(_ context: AppContext) -> Bool { waiting.wait ?? context.isUnattended }

    private func remove(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let execution = try JobExecution(context, connection, format: global.output, wait: waiting.wait)
        let target: Target
        do {
            target = try await self.target(connection)
        } catch let error as FindingError where !error.isAmbiguous && removal.components == nil {
            // The namespace went with everything, the records of the removal too.
            guard let last = connection.localRemoval(of: name)?.entry else { throw error }
            sayUnchanged(Target(name: last.deployment, namespace: last.namespace), in: context)
            return .success
        }
        let rollout = execution.deployer.rollout
        let plan = try await rollout.planUninstall(target.name, in: target.namespace, removal)
        if let refusal = plan.refusal { throw refusal }
        guard plan.hasChanges else {
            sayUnchanged(target, in: context)
            tellRetained(plan, to: context.output)
            tellHowToDelete(plan, to: context.output)
            return .success
        }
        try execution.checkDetachment(limit: nil)
        guard let job = try await begin(plan, rollout) else {
            sayUnchanged(target, in: context)
            return .success
        }
        let status = try await execution.carryOut(job, components: plan.components)
        guard status == .success else { return status }
        // A worker reports into the record only: what will stay is told here. Who waited has seen it.
        if !isWaiting(context) { tellRetained(plan, to: context.output) }
        tellHowToDelete(plan, to: context.output)
        return status
    }

    /// The job; nil when somebody else has removed all of it while the lock was waited for.
    private func begin(_ plan: UninstallPlan, _ rollout: Rollout) async throws -> StartedJob? {
        do throws(RolloutError) {
            return try await rollout.begin(plan, lockTimeout: waiting.lockTimeout ?? .zero)
        } catch {
            guard error.code == .notFound else { throw error }
            return nil
        }
    }

    private struct Target {
        var name: String
        var namespace: String
    }

    /// The deployment, or what an earlier removal left of it.
    private func target(_ connection: Connection) async throws -> Target {
        do {
            let found = try await connection.finder().deployment(name)
            return Target(name: found.name, namespace: found.namespace)
        } catch let error as FindingError where !error.isAmbiguous {
            let removals = try await connection.finder().jobs().filter { job in
                job.method == .uninstall && job.status == .success && (name == nil || job.deployment == name)
            }
            // Without a name, only the one thing that was ever removed can be meant.
            let places = Set(removals.map { [$0.deployment, $0.namespace] })
            guard let last = removals.first, places.count == 1 else { throw error }
            return Target(name: last.deployment, namespace: last.namespace)
        }
    }

    private func sayUnchanged(_ target: Target, in context: AppContext) {
        let what =
            removal.components.map { "\($0.joined(separator: ", ")) of '\(target.name)'" }
            ?? "deployment '\(target.name)'"
        let sentence = "no changes: \(what) is not installed in namespace '\(target.namespace)'"
        switch global.output {
        case .json where isWaiting(context):
            ResultLine(context, format: global.output, isWaiting: true).print(
                JobResult(status: .success, code: .success, message: sentence),
                target: "\(target.namespace)/\(target.name)", adding: ["changed": false])
        case .json: context.output.result((["changed": false] as Value).jsonString())
        default: context.output.result(sentence)
        }
    }

    private func tellRetained(_ plan: UninstallPlan, to output: Output) {
        for entry in plan.retained { output.message("stays: \(entry.key.longDescription)") }
    }

    /// The command that removes what stays.
    private func tellHowToDelete(_ plan: UninstallPlan, to output: Output) {
        let namespace = plan.namespace
        let kinds = Set(plan.retained.map(\.key.kind.kind))
        var flags: [String] = []
        if !kinds.isDisjoint(with: ["PersistentVolumeClaim", "PersistentVolume", "Secret"]) {
            flags.append("--delete-data")
        }
        if kinds.contains("CustomResourceDefinition") { flags.append("--delete-crds") }
        guard !flags.isEmpty else { return }
        output.message(
            "delete it too: iflearnerctl uninstall --all \(plan.deployment) -n \(namespace) \(flags.joined(separator: " "))"
        )
    }
}
