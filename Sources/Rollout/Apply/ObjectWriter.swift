// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Values

/// Writes planned objects: guarded, so that a stranger's object is never overwritten (A-6).
struct ObjectWriter: Sendable {
    let client: ClusterClient
    let ownership: Ownership
    let log: EventLog
    let time: TimeSource
    let timing: Timing

    /// Brings one object about; the result is the object as the server has it.
    func write(_ object: PlannedObject) async throws -> KubernetesObject {
        switch object.action {
        case .unchanged(let uid):
            var known = object.live ?? KubernetesObject(object.key)
            known.value.set(.string(uid), at: ["metadata", "uid"])
            return known
        case .create: return try await create(object)
        case .update(let uid): return try await update(object, uid: uid)
        case .adopt(let uid): return try await adopt(object, uid: uid)
        }
    }

    /// Creates: the impossible version makes the server refuse when something of that name is there.
    private func create(_ object: PlannedObject) async throws -> KubernetesObject {
        var manifest = object.manifest
        manifest.resourceVersion = "1"
        for _ in 0..<3 {
            do {
                return try await apply(manifest, of: object).object
            } catch let error as APIError where error.isVersionOfAbsentObject {
                return try await createUnguarded(object)
            } catch let error as APIError where error.isStaleObject {
                guard let live = try await client.find(object.key), let uid = live.uid else { continue }
                if live.deletionTimestamp != nil, ownership.isMember(live) {
                    try await waitGone(live)
                } else if ownership.isMember(live) {
                    // Our own write whose answer was lost, or that of a run that died.
                    return try await update(object, uid: uid)
                } else if ownership.isRetained(live) {
                    return try await adopt(object, uid: uid)
                } else {
                    throw ComponentFailure([
                        Refusal.foreign(live, component: object.component, owner: ownership.owner(of: live))
                    ])
                }
            }
        }
        throw ComponentFailure(
            object.component, .conflict, "\(object.key.longDescription) comes and goes while it is being created",
            object: object.key.description, hint: "something else creates and deletes it: look at its events")
    }

    /// Creates where the server takes no guard, but has just said that nothing of that name is there.
    private func createUnguarded(_ object: PlannedObject) async throws -> KubernetesObject {
        let result = try await apply(object.manifest, of: object)
        // An answer that was lost makes the second try one of an object that is there: ours, if nobody else wrote to it.
        guard result.created || result.object.isWritten(onlyBy: ApplyOptions.defaultFieldManager) else {
            throw ComponentFailure([
                Refusal.foreign(result.object, component: object.component, owner: "somebody else")
            ])
        }
        return result.object
    }

    private func update(_ object: PlannedObject, uid: String) async throws -> KubernetesObject {
        var manifest = object.manifest
        manifest.value.set(.string(uid), at: ["metadata", "uid"])
        do {
            return try await apply(manifest, of: object).object
        } catch let error as APIError where error.isStaleObject {
            guard let live = try await client.find(object.key) else { return try await create(object) }
            guard live.uid == uid else {
                throw ComponentFailure([
                    Refusal.foreign(live, component: object.component, owner: ownership.owner(of: live))
                ])
            }
            throw error
        }
    }

    /// Takes an object back that an uninstall kept.
    private func adopt(_ object: PlannedObject, uid: String) async throws -> KubernetesObject {
        let patch: Value = ["metadata": ["uid": .string(uid), "annotations": [RecordKeys.retained: nil]]]
        let key = object.key
        _ = try await uncancelled { try await client.patch(key, .merge, patch) }
        return try await update(object, uid: uid)
    }

    private func apply(_ manifest: KubernetesObject, of object: PlannedObject) async throws -> ApplyResult {
        let result = try await uncancelled { try await client.apply(manifest) }
        log.warn(result.warnings, component: object.component, object: object.key.description)
        return result
    }

    /// Deletes an object of ours; one that is gone or has been replaced is none of ours any more.
    ///
    /// - Returns: the object while something still holds it; nil once it is gone.
    func delete(_ entry: InventoryEntry) async throws -> KubernetesObject? {
        let propagation: DeletionPropagation =
            Stage.workloadKinds.contains(entry.key.kind.kind) ? .foreground : .background
        let options = DeleteOptions(uid: entry.uid, propagation: propagation)
        do {
            let result = try await uncancelled { try await client.delete(entry.key, options: options) }
            if case .pending(let object) = result { return object }
        } catch let error as APIError where error.isStaleObject {
            // The name belongs to somebody else by now.
        } catch let error as APIError where error.isMissingAPI || error.isMissingNamespace {
            // Its definition or its namespace went, and it with them.
        } catch is DiscoveryError {
        }
        return nil
    }

    /// Waits until an object that is being deleted is gone.
    func waitGone(_ object: KubernetesObject) async throws {
        let began = time.monotonic()
        while let live = try await client.find(object.key), live.uid == object.uid {
            let holders = live.finalizers.isEmpty ? "" : ": held by \(live.finalizers.joined(separator: ", "))"
            guard time.monotonic() - began < timing.componentTimeout else {
                throw RolloutError(
                    .timedOut, "\(object.key.longDescription) is still being deleted\(holders)",
                    object: object.key.description)
            }
            try await time.sleep(timing.poll / 10)
        }
    }
}

extension KubernetesObject {
    /// Whether every field that somebody owns is owned by one field manager.
    fileprivate func isWritten(onlyBy manager: String) -> Bool {
        metadata["managedFields"]?.array?.allSatisfy { $0["manager"]?.string == manager } ?? false
    }
}
