// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Synchronization
import Values

extension APIServer {
    /// Creates an object that a client sent.
    func create(
        _ resource: APIResource, namespace: String, body: [UInt8], options: WriteOptions
    ) throws -> WriteResult {
        let rules = ObjectRules(resource)
        var (object, warnings) = try rules.decode(body, options: options)
        var metadata = object["metadata"]?.mapping ?? Mapping()
        try checkNamespace(of: metadata, resource: resource, namespace: namespace)
        try Self.checkHasNoVersion(metadata["resourceVersion"])
        let base = metadata["generateName"]?.string ?? ""
        let isGenerated = (metadata["name"]?.string ?? "").isEmpty && !base.isEmpty
        if resource.isNamespaced { metadata["namespace"] = .string(namespace) } else { metadata["namespace"] = nil }
        object["metadata"] = .mapping(metadata)
        // A generated name may be taken already.
        var attempt = 0
        while true {
            attempt += 1
            if isGenerated {
                let name = String(base.prefix(58)) + SecureRandom.text(5, from: .kubernetesName)
                object["metadata"]?["name"] = .string(name)
            }
            do {
                var result = try insert(object, rules: rules, options: options) { object in
                    rules.ownership(at: now()).update(live: nil, new: object, manager: options.manager)
                }
                result.warnings = warnings + result.warnings
                return result
            } catch let error as StatusError where isGenerated && error.reason == "AlreadyExists" && attempt < 8 {
                continue
            }
        }
    }

    /// What is to be made has no version yet.
    static func checkHasNoVersion(_ version: Value?) throws {
        guard let version = version?.string, !version.isEmpty, version != "0" else { return }
        throw StatusError(
            code: 500, reason: "", message: "resourceVersion should not be set on objects to be created")
    }

    /// Writes a new object; `own` records who owns its fields, once it is complete.
    func insert(
        _ object: Value, rules: ObjectRules, options: WriteOptions, own: (Value) throws -> Value
    ) throws -> WriteResult {
        let resource = rules.resource
        var object = object
        try options.checkEscalation(object, nil)
        rules.prepareForCreate(&object, at: now())
        let name = object[path: "metadata", "name"]?.string ?? ""
        let namespace = object[path: "metadata", "namespace"]?.string ?? ""
        let key = ObjectKey(resource.groupResource, namespace: namespace, name: name)
        if resource.isNamespaced { try checkNamespaceAccepts(key) }
        object = rules.defaulted(object)
        try admitCreate(&object, rules: rules, isDryRun: options.isDryRun)
        guard resource.groupResource == .services else {
            var result = try finish(object, at: key, rules: rules, options: options, own: own)
            result.warnings = warnings(onCreating: object, resource)
            return result
        }
        // Nobody else may take the same address before this service is written.
        return try addresses.lock.withLock { cursor in
            let others = store.list(.services).objects
            try addresses.allocate(for: &object, replacing: nil, among: others, cursor: &cursor)
            return try finish(object, at: key, rules: rules, options: options, own: own)
        }
    }

    private func finish(
        _ object: Value, at key: ObjectKey, rules: ObjectRules, options: WriteOptions, own: (Value) throws -> Value
    ) throws -> WriteResult {
        try rules.validate(object, replacing: nil)
        let object = rules.ordered(try own(object))
        if options.isDryRun {
            guard store.get(key) == nil else { throw StatusError.store(.exists, at: key) }
            return WriteResult(object: object, isNew: true)
        }
        return try commit(object, at: key, isNamespaced: rules.resource.isNamespaced)
    }

    private func commit(_ object: Value, at key: ObjectKey, isNamespaced: Bool) throws -> WriteResult {
        do throws(StoreError) {
            let stored = try store.commit(.create(object, inNamespace: isNamespaced ? key.namespace : nil), at: key)
            didCreate(stored)
            return WriteResult(object: stored.value, isNew: true)
        } catch { throw StatusError.store(error, at: key) }
    }

    private func checkNamespace(of metadata: Mapping, resource: APIResource, namespace: String) throws {
        let own = metadata["namespace"]?.string ?? ""
        guard own.isEmpty || own == namespace || !resource.isNamespaced else {
            throw StatusError.badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
    }

    /// Nothing is created in a namespace that is not there or is ending.
    private func checkNamespaceAccepts(_ key: ObjectKey) throws {
        guard let namespace = store.get(ObjectKey(.namespaces, name: key.namespace)) else {
            throw StatusError.notFound(.namespaces, key.namespace)
        }
        guard namespace.value[path: "metadata", "deletionTimestamp"] == nil else {
            throw StatusError.namespaceTerminating(key.resource, key.name, namespace: key.namespace)
        }
    }
}
