// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension APIServer {
    /// Changes an object by a patch; an apply creates it when it is not there.
    func patch(_ target: ObjectTarget, kind: PatchKind, document: Value, options: WriteOptions) throws -> WriteResult {
        if kind == .apply { return try apply(target, configuration: document, options: options) }
        if target.subresource == "scale" {
            return try updateScale(target, options: options) {
                try Self.applied(kind, document, to: $0, schema: .unknown)
            }
        }
        let rules = ObjectRules(target.resource, subresource: target.subresource)
        if kind == .strategic, target.resource.definition != nil { throw StatusError.unsupportedMediaType }
        // A server reads what the patch produced as strictly as it would have read a whole object.
        var warnings: [String] = []
        var result = try update(target, rules: rules, options: options) { current in
            let patched = try Self.applied(kind, document, to: current.value, schema: rules.schema)
            let shown = kind == .strategic ? StrategicMergePatch.shown(document) : document.jsonString()
            let (object, problems) = try rules.decode(patched: patched, shown: shown, options: options)
            warnings = problems
            try checkName(of: object, target: target)
            return object
        }
        result.warnings = warnings
        return result
    }

    private static func applied(_ kind: PatchKind, _ patch: Value, to object: Value, schema: TypeSchema) throws -> Value
    {
        switch kind {
        case .json: return try JSONPatch(patch).applied(to: object)
        case .merge:
            guard patch.mapping != nil else {
                throw StatusError.badRequest(
                    "error decoding patch: json: cannot unmarshal \(patch.kindName) into Go value of type map[string]interface {}"
                )
            }
            return object.applyingMergePatch(patch)
        case .strategic: return try StrategicMergePatch(patch, schema: schema).applied(to: object)
        case .apply: return object
        }
    }

    private func apply(_ target: ObjectTarget, configuration: Value, options: WriteOptions) throws -> WriteResult {
        guard target.subresource != "scale" else {
            return try updateScale(target, options: options) { $0.applyingMergePatch(configuration) }
        }
        let rules = ObjectRules(target.resource, subresource: target.subresource)
        var configuration = configuration
        if configuration[path: "metadata", "name"] == nil {
            configuration.set(.string(target.name), at: ["metadata", "name"])
        }
        try checkName(of: configuration, target: target)
        let ownership = rules.ownership(at: now())
        let shown = configuration.jsonString()
        while true {
            do {
                let result: WriteResult
                if store.get(target.key) == nil, target.subresource.isEmpty {
                    result = try createByApply(target, configuration, rules: rules, options: options)
                } else {
                    result = try update(target, rules: rules, options: options, isApply: true) { current in
                        let applied = try ownership.apply(
                            live: current.value, configuration: configuration, manager: options.manager,
                            force: options.force)
                        return try rules.decode(patched: applied, shown: shown, options: options).object
                    }
                }
                return result
            } catch let error as StatusError where error.reason == "AlreadyExists" {
                // Someone was faster: then it is a change.
                continue
            }
        }
    }

    private func createByApply(
        _ target: ObjectTarget, _ configuration: Value, rules: ObjectRules, options: WriteOptions
    ) throws -> WriteResult {
        let resource = target.resource.groupResource
        try options.checkCreation()
        if let uid = configuration[path: "metadata", "uid"]?.string, !uid.isEmpty {
            throw StatusError.conflict(
                group: resource.group, resource: resource.plural, name: target.name,
                "uid mismatch: the provided object specified uid \(uid), and no existing object was found")
        }
        let applied = try rules.ownership(at: now()).apply(
            live: nil, configuration: configuration, manager: options.manager, force: options.force)
        let shown = configuration.jsonString()
        var object = try rules.decode(patched: applied, shown: shown, options: options).object
        if target.resource.isNamespaced { object.set(.string(target.namespace), at: ["metadata", "namespace"]) }
        // The storage of Services was one of its own before 1.23, which took no version of what it was to make.
        if resource == .services, minor < 23, !options.isDryRun {
            try Self.checkHasNoVersion(object[path: "metadata", "resourceVersion"])
        }
        return try insert(object, rules: rules, options: options) { $0 }
    }

    private func checkName(of object: Value, target: ObjectTarget) throws {
        let name = object[path: "metadata", "name"]?.string ?? ""
        guard name == target.name else {
            throw StatusError.badRequest(
                "the name of the object (\(name)) does not match the name on the URL (\(target.name))")
        }
        let namespace = object[path: "metadata", "namespace"]?.string ?? ""
        guard namespace.isEmpty || namespace == target.namespace || !target.resource.isNamespaced else {
            throw StatusError.badRequest(
                "the namespace of the provided object does not match the namespace sent on the request")
        }
    }
}
