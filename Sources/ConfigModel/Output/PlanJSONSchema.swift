// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// The schema of plans for editors: JSON Schema draft 7, which the YAML extensions of editors know best.
public enum PlanJSONSchema {
    /// The schema as it is kept in `docs/cluster.schema.json`, with a final newline.
    public static var text: String { Value.mapping(document).jsonString(.pretty) + "\n" }

    private static var document: Mapping {
        var schema: Mapping = [
            "$schema": "http://json-schema.org/draft-07/schema#", "title": "iflearnerctl cluster.yaml",
            "description":
                "One side of an iflearner federation. Generated from the tables in Sources/ConfigModel/Schema.",
        ]
        for (key, value) in object(PlanSchema.root) { schema[key] = value }
        schema["allOf"] = [
            [
                "if": ["required": ["role"], "properties": ["role": ["const": "federate"]]],
                "then": ["anyOf": [["required": ["partyId"]], ["required": ["federateId"]]]],
            ]
        ]
        return schema
    }

    private static func object(_ fields: [Field]) -> Mapping {
        var schema: Mapping = ["type": "object", "additionalProperties": false]
        let required = fields.filter { $0.requirement == .always }
        if !required.isEmpty { schema["required"] = .array(required.map { .string($0.key) }) }
        schema["properties"] = .mapping(Mapping(fields.map { ($0.key, property($0)) }))
        return schema
    }

    private static func property(_ field: Field) -> Value {
        var schema: Mapping = ["description": .string(field.summary)]
        if let value = field.defaultValue { schema["default"] = value }
        for (key, value) in type(field.type) { schema[key] = value }
        // `key:` with nothing behind it means the default.
        if case .string? = schema["type"], field.requirement == .never {
            schema["type"] = [schema["type"] ?? nil, "null"]
        }
        if let words = schema["enum"]?.array, field.requirement == .never { schema["enum"] = .array(words + [nil]) }
        return .mapping(schema)
    }

    private static func type(_ type: FieldType) -> Mapping {
        switch type {
        case .text(let format): text(format, mayBeEmpty: format == .any)
        case .textOrEmpty(let format): text(format, mayBeEmpty: true)
        case .choice(let words): ["enum": .array(words.map { .string($0) })]
        case .boolean: ["type": "boolean"]
        case .integer(let range):
            range.upperBound == .max
                ? ["type": "integer", "minimum": .int(range.lowerBound)]
                : ["type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound)]
        case .list(let item): ["type": "array", "items": .mapping(self.type(item))]
        case .object(let fields): object(fields)
        case .dictionary(_, let value): ["type": "object", "additionalProperties": .mapping(self.type(value))]
        case .anything: ["type": "object"]
        }
    }

    /// A number counts as the text it is written as.
    private static func text(_ format: TextFormat, mayBeEmpty: Bool) -> Mapping {
        var schema: Mapping = ["type": ["string", "number", "null"]]
        if let pattern = format.pattern { schema["pattern"] = .string(mayBeEmpty ? "^$|" + pattern : pattern) }
        if format.pattern == nil, !mayBeEmpty { schema["minLength"] = 1 }
        return schema
    }
}
