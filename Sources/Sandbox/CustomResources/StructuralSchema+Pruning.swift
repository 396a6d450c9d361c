// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension StructuralSchema {
    /// The object without the fields that the schema does not name, as they vanish on a real server.
    func pruned(_ object: Value) -> Value { Self.prune(object, type).normalized(as: type) }

    private static func prune(_ value: Value, _ type: TypeSchema) -> Value {
        switch (type.shape, value) {
        case (.object(let object), .mapping(let mapping)):
            var result = Mapping()
            for (name, child) in mapping {
                guard let childType = object.type(of: name) else { continue }
                // Metadata are the API's own and not the schema's.
                result[name] = childType.rules == nil ? child : prune(child, childType)
            }
            return .mapping(result)
        case (.list(let list), .array(let elements)): return .array(elements.map { prune($0, list.element) })
        default: return value
        }
    }

    /// The object with the schema's defaults filled in, and without nulls that it does not allow.
    func defaulted(_ object: Value) -> Value { Self.fill(object, type) }

    private static func fill(_ value: Value, _ type: TypeSchema) -> Value {
        switch (type.shape, value) {
        case (.object(let object), .mapping(let mapping)):
            var result = mapping
            for name in object.fields.keys.sorted() {
                guard let rules = object.fields[name]?.type.rules, let fallback = rules.defaultValue else { continue }
                let current = result[name]
                if current == nil || (current?.isNull == true && !rules.isNullable) { result[name] = fallback }
            }
            for (name, child) in result {
                guard let childType = object.type(of: name), let rules = childType.rules else { continue }
                if child.isNull, !rules.isNullable, rules.type != nil || rules.isIntOrString {
                    result.remove(name)
                } else {
                    result[name] = fill(child, childType)
                }
            }
            return .mapping(result)
        case (.list(let list), .array(let elements)): return .array(elements.map { fill($0, list.element) })
        default: return value
        }
    }
}
