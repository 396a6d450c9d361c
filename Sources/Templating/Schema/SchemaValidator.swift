// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Checks values against a chart's `values.schema.json`: the keywords of JSON Schema drafts 4 to 2020-12 that charts use.
struct SchemaValidator {
    private let root: Value
    /// Schemas that refer to themselves must not use up the stack.
    private static let depthLimit = 200

    /// Reads a schema; a chart whose schema is no JSON is refused.
    init(_ text: Bytes) throws(ChartError) {
        do throws(JSONError) {
            root = try Value(json: text)
        } catch {
            throw ChartError("values.schema.json is no JSON: \(error.description)")
        }
    }

    func errors(in value: GoValue) throws -> [SchemaError] {
        try check(value, root, at: "", depth: 0)
    }

    // MARK: One schema

    func check(_ value: GoValue, _ schema: Value, at pointer: String, depth: Int) throws -> [SchemaError] {
        guard depth < Self.depthLimit else {
            throw ChartError("values.schema.json is nested too deeply at '\(pointer)'")
        }
        switch schema {
        case .bool(true): return []
        case .bool(false): return [SchemaError(pointer: pointer, message: "false schema")]
        case .mapping(let keywords):
            if let reference = keywords["$ref"]?.string {
                let target = try resolve(reference)
                return try check(value, target, at: pointer, depth: depth + 1)
            }
            if let failure = type(of: value, keywords, at: pointer) { return [failure] }
            return try plain(value, keywords, at: pointer) + nested(value, keywords, at: pointer, depth: depth + 1)
                + combined(value, keywords, at: pointer, depth: depth + 1)
        default: throw ChartError("values.schema.json: a schema must be an object or a bool")
        }
    }

    private func resolve(_ reference: String) throws -> Value {
        guard reference.hasPrefix("#") else {
            throw ChartError(
                "values.schema.json refers to \(reference): only references within the schema are followed")
        }
        var target = root
        for part in reference.dropFirst().split(separator: "/") {
            let name = Bytes(part.utf8).replacing(Bytes("~1"), with: Bytes("/")).replacing(
                Bytes("~0"), with: Bytes("~")
            ).text
            guard let next = target[name] ?? Int(name).flatMap({ target[$0] }) else {
                throw ChartError("values.schema.json refers to \(reference), which does not exist")
            }
            target = next
        }
        return target
    }

    private func type(of value: GoValue, _ keywords: Mapping, at pointer: String) -> SchemaError? {
        let wanted: [String]
        switch keywords["type"] {
        case .string(let name)?: wanted = [name]
        case .array(let names)?: wanted = names.compactMap(\.string)
        default: return nil
        }
        let actual = value.schemaType
        if wanted.contains(actual) || (actual == "number" && wanted.contains("integer") && value.isWhole) { return nil }
        if actual == "integer" && wanted.contains("number") { return nil }
        return SchemaError(pointer: pointer, message: "got \(actual), want \(wanted.joined(separator: " or "))")
    }

    // MARK: Combinations

    private func combined(_ value: GoValue, _ keywords: Mapping, at pointer: String, depth: Int) throws -> [SchemaError]
    {
        var errors: [SchemaError] = []
        for schema in keywords["allOf"]?.array ?? [] {
            let causes = try check(value, schema, at: pointer, depth: depth)
            if !causes.isEmpty { errors.append(SchemaError(pointer: pointer, message: "allOf failed", causes: causes)) }
        }
        if let schemas = keywords["anyOf"]?.array {
            let results = try schemas.map { try check(value, $0, at: pointer, depth: depth) }
            if !results.contains(where: \.isEmpty) {
                errors.append(SchemaError(pointer: pointer, message: "anyOf failed", causes: results.flatMap(\.self)))
            }
        }
        if let schemas = keywords["oneOf"]?.array {
            let results = try schemas.map { try check(value, $0, at: pointer, depth: depth) }
            let matching = results.indices.filter { results[$0].isEmpty }
            if matching.isEmpty {
                errors.append(
                    SchemaError(
                        pointer: pointer, message: "oneOf failed, none matched", causes: results.flatMap(\.self)))
            } else if matching.count > 1 {
                let places = matching.prefix(2).map(String.init).joined(separator: ", ")
                errors.append(SchemaError(pointer: pointer, message: "oneOf failed, subschemas \(places) matched"))
            }
        }
        if let schema = keywords["not"], try check(value, schema, at: pointer, depth: depth).isEmpty {
            errors.append(SchemaError(pointer: pointer, message: "not failed"))
        }
        if let condition = keywords["if"] {
            let holds = try check(value, condition, at: pointer, depth: depth).isEmpty
            if let schema = keywords[holds ? "then" : "else"] {
                errors += try check(value, schema, at: pointer, depth: depth)
            }
        }
        return errors
    }
}

extension GoValue {
    /// JSON Schema's name for the type.
    var schemaType: String {
        switch self {
        case .null, .invalid: "null"
        case .bool: "boolean"
        case .int, .int64, .uint64: "integer"
        case .float64: "number"
        case .list: "array"
        case .map, .object: "object"
        default: "string"
        }
    }

    /// Whether a number has no fraction.
    var isWhole: Bool {
        if case .float64(let number) = self { return number == number.rounded() }
        return anyInteger != nil
    }

    /// Whether both say the same as JSON.
    func isSameJSON(as other: GoValue) -> Bool { GoJSON.encode(self) == GoJSON.encode(other) }
}
