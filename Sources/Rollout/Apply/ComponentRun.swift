// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records

/// How a component ended.
enum ComponentOutcome: Sendable {
    case succeeded(warnings: [String])
    case failed([Cause])
    case skipped(because: [String])
    case canceled
}

/// Brings one component about: checks what could not be checked before, writes stage after stage, prunes, waits (§6.4).
struct ComponentRun: Sendable {
    let name: String
    let objects: [PlannedObject]
    let hooks: [PlannedHook]
    let leftovers: [Leftover]
    let job: RolloutJob
    /// Is called once everything is written and pruned, before the component is waited for.
    let onApplied: @Sendable () async throws -> Void

    private var journal: Journal { job.journal }
    private var timing: Timing { job.context.timing }

    /// Runs to the end; every failure is in the outcome.
    func run() async -> ComponentOutcome {
        do {
            let warnings = try await steps()
            await journal.update(name) {
                $0.status = .success
                $0.moduleStatus = .available
                $0.reasons = []
            }
            return .succeeded(warnings: warnings)
        } catch is CancellationError {
            await journal.update(name) { $0.status = .canceled }
            return .canceled
        } catch {
            let causes = Self.causes(of: error, component: name)
            await journal.update(name) {
                $0.status = .failed
                $0.moduleStatus = .unavailable
                $0.reasons = causes.map(\.message)
            }
            return .failed(causes)
        }
    }

    static func causes(of error: any Error, component: String) -> [Cause] {
        (error as? ComponentFailure)?.causes ?? RolloutError(error, component: component).causes
    }

    private func steps() async throws -> [String] {
        let total = objects.count(where: \.isChange) + leftovers.count { !$0.isRetained }
        await journal.update(name) {
            $0.status = .planning
            $0.reasons = []
            $0.total = total
        }
        var objects = try await checked(objects) { $0.stage < .customResources }
        try await run(hooks.filter { $0.moment == .before })
        var targets: [WaitTarget] = []
        for stage in Stage.allCases where objects.contains(where: { $0.stage == stage }) {
            if stage == .customResources { objects = try await checked(objects) { $0.stage == .customResources } }
            let inStage = objects.filter { $0.stage == stage }
            // Who is no administrator can only bind a role that is there.
            var written = try await write(inStage.filter { !$0.isBinding })
            written += try await write(inStage.filter(\.isBinding))
            targets += written
            try await pass(stage, written)
        }
        try await prune()
        try await onApplied()
        let warnings = try await wait(for: targets)
        try await run(hooks.filter { $0.moment == .after })
        return warnings
    }

    /// The objects, those that the server could not be asked about before now decided by a dry run.
    private func checked(
        _ objects: [PlannedObject], where isDue: (PlannedObject) -> Bool
    ) async throws -> [PlannedObject] {
        var objects = objects
        let due = objects.indices.filter { isDue(objects[$0]) && objects[$0].action == .create(isChecked: false) }
        guard !due.isEmpty else { return objects }
        let decider = ObjectDecider(
            client: job.client, ownership: job.ownership, state: await journal.state, live: LiveObjects(),
            coversLostRecords: false, roles: Set(objects.map(\.identity).filter(\.isRole)))
        let decisions = try await decider.decide(due.map { RenderedObjects.Member(objects[$0]) })
        let refusals = decisions.compactMap(\.refusal)
        guard refusals.isEmpty else { throw ComponentFailure(refusals) }
        for (index, decision) in zip(due, decisions) {
            if let object = decision.object { objects[index] = object }
            job.log.warn(decision.warnings, component: name, object: objects[index].key.description)
        }
        return objects
    }

    /// Writes the objects of a stage at once; every failure is collected.
    private func write(_ objects: [PlannedObject]) async throws -> [WaitTarget] {
        await journal.update(name) { $0.status = .applying }
        let results = await withTaskGroup(of: (Int, Result<KubernetesObject, any Error>).self) { group in
            for (index, object) in objects.enumerated() {
                group.addTask {
                    do { return (index, .success(try await writeOne(object))) } catch {
                        return (index, .failure(error))
                    }
                }
            }
            var results: [Int: Result<KubernetesObject, any Error>] = [:]
            for await (index, result) in group { results[index] = result }
            return results
        }
        var targets: [WaitTarget] = []
        var causes: [Cause] = []
        for (index, object) in objects.enumerated() {
            switch results[index] {
            case .success(let written)?:
                let target = WaitTarget(key: object.key, written: written)
                // What was found as it should be and is not watched is ready; a worker knows its manifest alone.
                if object.isChange || target.isWatched { targets.append(target) }
            case .failure(let error)? where error is CancellationError: throw error
            case .failure(let error)?: causes += self.causes(of: error, object: object)
            case nil: break
            }
        }
        guard causes.isEmpty else { throw ComponentFailure(causes) }
        return targets
    }

    private func writeOne(_ object: PlannedObject) async throws -> KubernetesObject {
        let written: KubernetesObject
        do {
            written = try await job.writer.write(object)
        } catch {
            if !(error is CancellationError) {
                let message = causes(of: error, object: object).first?.message
                job.log.emit(
                    .action(
                        component: name, object: object.key.description, action: object.eventAction, failure: message))
            }
            throw error
        }
        await job.ledger.exists(object.entry(uid: written.uid))
        if object.isChange {
            await journal.update(name) { $0.done += 1 }
            job.log.emit(
                .action(component: name, object: object.key.description, action: object.eventAction, failure: nil))
        }
        return written
    }

    private func causes(of error: any Error, object: PlannedObject) -> [Cause] {
        switch error {
        case let error as ComponentFailure: error.causes
        case let error as APIError: [Refusal.cause(error, key: object.key, component: name)]
        default: RolloutError(error, component: name, object: object.key.description).causes
        }
    }

    /// Waits where the next stage needs this one to work (§6.4).
    private func pass(_ stage: Stage, _ written: [WaitTarget]) async throws {
        switch stage {
        case .records:
            try await open(stage, written, "namespaces are active")
        case .definitions:
            try await open(stage, written, "definitions are established", timeout: timing.definitionTimeout)
            job.client.discovery.invalidate()
        case .services:
            let backends = written.filter { Stage.workloadKinds.contains($0.key.kind.kind) }
            if !backends.isEmpty { try await open(stage, backends, "what webhooks call is up") }
        default: break
        }
    }

    private func open(
        _ stage: Stage, _ targets: [WaitTarget], _ message: String, timeout: Duration? = nil
    ) async throws {
        job.log.emit(.gate(component: name, stage: stage, isOpen: false, message: message))
        await journal.update(name) { $0.status = .waiting }
        _ = try await job.wait(component: name).wait(for: targets, timeout: timeout ?? job.componentTimeout)
        job.log.emit(.gate(component: name, stage: stage, isOpen: true, message: message))
    }

    /// Deletes what is no longer rendered, in the reverse order of the stages, before anything is waited for: a renamed
    /// workload may hold a port or a volume that the new one needs (D-1).
    private func prune() async throws {
        let doomed = leftovers.filter { !$0.isRetained }
        guard !doomed.isEmpty else { return }
        await journal.update(name) { $0.status = .pruning }
        try await job.prune(doomed, component: name)
    }

    private func wait(for targets: [WaitTarget]) async throws -> [String] {
        await journal.update(name) { $0.status = .waiting }
        return try await job.wait(component: name).wait(for: targets, timeout: job.componentTimeout)
    }

    private func run(_ hooks: [PlannedHook]) async throws {
        for hook in hooks { try await HookRun(hook: hook, job: job).run() }
    }
}

extension PlannedObject {
    var eventAction: RolloutEvent.Action {
        switch action {
        case .create: .create
        case .update: .update
        case .adopt: .adopt
        case .unchanged: .unchanged
        }
    }
}
