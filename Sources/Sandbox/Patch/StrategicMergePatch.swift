// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// Kubernetes' strategic merge patch: a merge patch that merges lists element by element where their type says so.
///
/// Directives: `$patch` (replace, delete) in objects and list elements, `$retainKeys`, `$setElementOrder/<list>`,
/// `$deleteFromPrimitiveList/<list>`.
public struct StrategicMergePatch: Sendable {
    private let patch: Mapping
    private let schema: TypeSchema

    static let marker = "$patch"
    static let retainKeys = "$retainKeys"
    static let orderPrefix = "$setElementOrder"
    static let deletePrefix = "$deleteFromPrimitiveList"

    /// Makes a patch of objects of a type; throws a `StatusError` (400) when it is no object.
    public init(_ patch: Value, schema: TypeSchema) throws(StatusError) {
        guard case .mapping(let mapping) = patch else {
            throw .badRequest("json: cannot unmarshal \(patch.goKind) into Go value of type map[string]interface {}")
        }
        self.patch = mapping
        self.schema = schema
    }

    /// The object with the patch laid over it; throws a `StatusError`, 400 for bad directives and 500 for a list whose
    /// elements cannot be told apart, as the API server does.
    public func applied(to original: Value) throws(StatusError) -> Value {
        try Self.merge(original.mapping ?? Mapping(), patch, schema)
    }

    static func merge(_ original: Mapping, _ patch: Mapping, _ schema: TypeSchema) throws(StatusError) -> Value {
        if let directive = patch[marker] {
            switch directive {
            case "replace":
                var replacement = patch
                replacement.remove(marker)
                return .mapping(replacement)
            case "delete": return [:]
            default: throw failure("unknown patch type: \(shown(directive)) in map: \(shown(.mapping(patch)))")
            }
        }
        var result = original
        var patch = patch
        try applyRetainKeys(&result, &patch)
        try applyElementOrders(&result, &patch, schema)
        for (key, change) in patch {
            if key.hasPrefix(deletePrefix) {
                let field = try listName(key, prefix: deletePrefix)
                guard let deleted = change.array, let elements = result[field]?.array else { continue }
                result[field] = .array(elements.filter { !deleted.contains($0) })
                continue
            }
            if change.isNull {
                result.remove(key)
                continue
            }
            switch (result[key], change) {
            case (.mapping(let old)?, .mapping(let new)):
                let (type, strategy) = try field(key, schema)
                result[key] = strategy.replaces ? change : try merge(old, new, type)
            case (.array(let old)?, .array(let new)):
                let (type, strategy) = try field(key, schema)
                guard strategy.mergesElements else {
                    result[key] = change
                    continue
                }
                result[key] = .array(try mergeElements(old, new, type.list?.element ?? .unknown, strategy.mergeKey))
            default: result[key] = cleaned(change)
            }
        }
        return .mapping(result)
    }

    /// The type of a field and how it is patched; throws for a field that the type does not have.
    static func field(_ name: String, _ schema: TypeSchema) throws(StatusError) -> (TypeSchema, PatchStrategy) {
        switch schema.shape {
        case .object(let object):
            if let field = object.fields[name] { return (field.type, field.patch) }
            if let additional = object.additional { return (additional, PatchStrategy()) }
            throw failure(
                "unable to find api field in struct \(object.name) for the json field \(Value.string(name).jsonString())"
            )
        case .any, .scalar, .list: return (.unknown, PatchStrategy())
        }
    }

    private static func applyRetainKeys(_ original: inout Mapping, _ patch: inout Mapping) throws(StatusError) {
        guard let directive = patch.remove(retainKeys) else { return }
        guard let list = directive.array else { throw .badRequest("invalid patch format of retainKeys") }
        let kept = Set(list.compactMap(\.string))
        for (key, change) in patch
        where !change.isNull && !key.hasPrefix(deletePrefix) && !key.hasPrefix(orderPrefix) && !kept.contains(key) {
            throw .badRequest("invalid patch format of retainKeys")
        }
        original.removeAll { key, _ in !kept.contains(key) }
    }

    /// The name of the list after a prefix and a slash.
    static func listName(_ key: String, prefix: String) throws(StatusError) -> String {
        let parts = key.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == prefix else {
            let list = prefix == orderPrefix ? "setElementOrder list" : "primitive list"
            throw .badRequest("invalid patch format of \(list)")
        }
        return String(parts[1])
    }

    /// What is taken over from a patch as it is: without nulls, and without what a directive marks.
    static func cleaned(_ value: Value) -> Value? {
        switch value {
        case .mapping(let mapping):
            guard mapping[marker] == nil else { return nil }
            var result = Mapping()
            for (key, child) in mapping where !child.isNull { result[key] = cleaned(child) }
            return .mapping(result)
        case .array(let elements): return .array(elements.compactMap { cleaned($0) })
        default: return value
        }
    }

    /// An error that the API server has no status for.
    static func failure(_ message: String) -> StatusError { StatusError(code: 500, reason: "", message: message) }

    /// The value as Go prints it.
    static func shown(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .array(let elements): "[" + elements.map(shown).joined(separator: " ") + "]"
        case .mapping(let mapping):
            "map[" + mapping.sortedByKey.map { "\($0.key):\(shown($0.value))" }.joined(separator: " ") + "]"
        default: value.jsonString()
        }
    }
}
