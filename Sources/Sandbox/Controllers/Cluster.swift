// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

/// What controllers work with: the state, the store to write to, the clocks, and the queue.
final class Cluster {
    /// The name of the only node.
    static let nodeName = "sandbox"

    /// Every object.
    let state = ClusterState()
    /// The clocks.
    let pace: Pace
    /// Called for every change, whoever made it.
    var onChange: (Change) -> Void = { _ in }
    /// Called by `requeue`.
    var onRequeue: (Duration) -> Void = { _ in }
    /// What the API server does to new objects.
    let admission: Admission
    private let store: ObjectStore

    init(store: ObjectStore, pace: Pace) {
        self.store = store
        admission = Admission(store: store)
        self.pace = pace
    }

    /// The wall-clock time.
    var now: Timestamp { pace.wallTime() }

    /// Has the object in hand looked at again after a delay of a real cluster, unless something else comes first.
    func requeue(after delay: Duration) { onRequeue(pace.scaled(delay)) }

    // MARK: Writing

    /// Creates an object of one of the collections that controllers write; `complete` sees it with its uid.
    ///
    /// - Throws: `StoreError`.
    @discardableResult
    func create(_ resource: GroupResource, _ object: Value, complete: (inout Value) -> Void = { _ in }) throws
        -> Fields
    {
        var object = object
        if let kind = resource.kind {
            let rest = object.mapping ?? Mapping()
            object = ["apiVersion": .string(kind.apiVersion), "kind": .string(kind.name)]
            for (key, value) in rest { object[key] = value }
        }
        let key = ObjectKey(resource, of: Fields(object))
        object.set(.string(SecureRandom.uuid()), at: ["metadata", "uid"])
        object.set(.string("\(now)"), at: ["metadata", "creationTimestamp"])
        if object["spec"] != nil, resource != .namespaces, resource != .nodes {
            object.set(1, at: ["metadata", "generation"])
        }
        complete(&object)
        if let kind = resource.kind {
            ObjectDefaults.fill(&object, kind: BuiltInTypes.Kind(apiVersion: kind.apiVersion, kind: kind.name))
        }
        object = Self.normalized(object, resource)
        let namespace = key.namespace.isEmpty ? nil : key.namespace
        return note(try store.commit(.create(object, inNamespace: namespace), at: key))
    }

    /// The object as the API server would write it, so that a client's write finds nothing to tidy up.
    private static func normalized(_ object: Value, _ resource: GroupResource) -> Value {
        guard let kind = resource.kind,
            let schema = BuiltInTypes.schema(apiVersion: kind.apiVersion, kind: kind.name)
        else { return object }
        return object.normalized(as: schema)
    }

    /// Writes an object whose spec, metadata or status has changed; does nothing when it says what is known.
    ///
    /// Removing the last finalizer of an object that is being deleted removes it.
    ///
    /// - Throws: `StoreError`; `changed` when the object has changed since it was read.
    func update(_ resource: GroupResource, _ object: Value) throws {
        var object = Self.normalized(object, resource)
        let fields = Fields(object)
        let key = ObjectKey(resource, of: fields)
        guard let known = state.stored(key), known.value != object else { return }
        guard fields.metadata.resourceVersion.text == "\(known.revision)" else { throw StoreError.changed }
        if fields.isTerminating, !Self.isHeld(fields) {
            try remove(known)
            return
        }
        if let generation = fields.metadata.generation.number, object["spec"] != known.value["spec"] {
            object.set(.int(Int64(generation + 1)), at: ["metadata", "generation"])
        }
        note(try store.commit(.replace(object, seen: known.revision), at: key))
    }

    /// Deletes an object unless it is being deleted already.
    ///
    /// A pod that runs on the node, and an object with finalizers, is only marked.
    ///
    /// - Throws: `StoreError`; nothing when it is gone already.
    func delete(_ resource: GroupResource, _ object: Fields) throws {
        guard let known = state.stored(ObjectKey(resource, of: object)),
            Fields(known.value).objectUID == object.objectUID, !Fields(known.value).isTerminating
        else { return }
        let fields = Fields(known.value)
        var grace = 0
        if resource == .pods, fields.spec.nodeName.nonEmpty != nil,
            !["Succeeded", "Failed"].contains(fields.status.phase.text)
        {
            grace = fields.spec.terminationGracePeriodSeconds.number ?? 30
        }
        if grace == 0, fields.metadata.finalizers.list.isEmpty, fields.spec.finalizers.list.isEmpty {
            try remove(known)
            return
        }
        var object = known.value
        object.set(.string("\(now + .seconds(grace))"), at: ["metadata", "deletionTimestamp"])
        object.set(.int(Int64(grace)), at: ["metadata", "deletionGracePeriodSeconds"])
        if let generation = fields.metadata.generation.number {
            object.set(.int(Int64(generation + 1)), at: ["metadata", "generation"])
        }
        note(try store.commit(.replace(object, seen: known.revision), at: known.key))
    }

    /// Removes an object that has been stopped: the kubelet's last word on a pod, unless finalizers hold it.
    ///
    /// - Throws: `StoreError`.
    func finishDeletion(of resource: GroupResource, _ object: Fields) throws {
        guard let known = state.stored(ObjectKey(resource, of: object)) else { return }
        var value = known.value
        value.set(0, at: ["metadata", "deletionGracePeriodSeconds"])
        if Self.isHeld(Fields(value)) {
            if value != known.value { note(try store.commit(.replace(value, seen: known.revision), at: known.key)) }
        } else {
            try remove(known)
        }
    }

    /// Whether something still holds an object that is being deleted: finalizers, or a grace period.
    private static func isHeld(_ object: Fields) -> Bool {
        !object.metadata.finalizers.list.isEmpty || !object.spec.finalizers.list.isEmpty
            || (object.metadata.deletionGracePeriodSeconds.number ?? 0) > 0
    }

    private func remove(_ known: StoredObject) throws {
        let last: StoredObject
        do {
            last = try store.commit(.remove(seen: known.revision), at: known.key)
        } catch StoreError.missing {
            return
        }
        if state.forget(last, byUs: true) {
            let fields = Fields(known.value)
            onChange(Change(key: known.key, object: fields, before: fields, isRemoval: true))
        }
    }

    // MARK: Following the store

    /// Takes in what the store says happened.
    func follow(_ event: StoreEvent) {
        guard event.kind == .deleted else {
            note(event.object)
            return
        }
        let known = state.object(event.object.key)
        if state.forget(event.object) {
            onChange(
                Change(key: event.object.key, object: Fields(event.object.value), before: known, isRemoval: true))
        }
    }

    @discardableResult
    private func note(_ object: StoredObject) -> Fields {
        let before = state.object(object.key)
        let fields = Fields(object.value)
        if state.take(object) { onChange(Change(key: object.key, object: fields, before: before)) }
        return fields
    }
}
