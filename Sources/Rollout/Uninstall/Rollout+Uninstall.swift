// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
public import Records

extension Rollout {
    /// Computes what an uninstall would remove; reads only.
    ///
    /// What cannot be done is among the plan's `refusals`.
    /// - Throws: `RolloutError` with `notFound` for a deployment or component that was never there; one that was
    ///   uninstalled before gives a plan without changes.
    public func planUninstall(
        _ deployment: String, in namespace: String, _ removal: Removal
    ) async throws(RolloutError) -> UninstallPlan {
        let log = log(deployment, namespace)
        return try await explained(by: log) {
            try await UninstallPlanner(
                client: reporting(context.client, to: log), deployment: deployment, namespace: namespace,
                removal: removal
            ).plan()
        }
    }

    /// Takes the lock and records the job; the state is marked as being deleted before anything is.
    ///
    /// - Throws: `RolloutError` with `notFound` when somebody else has removed all of it while the lock was waited for.
    public func begin(
        _ plan: UninstallPlan, lockTimeout: Duration = .zero
    ) async throws(RolloutError) -> StartedJob {
        if let refusal = plan.refusal { throw refusal }
        let id = context.makeID()
        let log = log(plan.deployment, plan.namespace)
        log.begin(job: id, redactor: Redactor())
        return try await explained(by: log) {
            let lock: JobLock
            do {
                lock = try await acquire(id, plan.deployment, plan.namespace, timeout: lockTimeout, log)
            } catch let error as APIError where error.isMissingNamespace || error.isNamespaceTerminating {
                throw try await outrun(plan, log)
            }
            do {
                return try await record(plan, id: id, lock, log)
            } catch {
                await lock.release()
                throw error
            }
        }
    }

    /// What there is to say when the namespace went, and the lock with it: whoever deleted it may have left something
    /// outside of it.
    private func outrun(_ plan: UninstallPlan, _ log: EventLog) async throws -> RolloutError {
        let client = reporting(context.client, to: log)
        let namespace = ObjectKey(.namespace, name: plan.namespace)
        do {
            if let live = try await client.find(namespace), live.deletionTimestamp != nil, let uid = live.uid,
                let rest = try await whatKeeps(namespace, uid: uid)
            {
                return RolloutError(.timedOut, "\(namespace) is still being deleted: \(rest)")
            }
        } catch let error as APIError where error.reason == .forbidden {
            // It went, or goes: that is all there is to know for whoever may not look at namespaces.
        }
        let outside = plan.doomed.filter { $0.key.namespace != plan.namespace && $0.uid != nil }
        let left = try await outside.concurrentMap { entry -> String? in
            do {
                return try await client.find(entry.key)?.uid == entry.uid ? entry.key.description : nil
            } catch is DiscoveryError {
                return nil
            } catch let error as APIError where error.isMissingAPI || error.isMissingNamespace {
                return nil
            }
        }.compactMap(\.self)
        guard left.isEmpty else {
            return RolloutError(
                .partial,
                "namespace \(plan.namespace) was deleted meanwhile, and the records of \(plan.deployment) with it; "
                    + "these are left: \(left.joined(separator: ", "))",
                hint: "delete them with kubectl, if nobody else needs them")
        }
        return RolloutError(
            .notFound, "namespace \(plan.namespace) was deleted meanwhile, and all of \(plan.deployment) with it")
    }

    private func record(
        _ plan: UninstallPlan, id: String, _ lock: JobLock, _ log: EventLog
    ) async throws -> StartedJob {
        let store = RecordStore(
            client: guarded(by: lock, log), namespace: plan.namespace, deployment: plan.deployment)
        var plan = plan
        let stored = try await store.state()
        if stored?.resourceVersion != plan.stored?.resourceVersion {
            log.emit(.warning(component: nil, object: nil, message: "the deployment changed meanwhile: planning again"))
            plan = try await UninstallPlanner(
                client: reporting(context.client, to: log), deployment: plan.deployment, namespace: plan.namespace,
                removal: plan.removal
            ).plan()
            if let refusal = plan.refusal { throw refusal }
        }
        let timing = context.timing
        let job = JobRecord(
            id: id, method: .uninstall, deployment: plan.deployment, namespace: plan.namespace,
            clusterID: plan.stored?.record.id ?? "", creator: context.creator, revision: nil, removal: plan.removal,
            componentTimeout: max(1, Int(timing.componentTimeout.components.seconds)),
            jobTimeout: max(1, Int(timing.jobTimeout.components.seconds)), components: plan.components,
            createdAt: context.time.wall())
        let journal = Journal(
            store: store, log: log, time: context.time, leaseTransitions: Int(lock.lease.transitions), job: job,
            storedJob: nil, storedState: plan.stored)
        await journal.note("delete \(plan.doomed.count) objects, keep \(plan.retained.count)")
        try await journal.writeJob()
        if var state = plan.stored?.record {
            state.status = plan.removesEverything ? .deleting : .updating
            if plan.removesEverything { state.phase = .deleting }
            state.job = id
            try await journal.write(state)
        }
        return StartedJob(
            id: id, deployment: plan.deployment, namespace: plan.namespace, work: .uninstall(plan), lock: lock,
            journal: journal, log: log, store: store)
    }
}
