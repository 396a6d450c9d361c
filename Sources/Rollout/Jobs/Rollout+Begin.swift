// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Values

extension Rollout {
    /// Takes the lock and writes the records: revision, state with the union inventory, job; in this order, so that a
    /// crash between any two leaves nothing that the next run could not make good.
    ///
    /// A missing namespace is created first. If the state changed since the plan was made, it is made again. A live
    /// holder of the lock is waited for up to `lockTimeout`.
    public func begin(
        _ plan: RolloutPlan, lockTimeout: Duration = .zero
    ) async throws(RolloutError) -> StartedJob {
        if let refusal = plan.refusal { throw refusal }
        let request = plan.request
        let id = context.makeID()
        let log = log(request.deployment, request.namespace)
        log.begin(job: id, redactor: Redactor(request.components.flatMap(\.objects)))
        return try await explained(by: log) {
            let createdNamespace = try await ensureNamespace(plan, log)
            let lock = try await acquire(id, request.deployment, request.namespace, timeout: lockTimeout, log)
            do {
                var plan = plan
                plan.createdNamespace = createdNamespace ?? plan.createdNamespace
                return try await record(try await current(plan, lock, log), id: id, lock, log)
            } catch {
                await lock.release()
                throw error
            }
        }
    }

    /// Takes the lock of a deployment for a job.
    func acquire(
        _ job: String, _ deployment: String, _ namespace: String, timeout: Duration, _ log: EventLog
    ) async throws -> JobLock {
        let place = JobLock.place(
            client: reporting(context.client, to: log), deployment: deployment, namespace: namespace,
            terms: context.timing.lease, time: context.time)
        var wasBlocked = false
        let lease = try await place.acquire(
            as: HolderIdentity(job: job, process: context.process), timeout: timeout
        ) { record in
            wasBlocked = true
            let who = record.holderIdentity.map { "job \($0.job) on \($0.process.host) (pid \($0.process.pid))" }
            let since = record.acquireTime.map { " since \($0.rfc3339)" } ?? ""
            let heartbeat = record.renewTime.map { ", last heartbeat \($0.rfc3339)" } ?? ""
            log.emit(.lock(.waiting(holder: (who ?? record.holder ?? "nobody") + since + heartbeat)))
        }
        log.emit(.lock(.acquired(isTakeover: wasBlocked)))
        return JobLock(lease, terms: context.timing.lease, time: context.time)
    }

    /// The client whose writes are put to the lock first.
    func guarded(by lock: JobLock, _ log: EventLog) -> ClusterClient {
        reporting(context.client, to: log).guardingWrites { try await lock.admitWrite() }
    }

    /// The plan, made again when the state moved while nobody held the lock.
    private func current(_ plan: RolloutPlan, _ lock: JobLock, _ log: EventLog) async throws -> RolloutPlan {
        let store = records(of: plan.request.deployment, in: plan.request.namespace)
        let stored = try await store.state()
        guard stored?.resourceVersion != plan.stored?.resourceVersion || stored?.uid != plan.stored?.uid else {
            return plan
        }
        log.emit(.warning(component: nil, object: nil, message: "the deployment changed meanwhile: planning again"))
        var again = try await Planner(
            client: reporting(context.client, to: log), request: plan.request, time: context.time
        ).plan()
        if let refusal = again.refusal { throw refusal }
        again.createdNamespace = plan.createdNamespace
        log.emit(.plan(again.summary))
        return again
    }

    /// Creates the namespace when it is missing, marked as ours in the same request (J-5).
    ///
    /// - Returns: its uid when we created it, now or in a run that died.
    private func ensureNamespace(_ plan: RolloutPlan, _ log: EventLog) async throws -> String? {
        guard !plan.namespaceExists else { return nil }
        let request = plan.request
        let ownership = Ownership(deployment: request.deployment, namespace: request.namespace)
        var object = plan.namespaceObject ?? KubernetesObject(ObjectKey(.namespace, name: request.namespace))
        object.namespace = nil
        object.labels = object.labels.merging([RecordKeys.managedBy: RecordKeys.manager]) { $1 }
        object.annotations = object.annotations.merging([RecordKeys.createdBy: ownership.applySetID]) { $1 }
        do {
            let result = try await reporting(context.client, to: log).create(object)
            log.emit(.action(component: "", object: object.key.description, action: .create, failure: nil))
            return result.object.uid
        } catch let error as APIError where error.reason == .alreadyExists {
            return nil
        }
    }

    /// Writes the records of a job that is about to begin.
    private func record(
        _ plan: RolloutPlan, id: String, _ lock: JobLock, _ log: EventLog
    ) async throws -> StartedJob {
        let request = plan.request
        let store = RecordStore(
            client: guarded(by: lock, log), namespace: request.namespace, deployment: request.deployment)
        let history = try await store.revisions()
        let number = max(plan.stored?.record.revision ?? 0, history.last?.number ?? 0) + 1
        let now = context.time.wall()
        let revision = revision(plan, number: number, job: id, at: now)
        let state = state(plan, revision: number, job: id, at: now)
        let job = JobRecord(
            id: id, method: plan.isFirst ? .install : .upgrade, deployment: request.deployment,
            namespace: request.namespace, clusterID: state.id, creator: context.creator, revision: number,
            removal: nil,
            componentTimeout: seconds(request.options.componentTimeout ?? context.timing.componentTimeout),
            jobTimeout: seconds(request.options.jobTimeout ?? context.timing.jobTimeout),
            components: request.components.map(\.name), createdAt: now)
        // Everything is known to fit before the first of it is written.
        try store.validate(revision)
        try store.validate(state)
        let journal = Journal(
            store: store, log: log, time: context.time, leaseTransitions: Int(lock.lease.transitions), job: job,
            storedJob: nil, storedState: plan.stored)
        try await journal.create(revision)
        try await journal.write(state)
        await journal.note("create revision \(number)")
        await journal.note("plan: \(plan.summary.text)")
        try await journal.writeJob()
        return StartedJob(
            id: id, deployment: request.deployment, namespace: request.namespace, work: .rollout(plan), lock: lock,
            journal: journal, log: log, store: store)
    }

    private func seconds(_ duration: Duration) -> Int { max(1, Int(duration.components.seconds)) }

    private func revision(_ plan: RolloutPlan, number: Int, job: String, at now: Timestamp) -> Revision {
        let request = plan.request
        func isDefinition(_ object: KubernetesObject) -> Bool { object.kind == "CustomResourceDefinition" }
        return Revision(
            deployment: request.deployment, namespace: request.namespace, number: number, createdAt: now, job: job,
            chartName: request.chartName, chartVersion: request.chartVersion, toolVersion: context.toolVersion,
            planDigest: request.planDigest, plan: request.plan,
            components: request.components.map {
                .init(name: $0.name, dependsOn: $0.dependsOn, singleton: $0.singleton?.rawValue)
            },
            manifests: request.components.flatMap { component in
                component.objects.filter { !isDefinition($0) }.map { .init(component: component.name, object: $0) }
            },
            definitions: request.components.flatMap { component in
                component.objects.filter(isDefinition).map {
                    .init(component: component.name, name: $0.name, digest: ContentHash.spec($0))
                }
            } + request.missingDefinitions)
    }

    /// The state at the beginning of a job: the inventory is the union of what was there and what will be.
    private func state(_ plan: RolloutPlan, revision: Int, job: String, at now: Timestamp) -> DeploymentState {
        let request = plan.request
        var state =
            plan.stored?.record
            ?? DeploymentState(
                id: context.makeID(), deployment: request.deployment, namespace: request.namespace,
                cluster: plan.cluster, status: .creating, phase: .pending, revision: revision, job: job,
                chartName: "", chartVersion: "", toolVersion: "", planDigest: "", createdAt: now)
        state.status = state.deployedRevision == nil ? .creating : .updating
        state.phase = .pending
        state.revision = revision
        state.job = job
        state.chartName = request.chartName
        state.chartVersion = request.chartVersion
        state.toolVersion = context.toolVersion
        state.planDigest = request.planDigest
        state.createdNamespace = state.createdNamespace ?? plan.createdNamespace
        state.components = request.components.map { component in
            let known = state.components.first { $0.name == component.name }
            return ComponentRecord(
                name: component.name, dependsOn: component.dependsOn, status: known?.status ?? .pending,
                reasons: known?.reasons ?? [])
        }
        state.inventory = plan.unionInventory
        state.uses = plan.uses
        return state
    }
}

extension RolloutPlan {
    /// The old inventory and everything that is going to be written, each with the uid that it has now.
    var unionInventory: [InventoryEntry] {
        let planned = objects.map { $0.entry(uid: $0.uid) }
        let hooks = hooks.map {
            InventoryEntry(
                component: $0.component, key: $0.manifest.key, uid: nil, specHash: "", stage: Stage.workloads.rawValue,
                isHook: true)
        }
        let known = Set((planned + hooks).map(\.identity))
        let leftovers = Dictionary(leftovers.map { ($0.entry.identity, $0.entry) }) { $1 }
        let old = (stored?.record.inventory ?? []).filter { !known.contains($0.identity) }
        return planned + hooks + old.map { leftovers[$0.identity] ?? $0 }
    }
}
