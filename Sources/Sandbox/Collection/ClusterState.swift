// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The controllers' picture of the store: every object, indexed by key, uid, owner and namespace.
///
/// It follows the store by its events and by the answers to our own writes, so that a controller always sees what it has
/// written itself. It shares the objects with the store.
final class ClusterState {
    private var objects: [GroupResource: [String: [String: StoredObject]]] = [:]
    private var keysByUID: [String: ObjectKey] = [:]
    private var dependentsByOwner: [String: Set<ObjectKey>] = [:]
    private var labels = LabelIndex()
    private var usage: [String: NodeUsage] = [:]
    /// Objects that we have removed ourselves, until the store's own event says so: older events must not revive them.
    private var removed: Set<String> = []

    // MARK: Reading

    /// The object of a key.
    func object(_ key: ObjectKey) -> Fields? { stored(key).map { Fields($0.value) } }

    /// The object of a collection by namespace and name.
    func object(_ resource: GroupResource, namespace: String = "", _ name: String) -> Fields? {
        object(ObjectKey(resource, namespace: namespace, name: name))
    }

    /// The objects of a collection, by namespace and name; of one namespace where one is named.
    func objects(_ resource: GroupResource, in namespace: String? = nil) -> [Fields] {
        guard let namespaces = objects[resource] else { return [] }
        let found =
            namespace.map { namespaces[$0].map { Array($0.values) } ?? [] } ?? namespaces.values.flatMap(\.values)
        return found.sorted { ObjectKey.isOrdered($0.key, $1.key) }.map { Fields($0.value) }
    }

    /// The same objects in no order: for looking through many of them.
    func scan(_ resource: GroupResource, in namespace: String? = nil) -> some Sequence<Fields> {
        let namespaces = objects[resource] ?? [:]
        let chosen = namespace.map { namespaces[$0].map { [$0] } ?? [] } ?? Array(namespaces.values)
        return chosen.lazy.flatMap(\.values).map { Fields($0.value) }
    }

    /// Where the object of a uid is.
    func key(ofUID uid: String) -> ObjectKey? { keysByUID[uid] }

    /// The objects that name an owner among their ownerReferences, whatever their collection.
    func dependents(of uid: String) -> [StoredObject] {
        (dependentsByOwner[uid] ?? []).compactMap(stored).sorted { ObjectKey.isOrdered($0.key, $1.key) }
    }

    /// The objects of one collection that an owner controls, by name.
    func controlled(by owner: Fields, _ resource: GroupResource) -> [Fields] {
        let uid = owner.objectUID
        let keys = (dependentsByOwner[uid] ?? []).filter { $0.resource == resource }.sorted(by: ObjectKey.isOrdered)
        return keys.compactMap(object).filter { $0.controllerReference?.uid.text == uid }
    }

    /// The pods of a namespace that a selector picks, by name.
    func pods(in namespace: String, matching selector: LabelSelector) -> [Fields] {
        guard let keys = labels.pods(in: namespace, for: selector) else {
            return objects(.pods, in: namespace).filter { selector.matches($0.metadata.labels) }
        }
        return keys.sorted(by: ObjectKey.isOrdered).compactMap(object).filter { selector.matches($0.metadata.labels) }
    }

    /// The objects of a collection whose selectors pick a pod, as it is or as it was before, by name.
    func selectors(_ resource: GroupResource, of change: Change) -> [ObjectKey] {
        var keys: Set<ObjectKey> = []
        for pod in [change.object, change.before].compactMap({ $0 }) {
            for key in labels.selectors(of: pod, in: change.namespace) where key.resource == resource {
                guard let object = object(key), let selector = LabelIndex.selector(of: object, resource),
                    selector.matches(pod.metadata.labels)
                else { continue }
                keys.insert(key)
            }
        }
        return keys.sorted(by: ObjectKey.isOrdered)
    }

    /// What the pods that run or shall run on a node have taken of it.
    func usage(ofNode name: String) -> NodeUsage { usage[name] ?? NodeUsage() }

    /// Every object in a namespace.
    func contents(of namespace: String) -> [StoredObject] {
        objects.values.flatMap { $0[namespace].map { Array($0.values) } ?? [] }
    }

    /// The object of a key with its revision.
    func stored(_ key: ObjectKey) -> StoredObject? { objects[key.resource]?[key.namespace]?[key.name] }

    // MARK: Following the store

    /// Takes in an object as the store has it now; false when what is known is as new.
    func take(_ object: StoredObject) -> Bool {
        let key = object.key
        let fields = Fields(object.value)
        guard !removed.contains(fields.objectUID) else { return false }
        if let known = stored(key) {
            guard known.revision < object.revision else { return false }
            unlink(known)
        }
        objects[key.resource, default: [:]][key.namespace, default: [:]][key.name] = object
        keysByUID[fields.objectUID] = key
        for owner in fields.metadata.ownerReferences.list {
            dependentsByOwner[owner.uid.text, default: []].insert(key)
        }
        labels.add(key, fields)
        countUsage(key, fields)
        return true
    }

    /// Forgets an object that the store has removed; false when it was not known any more.
    func forget(_ object: StoredObject, byUs: Bool = false) -> Bool {
        let uid = Fields(object.value).objectUID
        if byUs { removed.insert(uid) } else { removed.remove(uid) }
        guard let known = stored(object.key), Fields(known.value).objectUID == uid else { return false }
        unlink(known)
        objects[object.key.resource]?[object.key.namespace]?[object.key.name] = nil
        return true
    }

    private func countUsage(_ key: ObjectKey, _ pod: Fields, isLeaving: Bool = false) {
        guard key.resource == .pods, let node = pod.spec.nodeName.nonEmpty, !pod.isFinishedPod else { return }
        usage[node, default: NodeUsage()].count(key, pod, isLeaving: isLeaving)
    }

    private func unlink(_ object: StoredObject) {
        let fields = Fields(object.value)
        labels.remove(object.key, fields)
        countUsage(object.key, fields, isLeaving: true)
        keysByUID[fields.objectUID] = nil
        for owner in fields.metadata.ownerReferences.list {
            let uid = owner.uid.text
            dependentsByOwner[uid]?.remove(object.key)
            if dependentsByOwner[uid]?.isEmpty == true { dependentsByOwner[uid] = nil }
        }
    }
}
