// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Deletes objects whose owners are gone, and lets owners go that wait for their dependents.
///
/// Owners are known by uid alone; an owner in another namespace counts as absent. Deleting in the background removes the owner at
/// once and its dependents from here; `foregroundDeletion` holds it until those that block it are gone; `orphan` until they
/// have forgotten it.
final class GarbageCollector: Controller {
    private static let foreground = "foregroundDeletion"
    private static let orphan = "orphan"

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        let uid = change.object.objectUID
        var keys: [ObjectKey] = []
        if change.isRemoval {
            keys += state.dependents(of: uid).map(\.key)
        } else if Self.needsLook(change.object) {
            keys.append(change.key)
        }
        for owner in (change.before ?? change.object).metadata.ownerReferences.list {
            guard let key = state.key(ofUID: owner.uid.text), let object = state.object(key),
                Self.finalizers(of: object).contains(Self.foreground)
            else { continue }
            keys.append(key)
        }
        return keys
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let object = cluster.state.object(key) else { return }
        if object.isTerminating {
            let finalizers = Self.finalizers(of: object)
            if finalizers.contains(Self.orphan) {
                try orphanDependents(of: object, in: cluster)
                try removeFinalizer(Self.orphan, from: key, in: cluster)
            } else if finalizers.contains(Self.foreground) {
                if try deleteDependents(of: object, in: cluster) {
                    try removeFinalizer(Self.foreground, from: key, in: cluster)
                }
            }
            return
        }
        try collect(object, key, in: cluster)
    }

    private static func needsLook(_ object: Fields) -> Bool {
        if object.isTerminating {
            return finalizers(of: object).contains { $0 == foreground || $0 == orphan }
        }
        return !object.metadata.ownerReferences.list.isEmpty
    }

    private static func finalizers(of object: Fields) -> [String] { object.metadata.finalizers.list.map(\.text) }

    private func collect(_ object: Fields, _ key: ObjectKey, in cluster: Cluster) throws {
        let references = object.metadata.ownerReferences.list
        let present = references.filter { reference in
            guard let owner = cluster.state.key(ofUID: reference.uid.text) else { return false }
            return owner.namespace.isEmpty || owner.namespace == key.namespace
        }
        guard present.count < references.count else { return }
        if present.isEmpty {
            try cluster.delete(key.resource, object)
        } else {
            var value = object.value ?? .null
            value.set(.array(present.compactMap(\.value)), at: ["metadata", "ownerReferences"])
            try cluster.update(key.resource, value)
        }
    }

    private func orphanDependents(of owner: Fields, in cluster: Cluster) throws {
        for dependent in cluster.state.dependents(of: owner.objectUID) {
            var value = dependent.value
            let others = Fields(value).metadata.ownerReferences.list.filter { $0.uid.text != owner.objectUID }
            value.set(
                others.isEmpty ? nil : .array(others.compactMap(\.value)), at: ["metadata", "ownerReferences"])
            try cluster.update(dependent.key.resource, value)
        }
    }

    /// Deletes what an owner waits for; true when nothing is left of it.
    private func deleteDependents(of owner: Fields, in cluster: Cluster) throws -> Bool {
        func blocks(_ dependent: StoredObject, _ uid: String) -> Bool {
            Fields(dependent.value).metadata.ownerReferences.list.contains {
                $0.uid.text == uid && $0.blockOwnerDeletion.isTrue
            }
        }
        for dependent in cluster.state.dependents(of: owner.objectUID) {
            let object = Fields(dependent.value)
            let own = cluster.state.dependents(of: object.objectUID)
            if !object.isTerminating, own.contains(where: { blocks($0, object.objectUID) }) {
                var value = dependent.value
                let finalizers = Set(Self.finalizers(of: object)).union([Self.foreground]).sorted()
                value.set(.array(finalizers.map { .string($0) }), at: ["metadata", "finalizers"])
                try cluster.update(dependent.key.resource, value)
            }
            try cluster.delete(dependent.key.resource, object)
        }
        return !cluster.state.dependents(of: owner.objectUID).contains { blocks($0, owner.objectUID) }
    }

    private func removeFinalizer(_ finalizer: String, from key: ObjectKey, in cluster: Cluster) throws {
        guard let object = cluster.state.object(key) else { return }
        var value = object.value ?? .null
        let others = Self.finalizers(of: object).filter { $0 != finalizer }
        value.set(others.isEmpty ? nil : .array(others.map { .string($0) }), at: ["metadata", "finalizers"])
        try cluster.update(key.resource, value)
    }
}
