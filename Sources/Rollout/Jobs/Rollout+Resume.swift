// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Processes
import Records

extension Rollout {
    /// Takes over a job that another process of this machine has begun (J-3a): its lock first, then its records.
    ///
    /// `definitions` are the CustomResourceDefinitions of the bundled charts, which revisions do not hold.
    public func adopt(
        _ handOver: HandOver, definitions: [KubernetesObject]
    ) async throws(RolloutError) -> StartedJob {
        let log = log(handOver.deployment, handOver.namespace)
        log.begin(job: handOver.job, redactor: Redactor())
        return try await explained(by: log) {
            let place = JobLock.place(
                client: reporting(context.client, to: log), deployment: handOver.deployment,
                namespace: handOver.namespace, terms: context.timing.lease, time: context.time)
            let lease = try await place.takeOver(as: HolderIdentity(job: handOver.job, process: context.process))
            let lock = JobLock(lease, terms: context.timing.lease, time: context.time)
            do {
                return try await open(handOver.job, handOver, definitions, lock, log)
            } catch {
                await lock.release()
                throw error
            }
        }
    }

    /// Goes on with a job whose worker is gone, or that failed or was stopped (J-10): plans again from the stored revision.
    ///
    /// - Throws: `RolloutError` with `notFound` for an unknown job, `refused` for one that succeeded or was superseded, and
    ///   `locked` while its worker lives.
    public func resume(
        _ id: String, deployment: String, namespace: String, definitions: [KubernetesObject],
        lockTimeout: Duration = .zero
    ) async throws(RolloutError) -> StartedJob {
        let log = log(deployment, namespace)
        log.begin(job: id, redactor: Redactor())
        return try await explained(by: log) {
            guard let stored = try await records(of: deployment, in: namespace).job(id) else {
                throw RolloutError(.notFound, "there is no job \(id) of \(deployment) in namespace \(namespace)")
            }
            if stored.record.status == .success || stored.record.status == .rolledBack {
                throw RolloutError(.refused, "job \(id) is over: \(stored.record.status.rawValue)")
            }
            let lock = try await acquire(id, deployment, namespace, timeout: lockTimeout, log)
            do {
                return try await open(id, nil, definitions, lock, log, deployment: deployment, namespace: namespace)
            } catch {
                await lock.release()
                throw error
            }
        }
    }

    /// Reads the records of a job whose lock we have, and makes its plan again.
    private func open(
        _ id: String, _ handOver: HandOver?, _ definitions: [KubernetesObject], _ lock: JobLock, _ log: EventLog,
        deployment: String? = nil, namespace: String? = nil
    ) async throws -> StartedJob {
        let deployment = deployment ?? handOver?.deployment ?? ""
        let namespace = namespace ?? handOver?.namespace ?? ""
        let store = RecordStore(client: guarded(by: lock, log), namespace: namespace, deployment: deployment)
        guard let job = try await store.job(id) else {
            throw RolloutError(.notFound, "the record of job \(id) is gone")
        }
        let work: StartedJob.Work
        let state: Stored<DeploymentState>?
        if let removal = job.record.removal {
            let plan = try await UninstallPlanner(
                client: reporting(context.client, to: log), deployment: deployment, namespace: namespace,
                removal: removal, isResuming: true
            ).plan()
            if let refusal = plan.refusal { throw refusal }
            (work, state) = (.uninstall(plan), plan.stored)
        } else {
            let plan = try await plan(of: job.record, handOver, definitions, store, log)
            (work, state) = (.rollout(plan), plan.stored)
        }
        let journal = Journal(
            store: store, log: log, time: context.time, leaseTransitions: Int(lock.lease.transitions), job: job.record,
            storedJob: job, storedState: state)
        if handOver == nil {
            if job.annotations[RecordKeys.stopRequested] != nil { try await store.clearStop(of: id) }
            await journal.reopen(components: job.record.subJobs.map(\.component))
            if case .rollout(let plan) = work, var state = state?.record {
                // What is found now may be more than what the dead worker recorded.
                state.inventory = plan.unionInventory
                state.phase = .pending
                try await journal.write(state)
            }
        }
        return StartedJob(
            id: id, deployment: deployment, namespace: namespace, work: work, lock: lock, journal: journal, log: log,
            store: store)
    }

    private func plan(
        of job: JobRecord, _ handOver: HandOver?, _ definitions: [KubernetesObject], _ store: RecordStore,
        _ log: EventLog
    ) async throws -> RolloutPlan {
        guard let number = job.revision, let state = try await store.state() else {
            throw RolloutError(.refused, "deployment \(job.deployment) has no records any more: install it again")
        }
        guard state.record.revision == number, state.record.phase != .deleting else {
            throw RolloutError(
                .refused, "job \(job.id) was superseded: the deployment is at revision \(state.record.revision)",
                hint: "look at job \(state.record.job): iflearnerctl job describe \(state.record.job)")
        }
        var options = RolloutOptions()
        options.componentTimeout = .seconds(job.componentTimeout)
        options.jobTimeout = .seconds(job.jobTimeout)
        // The number of deletions was confirmed, or needed no confirmation, when the job was begun.
        options.confirmedPrunes = .max
        let request = RolloutRequest(try await store.revision(number), definitions: definitions, options: options)
        log.redactor = Redactor(request.components.flatMap(\.objects))
        let client = reporting(context.client, to: log)
        if let handOver {
            return try await RolloutPlan(handOver, request: request, stored: state, client: client)
        }
        let plan = try await Planner(client: client, request: request, time: context.time).plan()
        if let refusal = plan.refusal { throw refusal }
        return plan
    }
}

extension RolloutPlan {
    /// The plan that the launcher made: its decisions over the stored manifests, without asking the server again.
    ///
    /// What it did not decide is created with a dry run first, like everything that could not be checked.
    init(
        _ handOver: HandOver, request: RolloutRequest, stored: Stored<DeploymentState>, client: ClusterClient
    ) async throws {
        let ownership = Ownership(deployment: request.deployment, namespace: request.namespace)
        let rendered = try await RenderedObjects(request, ownership: ownership, discovery: client.discovery)
        self.init(request: request, cluster: stored.record.cluster, stored: stored, namespaceExists: true)
        uses = stored.record.uses
        // A component of which nothing was decided is provided by others as a whole.
        let decided = Set(
            rendered.members.filter { handOver.decisions[$0.manifest.key] != nil }.map(\.component))
        sharedComponents = Set(uses.map(\.component)).subtracting(decided)
        for member in rendered.members where !sharedComponents.contains(member.component) {
            guard !uses.contains(where: { ObjectIdentity($0.key) == member.identity }) else { continue }
            objects.append(
                PlannedObject(
                    component: member.component, stage: member.stage, manifest: member.manifest,
                    action: handOver.decisions[member.manifest.key] ?? .create(isChecked: false), live: nil,
                    keep: member.keep))
        }
        leftovers = handOver.leftovers
        hooks = rendered.hooks.filter { handOver.hooks.contains($0.manifest.key) }
    }
}
