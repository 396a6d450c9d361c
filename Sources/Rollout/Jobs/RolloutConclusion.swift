// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// Writes how a rollout ended into the revision and the state, and trims the history.
struct RolloutConclusion: Sendable {
    let plan: RolloutPlan
    let job: RolloutJob
    let store: RecordStore

    /// The verdict, once the records say it too.
    func conclude(
        _ outcomes: [(component: String, outcome: ComponentOutcome)], _ interruption: Interruption?
    ) async -> JobResult {
        let record = await job.journal.job
        let result = JobResult.of(
            outcomes, interruption, job: record.id,
            success: "\(record.deployment) is deployed: \(plan.summary.pastText)")
        // Who lost the lock writes nothing any more.
        guard result.code != .locked, var state = await job.journal.state else { return result }
        let isSuccess = result.code == .success
        do {
            if isSuccess {
                let planned = plan.objects.map(\.identity) + plan.hooks.map { ObjectIdentity($0.manifest.key) }
                let kept = plan.leftovers.filter(\.isRetained).map(\.entry.identity)
                // Hooks of earlier runs are objects of ours as long as their charts render them.
                let ran = state.inventory.filter(\.isHook).map(\.identity)
                await job.ledger.keep(only: Set(planned + kept + ran))
                state.deployedRevision = state.revision
            }
            state.phase = isSuccess ? .deployed : state.phase == .applied ? .applied : .failed
            state.status = status(result, state)
            state.inventory = await job.ledger.entries
            state.components = components(state, await job.journal.job)
            try await job.journal.mark(revision: state.revision, as: isSuccess ? .deployed : .failed)
            try await job.journal.write(state)
            if isSuccess { try await trim(current: state.revision) }
        } catch {
            let failure = RolloutError(error)
            return JobResult(
                status: .failed, code: ExitCode.deciding([result.code, failure.code]),
                message: failure.description, causes: result.causes + failure.causes)
        }
        return result
    }

    /// What was deployed before and is only not ready now is unavailable, not failed.
    private func status(_ result: JobResult, _ state: DeploymentState) -> DeploymentStatus {
        if result.code == .success { return .running }
        let isOnlyNotReady = result.code == .notReady || result.code == .timedOut
        return state.deployedRevision != nil && isOnlyNotReady ? .unavailable : .failed
    }

    private func components(_ state: DeploymentState, _ job: JobRecord) -> [ComponentRecord] {
        state.components.map { component in
            guard let sub = job.subJobs.first(where: { $0.component == component.name }) else { return component }
            var component = component
            if sub.moduleStatus != .pending { component.status = sub.moduleStatus }
            component.reasons = sub.reasons
            return component
        }
    }

    private func trim(current: Int) async throws {
        for surplus in RevisionTrim.surplus(try await store.revisions(), current: current) {
            try await store.delete(surplus)
        }
        let finished = try await store.jobs().filter { $0.status?.isFinal == true }
        for surplus in finished.dropFirst(JobTrim.limit) { try await store.delete(surplus) }
    }
}

/// How many job records are kept (J-6).
enum JobTrim {
    /// Of a deployment that is there.
    static let limit = 20
    /// Of one that was uninstalled.
    static let uninstalledLimit = 5
}
