// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Kubernetes' object semantics over the store: what every request on an object goes through.
///
/// Its functions throw `StatusError` for what a real server refuses.
final class APIServer: Sendable {
    let store: ObjectStore
    let registry: ResourceRegistry
    /// The minor release of Kubernetes 1 that is served.
    let minor: Int
    /// The wall clock.
    let now: @Sendable () -> Timestamp
    let addresses = ServiceAddresses()

    init(store: ObjectStore, minor: Int, now: @escaping @Sendable () -> Timestamp) {
        self.store = store
        self.minor = minor
        self.now = now
        registry = ResourceRegistry(minor: minor, store: store)
    }

    /// One object, as this version of its resource shows it.
    func get(_ target: ObjectTarget) throws -> StoredObject {
        guard let object = store.get(target.key) else {
            throw StatusError.notFound(target.resource.groupResource, target.name)
        }
        return object
    }
}

/// The object, or a part of it, that a request is about.
struct ObjectTarget: Sendable {
    let resource: APIResource
    /// Empty for cluster-scoped objects.
    let namespace: String
    let name: String
    /// Empty for the object itself.
    var subresource = ""

    var key: ObjectKey { ObjectKey(resource.groupResource, namespace: namespace, name: name) }
}

/// How a write shall be done.
struct WriteOptions: Sendable {
    /// Who shall own the fields that are written.
    var manager = "unknown"
    /// Whether everything is done but the writing.
    var isDryRun = false
    var fieldValidation = FieldValidation.warn
    /// Whether an apply takes fields from others.
    var force = false
    /// Refuses an apply or a replacement that would create the object, when its user may not create it.
    var checkCreation: @Sendable () throws -> Void = {}
    /// Refuses an object that would give away more rights than its user has; what it replaces is nil for a new one.
    var checkEscalation: @Sendable (_ object: Value, _ current: Value?) throws -> Void = { _, _ in }
}

/// What came of a write.
struct WriteResult: Sendable {
    /// The object; without a resourceVersion when a dry run would create it.
    let object: Value
    /// Whether the object was not there before.
    var isNew = false
    /// Whether the object is gone now.
    var isRemoved = false
    /// What the client should be told.
    var warnings: [String] = []
}
