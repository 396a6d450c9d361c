// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

extension Value {
    /// The value as the API writes it: without nulls, and without the zero values that its types leave out.
    ///
    /// Decoding into Go structs and encoding again does this to built-in kinds: `hostNetwork: false`, `env: []` and
    /// `nodeName: ""` vanish, a struct that is always written appears as `{}`, quantities get their canonical form. Unknown fields
    /// of built-in types are dropped. Of custom resources only the metadata are touched.
    public func normalized(as schema: TypeSchema) -> Value {
        guard schema.rules == nil else {
            var result = self
            if let metadata = self["metadata"], let type = schema.object?.type(of: "metadata"), type.rules == nil {
                result["metadata"] = Self.normalize(metadata, type)
            }
            return result
        }
        return Self.normalize(self, schema)
    }

    private static func normalize(_ value: Value, _ schema: TypeSchema) -> Value {
        switch (schema.shape, value) {
        case (.object(let object), .mapping(let mapping)):
            if object.isMap { return normalizeMap(mapping, object) }
            if object.fields.isEmpty { return value }
            var result = Mapping()
            for (name, child) in mapping where !child.isNull {
                guard let field = object.fields[name] else { continue }
                let child = normalize(child, field.type)
                if field.presence == .omittedWhenZero, isZero(child) { continue }
                result[name] = child
            }
            for name in object.alwaysWritten where !result.contains(name) {
                result[name] = object.fields[name].flatMap { zeroValue($0.type) }
            }
            return .mapping(result)
        case (.list(let list), .array(let elements)):
            return .array(elements.map { normalize($0, list.element) })
        case (.scalar(.quantity), _): return Quantity(value).map { .string($0.description) } ?? value
        default: return value
        }
    }

    /// What Go writes for a field that was not given and is not left out.
    private static func zeroValue(_ type: TypeSchema) -> Value? {
        switch type.shape {
        case .scalar(.string): ""
        case .scalar(.int32), .scalar(.int64): 0
        case .scalar(.bool): false
        case .scalar(.quantity): "0"
        case .object(let object): object.fields.isEmpty ? nil : normalize([:], type)
        case .scalar, .list, .any: nil
        }
    }

    private static func normalizeMap(_ mapping: Mapping, _ object: ObjectSchema) -> Value {
        guard let element = object.additional else { return .mapping(mapping) }
        var result = Mapping()
        for (key, child) in mapping {
            if child.isNull {
                // A null in a map of texts reads as the empty text.
                result[key] = if case .scalar(.string) = element.shape { "" } else { .null }
            } else {
                result[key] = normalize(child, element)
            }
        }
        return .mapping(result)
    }

    private static func isZero(_ value: Value) -> Bool {
        switch value {
        case .null, .bool(false), .int(0), .string(""): true
        case .double(let number): number == 0
        case .array(let elements): elements.isEmpty
        case .mapping(let mapping): mapping.isEmpty
        default: false
        }
    }
}
