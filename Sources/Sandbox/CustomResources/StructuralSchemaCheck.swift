// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Checks that a schema is structural: what Kubernetes demands of every CustomResourceDefinition.
struct StructuralSchemaCheck {
    private var errors: [FieldError] = []

    private static let types = ["array", "boolean", "integer", "number", "object", "string"]
    /// What may stand in a schema under allOf, anyOf, oneOf and not only if it declares nothing new.
    private static let declarations = [
        "type", "additionalProperties", "default", "nullable", "x-kubernetes-preserve-unknown-fields",
        "x-kubernetes-embedded-resource", "x-kubernetes-int-or-string", "x-kubernetes-list-type",
        "x-kubernetes-list-map-keys", "x-kubernetes-map-type",
    ]

    /// What is wrong with a schema.
    static func problems(in schema: Value, at path: FieldPath) -> [FieldError] {
        var check = StructuralSchemaCheck()
        let type = schema["type"]?.string ?? ""
        if type != "object", !type.isEmpty {
            check.add(.invalid(path["type"], .string(type), "must be object at the root"))
        }
        for name in (schema[path: "properties", "metadata", "properties"]?.mapping ?? Mapping()).keys
        where name != "name" && name != "generateName" {
            check.add(
                .forbidden(
                    path["properties"].key("metadata"),
                    "must not specify anything other than name and generateName, but metadata is implicitly specified"))
            break
        }
        check.visit(schema, path, isRoot: true)
        return check.errors
    }

    private mutating func add(_ error: FieldError) { errors.append(error) }

    private mutating func visit(_ schema: Value, _ path: FieldPath, isRoot: Bool = false) {
        let fields = Fields(schema)
        let type = fields.type.text
        let isIntOrString = fields["x-kubernetes-int-or-string"].isTrue
        let preserves = fields["x-kubernetes-preserve-unknown-fields"].isTrue
        if type.isEmpty {
            if isRoot {
                add(.required(path["type"], "must not be empty at the root"))
            } else if !isIntOrString, !preserves {
                add(.required(path["type"], "must not be empty for specified object fields"))
            }
        } else if !Self.types.contains(type) {
            add(.notSupported(path["type"], .string(type), Self.types))
        } else if isIntOrString {
            add(.invalid(path["type"], .string(type), "must be empty if x-kubernetes-int-or-string is true"))
        }
        checkForbidden(fields, path)
        checkObject(schema, path)
        checkList(schema, path)
        for junction in ["allOf", "anyOf", "oneOf"] {
            for (index, part) in (schema[junction]?.array ?? []).enumerated() {
                visitJunction(part, path[junction][index], allowsType: isIntOrString)
            }
        }
        if let part = schema["not"] { visitJunction(part, path["not"], allowsType: false) }
        if let fallback = schema["default"] { checkDefault(fallback, schema, path["default"]) }
        let pattern = fields.pattern.text
        if !pattern.isEmpty, !Pattern.isValid(pattern) {
            add(.invalid(path["pattern"], .string(pattern), "must be a valid regular expression, but isn't"))
        }
    }

    private mutating func checkForbidden(_ fields: Fields, _ path: FieldPath) {
        for keyword in ["$ref", "definitions", "dependencies", "additionalItems", "patternProperties", "id", "$schema"]
        where fields[keyword].exists {
            add(.forbidden(path[keyword], "\(keyword) is not supported"))
        }
        if fields.uniqueItems.isTrue {
            add(
                .forbidden(
                    path["uniqueItems"],
                    "uniqueItems cannot be set to true since the runtime complexity becomes quadratic"))
        }
    }

    private mutating func checkObject(_ schema: Value, _ path: FieldPath) {
        let properties = schema["properties"]?.mapping ?? Mapping()
        for (name, property) in properties.sortedByKey { visit(property, path["properties"].key(name)) }
        if let additional = schema["additionalProperties"] {
            if !properties.isEmpty {
                add(
                    .forbidden(
                        path["additionalProperties"], "additionalProperties and properties are mutual exclusive"))
            }
            if additional == false {
                add(.forbidden(path["additionalProperties"], "additionalProperties cannot be set to false"))
            } else if additional.mapping != nil {
                visit(additional, path["additionalProperties"])
            }
        }
        if schema["x-kubernetes-embedded-resource"]?.bool == true, schema["type"]?.string != "object" {
            add(
                .invalid(
                    path["type"], schema["type"] ?? "", "must be object if x-kubernetes-embedded-resource is true"))
        }
    }

    private mutating func checkList(_ schema: Value, _ path: FieldPath) {
        let isArray = schema["type"]?.string == "array"
        if let items = schema["items"] {
            visit(items, path["items"])
        } else if isArray {
            add(.required(path["items"], "must be specified"))
        }
        let kind = schema["x-kubernetes-list-type"]?.string ?? ""
        let keys = schema["x-kubernetes-list-map-keys"]?.array?.compactMap(\.string) ?? []
        guard !kind.isEmpty else { return }
        if !isArray {
            add(.invalid(path["type"], schema["type"] ?? "", "must be array if x-kubernetes-list-type is specified"))
        }
        if !["atomic", "map", "set"].contains(kind) {
            add(.notSupported(path["x-kubernetes-list-type"], .string(kind), ["atomic", "map", "set"]))
        }
        guard kind == "map" else { return }
        if keys.isEmpty {
            add(
                .required(
                    path["x-kubernetes-list-map-keys"], "must not be empty if x-kubernetes-list-type is map"))
        }
        let properties = schema[path: "items", "properties"]?.mapping ?? Mapping()
        let required = schema[path: "items", "required"]?.array?.compactMap(\.string) ?? []
        for (index, key) in keys.enumerated() {
            guard let property = properties[key] else {
                add(
                    .invalid(
                        path["x-kubernetes-list-map-keys"][index], .string(key),
                        "entries must all be names of item properties"))
                continue
            }
            if !required.contains(key), property["default"] == nil {
                add(
                    .required(
                        path["items"]["properties"].key(key)["default"],
                        "this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property"
                    ))
            }
        }
    }

    private mutating func visitJunction(_ schema: Value, _ path: FieldPath, allowsType: Bool) {
        for keyword in Self.declarations where schema[keyword] != nil {
            // `anyOf: [{type: integer}, {type: string}]` is how int-or-string is written.
            if keyword == "type", allowsType { continue }
            add(.forbidden(path[keyword], "must be empty to be structural"))
        }
        for (name, property) in (schema["properties"]?.mapping ?? Mapping()).sortedByKey {
            visitJunction(property, path["properties"].key(name), allowsType: false)
        }
        for junction in ["allOf", "anyOf", "oneOf"] {
            for (index, part) in (schema[junction]?.array ?? []).enumerated() {
                visitJunction(part, path[junction][index], allowsType: allowsType)
            }
        }
    }

    private mutating func checkDefault(_ fallback: Value, _ schema: Value, _ path: FieldPath) {
        var wrapped: Value = ["type": "object"]
        wrapped["properties"] = ["default": schema]
        for error in StructuralSchema(wrapped).problems(in: ["default": fallback]) {
            add(FieldError(error.type, path.description, badValue: error.badValue, detail: error.detail))
        }
    }
}
