// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

/// Checks the types of values as Go's JSON decoder does when it fills the API's structs.
struct TypeCheck {
    /// The first thing that does not fit, in the decoder's words; nil when all fits.
    ///
    /// Of a custom resource only the metadata are decoded into a struct; its schema is checked by other rules.
    static func problem(in value: Value, as schema: TypeSchema) -> String? {
        guard schema.rules == nil else {
            guard let metadata = value["metadata"], let type = schema.field("metadata") else { return nil }
            return TypeCheck().visit(metadata, type, FieldContext(path: ["metadata"]))
        }
        return TypeCheck().visit(value, schema, FieldContext())
    }

    /// Where the decoder is: the innermost struct and the path of field names, without places in lists.
    private struct FieldContext {
        var owner = ""
        var version = "v1"
        var path: [String] = []

        var subject: String {
            path.isEmpty ? "Go value" : "Go struct field \(owner).\(path.joined(separator: "."))"
        }
    }

    private func visit(_ value: Value, _ schema: TypeSchema, _ context: FieldContext) -> String? {
        if value.isNull { return nil }
        switch schema.shape {
        case .any: return nil
        case .scalar(let scalar): return check(value, scalar, context)
        case .object(let object):
            guard case .mapping(let mapping) = value else { return mismatch(value.goKind, schema, context) }
            for (name, child) in mapping {
                guard let type = object.type(of: name) else { continue }
                var inner = context
                if !object.isMap, !object.fields.isEmpty {
                    inner.owner = object.name
                    inner.version = object.version
                    inner.path.append(name)
                }
                if let problem = visit(child, type, inner) { return problem }
            }
        case .list(let list):
            guard case .array(let elements) = value else { return mismatch(value.goKind, schema, context) }
            for element in elements {
                if let problem = visit(element, list.element, context) { return problem }
            }
        }
        return nil
    }

    private func check(_ value: Value, _ scalar: ScalarType, _ context: FieldContext) -> String? {
        switch (scalar, value) {
        case (.string, .string), (.bool, .bool), (.double, .int), (.double, .double), (.int64, .int): return nil
        case (.int32, .int(let number)):
            return Int32(exactly: number) == nil ? mismatch("number \(number)", scalar, context) : nil
        case (.int32, .double), (.int64, .double): return mismatch("number \(value.jsonString())", scalar, context)
        case (.bytes, .string(let text)): return Base64.problem(in: text)
        case (.quantity, .string(let text)): return Quantity(text) == nil ? Self.quantityProblem(text) : nil
        case (.quantity, .int), (.quantity, .double): return Quantity(value) == nil ? Self.quantityProblem("") : nil
        case (.quantity, _): return Self.quantityProblem("")
        case (.intOrString, .string): return nil
        case (.intOrString, .int(let number)) where Int32(exactly: number) != nil: return nil
        case (.intOrString, _):
            let number = value.double == nil ? value.goKind : "number \(value.jsonString())"
            return "json: cannot unmarshal \(number) into Go value of type int32"
        case (.time, .string(let text)), (.microTime, .string(let text)):
            guard Timestamp(text) == nil else { return nil }
            let shown = Value.string(text).jsonString()
            return "parsing time \(shown) as \"2006-01-02T15:04:05Z07:00\": cannot parse \(shown) as \"2006\""
        case (.time, _), (.microTime, _):
            return "json: cannot unmarshal \(value.goKind) into Go value of type string"
        default: return mismatch(value.goKind, scalar, context)
        }
    }

    private static func quantityProblem(_ text: String) -> String {
        let suffix = text.drop { "+-.0123456789".contains($0) }
        let hasNumber = text.first.map { "+-.0123456789".contains($0) } ?? false
        return hasNumber && suffix.allSatisfy { "eEinumkKMGTP+-0123456789".contains($0) } && !suffix.isEmpty
            ? "unable to parse quantity's suffix"
            : "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
    }

    private func mismatch(_ found: String, _ scalar: ScalarType, _ context: FieldContext) -> String {
        mismatch(found, TypeSchema(.scalar(scalar)), context)
    }

    private func mismatch(_ found: String, _ schema: TypeSchema, _ context: FieldContext) -> String {
        "json: cannot unmarshal \(found) into \(context.subject) of type \(goName(schema, context))"
    }

    /// The name of a type in Go, as the decoder prints it.
    private func goName(_ schema: TypeSchema, _ context: FieldContext) -> String {
        switch schema.shape {
        case .any: return "interface {}"
        case .scalar(let scalar):
            switch scalar {
            case .string(let name): return name.map { "\(context.version).\($0)" } ?? "string"
            case .int32: return "int32"
            case .int64: return "int64"
            case .double: return "float64"
            case .bool: return "bool"
            case .bytes: return "[]uint8"
            case .quantity: return "resource.Quantity"
            case .intOrString: return "intstr.IntOrString"
            case .time: return "v1.Time"
            case .microTime: return "v1.MicroTime"
            }
        case .object(let object):
            if !object.name.isEmpty { return "\(object.version).\(object.name)" }
            return "map[string]" + (object.additional.map { goName($0, context) } ?? "interface {}")
        case .list(let list):
            if let name = list.name { return "\(context.version).\(name)" }
            return "[]" + goName(list.element, context)
        }
    }
}

extension Base64 {
    /// What is wrong with a text, in Go's words; nil when it decodes.
    static func problem(in text: String) -> String? {
        do {
            _ = try decode(text)
            return nil
        } catch {
            return error.description
        }
    }

    /// The number of bytes that a valid text stands for.
    static func decodedCount(_ text: String) -> Int {
        text.utf8.count { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") } * 3 / 4
    }
}
