// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// Runs one hook: removes its last run, starts it and waits until it is done (A-13).
struct HookRun: Sendable {
    let hook: PlannedHook
    let job: RolloutJob

    func run() async throws {
        let key = hook.manifest.key
        await job.journal.note(
            "run \(key.description) \(hook.moment == .before ? "before" : "after") \(hook.component)")
        await job.journal.update(hook.component) { $0.status = .applying }
        try await removeLastRun(key)
        let object = PlannedObject(
            component: hook.component, stage: .workloads, manifest: hook.manifest, action: .create(isChecked: true),
            live: nil, keep: nil)
        let written = try await job.writer.write(object)
        var entry = object.entry(uid: written.uid)
        entry.isHook = true
        await job.ledger.exists(entry)
        job.log.emit(.action(component: hook.component, object: key.description, action: .run, failure: nil))
        await job.journal.update(hook.component) { $0.status = .waiting }
        _ = try await job.wait(component: hook.component).wait(
            for: [WaitTarget(key: key, written: written)], timeout: job.componentTimeout)
        if deletionPolicies.contains("hook-succeeded") {
            _ = try await job.writer.delete(entry)
            await job.ledger.removed(entry.identity)
        }
        await job.journal.update(hook.component) { $0.status = .applying }
    }

    private var deletionPolicies: [String] {
        (hook.manifest.annotations["helm.sh/hook-delete-policy"] ?? "before-hook-creation").split(separator: ",").map {
            $0.filter { $0 != " " }
        }
    }

    private func removeLastRun(_ key: ObjectKey) async throws {
        guard let last = try await job.client.find(key) else { return }
        guard job.ownership.isMember(last) else {
            throw ComponentFailure([
                Refusal.foreign(last, component: hook.component, owner: job.ownership.owner(of: last))
            ])
        }
        let entry = InventoryEntry(
            component: hook.component, key: key, uid: last.uid, specHash: "", stage: Stage.workloads.rawValue)
        if let pending = try await job.writer.delete(entry) { try await job.writer.waitGone(pending) }
    }
}
