// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The schema of one version of a custom resource, ready to use: its type, pruning, defaulting and validation.
struct StructuralSchema: Sendable {
    /// The type of the objects: what server-side apply and strict decoding walk along.
    let type: TypeSchema
    /// What the sandbox does not check though the schema asks for it; the text of a warning, or nil.
    let warning: String?

    private static let metadata =
        BuiltInTypes.schema(apiVersion: "v1", kind: "ConfigMap")?.field("metadata") ?? .unknown

    /// Compiles the `openAPIV3Schema` of a version; without one every field is kept and nothing is checked.
    init(_ openAPI: Value?) {
        let schema = openAPI ?? ["type": "object", "x-kubernetes-preserve-unknown-fields": true]
        type = Self.compile(schema, isRoot: true)
        warning =
            Self.usesRules(schema)
            ? "x-kubernetes-validations rules (CEL) are not evaluated by the sandbox" : nil
    }

    private static func usesRules(_ schema: Value) -> Bool {
        switch schema {
        case .mapping(let mapping):
            mapping.contains { key, value in
                (key == "x-kubernetes-validations" && value.array?.isEmpty == false) || usesRules(value)
            }
        case .array(let elements): elements.contains { usesRules($0) }
        default: false
        }
    }

    private static func compile(_ schema: Value, isRoot: Bool = false) -> TypeSchema {
        let fields = Fields(schema)
        let rules = rules(of: schema)
        if rules.isIntOrString { return TypeSchema(.scalar(.intOrString), rules: rules) }
        switch fields.type.text {
        case "object": return TypeSchema(.object(object(schema, isRoot: isRoot)), rules: rules)
        case "array":
            let element = schema["items"].map { compile($0) } ?? .unknown
            let keys = fields["x-kubernetes-list-map-keys"].list.map(\.text)
            let kind: ListSchema.Kind =
                switch fields["x-kubernetes-list-type"].text {
                case "map": .map(keys: keys)
                case "set": .set
                default: .atomic
                }
            return TypeSchema(.list(ListSchema(element: element, kind: kind)), rules: rules)
        case "string": return TypeSchema(.scalar(.string(name: nil)), rules: rules)
        case "integer": return TypeSchema(.scalar(.int64), rules: rules)
        case "number": return TypeSchema(.scalar(.double), rules: rules)
        case "boolean": return TypeSchema(.scalar(.bool), rules: rules)
        default:
            // Properties under anyOf and the like come without a type of their own.
            if schema["properties"] != nil { return TypeSchema(.object(object(schema, isRoot: false)), rules: rules) }
            return TypeSchema(.any(isAtomic: false), rules: rules)
        }
    }

    private static func object(_ schema: Value, isRoot: Bool) -> ObjectSchema {
        let required = Set(schema["required"]?.array?.compactMap(\.string) ?? [])
        var fields: [String: FieldSchema] = [:]
        for (name, property) in schema["properties"]?.mapping ?? Mapping() {
            fields[name] = FieldSchema(
                type: compile(property), isRequired: required.contains(name), keyDefault: property["default"])
        }
        let isEmbedded = schema["x-kubernetes-embedded-resource"]?.bool == true
        if isRoot || isEmbedded {
            for name in ["apiVersion", "kind"] {
                fields[name] = FieldSchema(type: TypeSchema(.scalar(.string(name: nil))))
            }
            fields["metadata"] = FieldSchema(type: metadata)
        }
        var additional: TypeSchema?
        if let schema = schema["additionalProperties"], schema != false {
            additional = schema == true ? .unknown : compile(schema)
        } else if schema["x-kubernetes-preserve-unknown-fields"]?.bool == true {
            additional = .unknown
        }
        return ObjectSchema(
            fields: fields, additional: additional, isAtomic: schema["x-kubernetes-map-type"] == "atomic",
            isEmbeddedResource: isEmbedded)
    }

    private static func rules(of schema: Value) -> ValueRules {
        var bounds = ValueRules.Bounds()
        bounds.minimum = schema["minimum"]
        bounds.maximum = schema["maximum"]
        bounds.isMinimumExclusive = schema["exclusiveMinimum"]?.bool == true
        bounds.isMaximumExclusive = schema["exclusiveMaximum"]?.bool == true
        bounds.multipleOf = schema["multipleOf"]
        bounds.length.minimum = schema["minLength"]?.int
        bounds.length.maximum = schema["maxLength"]?.int
        bounds.items.minimum = schema["minItems"]?.int
        bounds.items.maximum = schema["maxItems"]?.int
        bounds.properties.minimum = schema["minProperties"]?.int
        bounds.properties.maximum = schema["maxProperties"]?.int
        var junctions = ValueRules.Junctions()
        func compiled(_ key: String) -> [TypeSchema] { (schema[key]?.array ?? []).map { compile($0) } }
        junctions.all = compiled("allOf")
        junctions.any = compiled("anyOf")
        junctions.one = compiled("oneOf")
        junctions.not = schema["not"].map { [compile($0)] } ?? []
        return ValueRules(
            type: schema["type"]?.string.flatMap { $0.isEmpty ? nil : $0 },
            isNullable: schema["nullable"]?.bool == true,
            isIntOrString: schema["x-kubernetes-int-or-string"]?.bool == true,
            preservesUnknownFields: schema["x-kubernetes-preserve-unknown-fields"]?.bool == true,
            defaultValue: schema["default"], required: schema["required"]?.array?.compactMap(\.string) ?? [],
            allowedValues: schema["enum"]?.array ?? [], format: schema["format"]?.string,
            pattern: schema["pattern"]?.string, bounds: bounds, junctions: junctions)
    }
}
