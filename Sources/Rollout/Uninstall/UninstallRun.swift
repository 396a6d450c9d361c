// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Values

/// Deletes stage after stage, the last one first, and waits until each is gone.
struct UninstallRun: Sendable {
    let plan: UninstallPlan
    let job: RolloutJob

    /// Runs to the end; the outcomes are in plan order.
    func run() async -> [(component: String, outcome: ComponentOutcome)] {
        for name in plan.components {
            let total = plan.doomed.count { $0.component == name }
            await job.journal.update(name) {
                $0.status = .pruning
                $0.total = total
            }
        }
        var causes: [Cause] = []
        do {
            for stage in Stage.allCases.reversed() {
                let entries = plan.doomed.filter { $0.stage == stage.rawValue }
                guard !entries.isEmpty else { continue }
                causes += try await remove(entries, stage)
                // What comes before may be needed to take this stage's objects down: a controller, a backend.
                if !causes.isEmpty { break }
            }
            if causes.isEmpty { causes += try await retain(plan.retained) }
        } catch is CancellationError {
            return await finish { _ in .canceled }
        } catch {
            causes += ComponentRun.causes(of: error, component: plan.components.first ?? "")
        }
        return await finish { name in
            let own = causes.filter { $0.component == name || $0.component == nil }
            if !own.isEmpty { return .failed(own) }
            return causes.isEmpty ? .succeeded(warnings: []) : .skipped(because: causes.compactMap(\.component))
        }
    }

    private func finish(
        _ outcome: (String) -> ComponentOutcome
    ) async -> [(component: String, outcome: ComponentOutcome)] {
        var outcomes: [(String, ComponentOutcome)] = []
        for name in plan.components {
            let result = outcome(name)
            await job.journal.update(name) {
                switch result {
                case .succeeded:
                    $0.status = .success
                    $0.moduleStatus = .removed
                case .failed(let causes):
                    $0.status = .failed
                    $0.reasons = causes.map(\.message)
                case .skipped, .canceled: $0.status = .canceled
                }
            }
            outcomes.append((name, result))
        }
        return outcomes
    }

    /// Deletes the objects of a stage at once and waits until they are gone.
    private func remove(_ entries: [InventoryEntry], _ stage: Stage) async throws -> [Cause] {
        let results = try await entries.concurrentMap { entry -> (KubernetesObject?, [Cause]) in
            do {
                return (try await job.writer.delete(entry), [])
            } catch let error where !(error is CancellationError) {
                let causes = RolloutError(
                    error, component: entry.component, object: entry.key.description
                ).causes
                return (nil, causes)
            }
        }
        var causes: [Cause] = []
        var pending: [(entry: InventoryEntry, object: KubernetesObject)] = []
        for (entry, result) in zip(entries, results) {
            if !result.1.isEmpty {
                causes += result.1
            } else if let object = result.0 {
                pending.append((entry, object))
            } else {
                await gone(entry)
            }
        }
        return causes + (try await waitGone(pending))
    }

    private func gone(_ entry: InventoryEntry) async {
        await job.ledger.removed(entry.identity)
        await job.journal.update(entry.component) { $0.done += 1 }
        job.log.emit(
            .action(component: entry.component, object: entry.key.description, action: .delete, failure: nil))
    }

    /// Waits until objects are gone, and tells who holds those that are not.
    private func waitGone(_ pending: [(entry: InventoryEntry, object: KubernetesObject)]) async throws -> [Cause] {
        guard !pending.isEmpty else { return [] }
        let time = job.context.time
        let collections = Set(
            pending.map { ClusterObserver.Collection(kind: $0.entry.key.kind, namespace: $0.entry.key.namespace) })
        await job.observer.follow(collections)
        var pending = pending
        let began = time.monotonic()
        var wasExplained = false
        while true {
            try Task.checkCancellation()
            let isSynced = await job.observer.isSynced(collections)
            let version = await job.observer.snapshot().version
            var left: [(entry: InventoryEntry, object: KubernetesObject)] = []
            for (entry, object) in pending {
                let live = await job.observer.object(entry.key)
                if isSynced, live == nil || live?.uid != object.uid {
                    await gone(entry)
                } else {
                    left.append((entry, live ?? object))
                }
            }
            pending = left
            if pending.isEmpty { return [] }
            let waited = time.monotonic() - began
            if waited >= job.context.timing.deletionStuck, !wasExplained {
                wasExplained = true
                for (entry, object) in pending { await explain(entry, object) }
            }
            if waited >= job.componentTimeout {
                return pending.map { entry, object in
                    Cause(
                        component: entry.component, object: entry.key.description, code: ExitCode.timedOut.rawValue,
                        message: Self.stuck(entry, object), hint: "run the command again once that is solved")
                }
            }
            await job.observer.change(after: version, atMost: .seconds(1))
        }
    }

    private func explain(_ entry: InventoryEntry, _ object: KubernetesObject) async {
        let message = Self.stuck(entry, object)
        await job.journal.update(entry.component) { $0.reasons = [message] }
        job.log.emit(.warning(component: entry.component, object: entry.key.description, message: message))
    }

    private static func stuck(_ entry: InventoryEntry, _ object: KubernetesObject) -> String {
        let holders = object.finalizers.joined(separator: ", ")
        return "\(entry.key.longDescription) is still being deleted"
            + (holders.isEmpty ? "" : ", held by the finalizers \(holders)")
    }

    /// Lets objects go that stay: they lose our label and carry who kept them, so that an installation of the same name
    /// finds them again.
    private func retain(_ entries: [InventoryEntry]) async throws -> [Cause] {
        let ownership = job.ownership
        return try await entries.concurrentMap { entry -> [Cause] in
            var metadata: Mapping = [
                "labels": [RecordKeys.partOf: nil],
                "annotations": [
                    RecordKeys.retained: .string(ownership.applySetID), RecordKeys.operatorOf: nil,
                ],
            ]
            if let uid = entry.uid { metadata["uid"] = .string(uid) }
            let patch = Value.mapping(["metadata": .mapping(metadata)])
            let object = entry.key.description
            do {
                _ = try await uncancelled { try await job.client.patch(entry.key, .merge, patch) }
                job.log.emit(.action(component: entry.component, object: object, action: .retain, failure: nil))
            } catch let error as APIError where error.reason == .notFound || error.isStaleObject {
                // It is gone, or somebody else's by now.
            } catch is DiscoveryError {
            } catch let error where !(error is CancellationError) {
                return RolloutError(error, component: entry.component, object: object).causes
            }
            await job.ledger.removed(entry.identity)
            return []
        }.flatMap(\.self)
    }
}
