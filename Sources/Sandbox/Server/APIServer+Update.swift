// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

extension APIServer {
    /// Replaces an object, or a subresource of it, with what a client sent.
    func replace(_ target: ObjectTarget, body: [UInt8], options: WriteOptions) throws -> WriteResult {
        let rules = ObjectRules(target.resource, subresource: target.subresource)
        let (object, warnings) = try rules.decode(body, options: options)
        try checkIdentity(of: object, target: target)
        if target.subresource.isEmpty, store.get(target.key) == nil, isCreatedByReplacing(target.resource) {
            try checkUID(of: object, at: target.key, actual: "")
            var result = try createByReplacing(target, object, rules: rules, options: options)
            result.warnings = warnings + result.warnings
            return result
        }
        var result = try update(target, rules: rules, options: options) { current in
            var object = object
            try checkUID(
                of: object, at: target.key, actual: current.value[path: "metadata", "uid"]?.string ?? "")
            // Without a resourceVersion the write is unconditional, where that is allowed.
            if (object[path: "metadata", "resourceVersion"]?.string ?? "").isEmpty {
                try rules.checkUnconditional(target.name)
                object.set(current.value[path: "metadata", "resourceVersion"], at: ["metadata", "resourceVersion"])
            }
            return object
        }
        result.warnings = warnings
        return result
    }

    /// Whether a replacement of an object that is not there makes it, whatever version it names.
    private func isCreatedByReplacing(_ resource: APIResource) -> Bool {
        let group = resource.groupResource.group
        switch resource.groupResource {
        case .leases, .events, .endpoints, GroupResource("limitranges"): return true
        // The storage of Services was one of its own before 1.23.
        case .services: return minor >= 23
        default: return group == "rbac.authorization.k8s.io" || group == "node.k8s.io"
        }
    }

    private func createByReplacing(
        _ target: ObjectTarget, _ object: Value, rules: ObjectRules, options: WriteOptions
    ) throws -> WriteResult {
        try options.checkCreation()
        var object = object
        if target.resource.isNamespaced { object.set(.string(target.namespace), at: ["metadata", "namespace"]) }
        return try insert(object, rules: rules, options: options) { object in
            rules.ownership(at: now()).update(live: nil, new: object, manager: options.manager)
        }
    }

    /// Changes an object: `change` makes the new state of the current one, again when another write came between.
    func update(
        _ target: ObjectTarget, rules: ObjectRules, options: WriteOptions, isApply: Bool = false,
        change: (StoredObject) throws -> Value
    ) throws -> WriteResult {
        guard target.resource.groupResource == .services, target.subresource.isEmpty else {
            return try update(target, rules: rules, options: options, isApply: isApply, change: change) { _, _ in }
        }
        return try addresses.lock.withLock { cursor in
            try update(target, rules: rules, options: options, isApply: isApply, change: change) { object, current in
                let others = store.list(.services).objects.filter { $0.key != target.key }
                try addresses.allocate(for: &object, replacing: current, among: others, cursor: &cursor)
            }
        }
    }

    private func update(
        _ target: ObjectTarget, rules: ObjectRules, options: WriteOptions, isApply: Bool,
        change: (StoredObject) throws -> Value, allocate: (inout Value, Value) throws -> Void
    ) throws -> WriteResult {
        while true {
            let current = try get(target)
            let sent = try change(current)
            try options.checkEscalation(sent, current.value)
            let revision = sent[path: "metadata", "resourceVersion"]?.string ?? ""
            guard revision.isEmpty || revision == "\(current.revision)" else {
                throw StatusError.modified(target.resource.groupResource, target.name)
            }
            var object = try rules.prepareForUpdate(sent, replacing: current.value)
            object = rules.defaulted(object)
            try admitUpdate(&object, replacing: current.value, rules: rules)
            try allocate(&object, current.value)
            rules.countGeneration(&object, replacing: current.value)
            try rules.validate(object, replacing: current.value)
            if !isApply {
                object = rules.ownership(at: now()).update(live: current.value, new: object, manager: options.manager)
            }
            object.set(.string("\(current.revision)"), at: ["metadata", "resourceVersion"])
            let isEnd = isReleased(object)
            if !isEnd, FieldOwnership.isUnchanged(object, from: current.value) {
                return WriteResult(object: current.value)
            }
            object = rules.ordered(object)
            if options.isDryRun { return WriteResult(object: object, isRemoved: isEnd) }
            do throws(StoreError) {
                if isEnd {
                    try store.commit(.remove(seen: current.revision), at: target.key)
                    didRemove(current)
                    return WriteResult(object: object, isRemoved: true)
                }
                let stored = try store.commit(.replace(object, seen: current.revision), at: target.key)
                didUpdate(stored)
                return WriteResult(object: stored.value)
            } catch  where error == .changed {
                continue
            } catch { throw StatusError.store(error, at: target.key) }
        }
    }

    /// Whether an object that is being deleted has nothing left that holds it.
    func isReleased(_ object: Value) -> Bool {
        guard let metadata = object["metadata"], metadata["deletionTimestamp"] != nil else { return false }
        let isNamespace = object["kind"]?.string == "Namespace" && object["apiVersion"]?.string == "v1"
        return (metadata["finalizers"]?.array ?? []).isEmpty
            && (metadata["deletionGracePeriodSeconds"]?.int ?? 0) == 0
            && (!isNamespace || (object[path: "spec", "finalizers"]?.array ?? []).isEmpty)
    }

    /// A replacement that names a uid is meant for that object and no later one of the same name.
    private func checkUID(of object: Value, at key: ObjectKey, actual: String) throws {
        let uid = object[path: "metadata", "uid"]?.string ?? ""
        guard !uid.isEmpty, uid != actual else { return }
        let resource = key.resource
        let isCustom = resource.group.contains(".") && !resource.group.hasSuffix(".k8s.io")
        let group = isCustom || resource == .customResourceDefinitions ? "\(resource.group)/" : ""
        let namespace = key.namespace.isEmpty ? "" : "\(key.namespace)/"
        throw StatusError.conflict(
            group: resource.group, resource: resource.plural, name: key.name,
            "StorageError: invalid object, Code: 4, Key: /registry/\(group)\(resource.plural)/\(namespace)\(key.name), "
                + "ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: \(uid), "
                + "UID in object meta: \(actual)")
    }

    private func checkIdentity(of object: Value, target: ObjectTarget) throws {
        let name = object[path: "metadata", "name"]?.string ?? ""
        guard name == target.name else {
            throw StatusError.badRequest(
                name.isEmpty
                    ? "name must be provided"
                    : "the name of the object (\(name)) does not match the name on the URL (\(target.name))")
        }
        let namespace = object[path: "metadata", "namespace"]?.string ?? ""
        guard namespace.isEmpty || namespace == target.namespace || !target.resource.isNamespaced else {
            throw StatusError.badRequest(
                "the namespace of the object (\(namespace)) does not match the namespace on the URL (\(target.namespace))"
            )
        }
    }
}
