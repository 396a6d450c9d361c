// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// Removes the records once everything else is gone, or writes what is left (X-3).
struct UninstallConclusion: Sendable {
    let plan: UninstallPlan
    let job: RolloutJob
    let store: RecordStore

    /// The verdict, once the records say it too.
    func conclude(
        _ outcomes: [(component: String, outcome: ComponentOutcome)], _ interruption: Interruption?
    ) async -> JobResult {
        let id = await job.journal.job.id
        let what =
            plan.removesEverything
            ? "\(plan.deployment) is uninstalled" : "\(plan.components.joined(separator: ", ")) removed"
        var result = JobResult.of(outcomes, interruption, job: id, success: what)
        result.retained = plan.retained.map(\.key.description)
        guard result.code != .locked else { return result }
        do {
            if result.code == .success, plan.removesEverything {
                try await removeRecords()
            } else if var state = await job.journal.state {
                state.inventory = await job.ledger.entries
                state.components = components(state, isDone: result.code == .success)
                if !plan.removesEverything {
                    state.status = state.phase == .deployed ? .running : .failed
                }
                try await job.journal.write(state)
            }
        } catch {
            let failure = RolloutError(error)
            return JobResult(
                status: .failed, code: ExitCode.deciding([result.code, failure.code]),
                message: failure.description, causes: result.causes + failure.causes, retained: result.retained)
        }
        return result
    }

    private func components(_ state: DeploymentState, isDone: Bool) -> [ComponentRecord] {
        state.components.map { component in
            guard isDone, plan.components.contains(component.name) else { return component }
            var component = component
            component.status = .removed
            component.reasons = []
            return component
        }
    }

    private func removeRecords() async throws {
        for revision in try await store.revisions() { try await store.delete(revision) }
        try await job.journal.deleteState()
        let finished = try await store.jobs().filter { $0.status?.isFinal == true }
        // The job that is about to be finished counts too.
        for surplus in finished.dropFirst(JobTrim.uninstalledLimit - 1) { try await store.delete(surplus) }
    }
}
