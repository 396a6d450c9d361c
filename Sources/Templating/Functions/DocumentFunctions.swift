// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values
import YAMLText

/// Helm's and sprig's functions between values and YAML or JSON texts.
enum DocumentFunctions {
    static let all: [Function] = [
        Function("toYaml", [.interface]) { evaluator, values in .string(try yaml(values[0], evaluator) ?? []) },
        Function("mustToYaml", [.interface]) { evaluator, values in
            guard let text = try yaml(values[0], evaluator) else { throw GoError("json: unsupported value") }
            return .string(text)
        },
        Function("toYamlPretty", [.interface]) { evaluator, values in
            .string(try yaml(values[0], evaluator, style: .indented) ?? [])
        },
        Function("toToml", [.interface]) { _, values in .string(TOMLWriter.encode(values[0]) ?? []) },
        Function("mustToToml", [.interface]) { _, values in
            guard let text = TOMLWriter.encode(values[0]) else {
                throw GoError("toml: top-level values must be Go maps")
            }
            return .string(text)
        },
        Function("fromToml", [.string]) { evaluator, values in .map(try fromTOML(values.text(0), evaluator)) },
        Function("fromYaml", [.string]) { evaluator, values in .map(try fromYAML(values.text(0), evaluator)) },
        Function("fromYamlArray", [.string]) { evaluator, values in try fromYAMLArray(values.text(0), evaluator) },
        Function("toJson", [.interface]) { _, values in .string(GoJSON.encode(values[0]) ?? []) },
        Function("mustToJson", [.interface]) { _, values in .string(try encoded(GoJSON.encode(values[0]))) },
        Function("toPrettyJson", [.interface]) { _, values in
            .string(GoJSON.encode(values[0], indented: true) ?? [])
        },
        Function("mustToPrettyJson", [.interface]) { _, values in
            .string(try encoded(GoJSON.encode(values[0], indented: true)))
        },
        Function("toRawJson", [.interface]) { _, values in
            .string(try encoded(GoJSON.encode(values[0], escapesHTML: false)))
        },
        Function("mustToRawJson", [.interface]) { _, values in
            .string(try encoded(GoJSON.encode(values[0], escapesHTML: false)))
        },
        Function("fromJson", [.string]) { _, values in .map(fromJSON(values.text(0))) },
        Function("fromJsonArray", [.string]) { _, values in fromJSONArray(values.text(0)) },
        Function("mustFromJson", [.string]) { _, values in
            do throws(JSONError) {
                return GoValue(try Value(json: values.text(0)))
            } catch {
                throw GoError(error.message)
            }
        },
    ]

    private static func encoded(_ text: Bytes?) throws -> Bytes {
        guard let text else { throw GoError("json: unsupported value") }
        return text
    }

    /// `toYaml` without its last line break; nil for what YAML cannot hold.
    static func yaml(_ value: GoValue, _ evaluator: Evaluator, style: YAMLStyle = .helm) throws -> Bytes? {
        guard let document = value.document, isReadable(document) else { return nil }
        var text = document.yaml(style: style)
        if text.last == 0x0A { text.removeLast() }
        try evaluator.step(text.count / 256)
        return text
    }

    /// Go's emitter reads its own text back first, and gives up on characters that YAML forbids.
    private static func isReadable(_ value: Value) -> Bool {
        switch value {
        case .string(let text): isReadable(text)
        case .array(let items): items.allSatisfy(isReadable)
        case .mapping(let mapping): mapping.keys.allSatisfy(isReadable) && mapping.values.allSatisfy(isReadable)
        default: true
        }
    }

    private static func isReadable(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x7F...0x84, 0x86...0x9F, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
    }

    private static func fromYAML(_ text: Bytes, _ evaluator: Evaluator) throws -> GoMap {
        try evaluator.step(text.count / 256)
        do {
            switch try Value(yaml: text, file: "template") {
            case .mapping(let mapping): return GoMap(mapping)
            case .null: return GoMap()
            case let other: return problem(decoding(other, into: "map[string]interface {}"))
            }
        } catch {
            return problem("error converting YAML to JSON: \(error.goMessage)")
        }
    }

    private static func fromYAMLArray(_ text: Bytes, _ evaluator: Evaluator) throws -> GoValue {
        try evaluator.step(text.count / 256)
        do {
            switch try Value(yaml: text, file: "template") {
            case .array(let items): return .list(items.map { GoValue($0) })
            case .null: return .list([])
            case let other: return .list([.text(decoding(other, into: "[]interface {}"))])
            }
        } catch {
            return .list([.text("error converting YAML to JSON: \(error.goMessage)")])
        }
    }

    private static func fromTOML(_ text: Bytes, _ evaluator: Evaluator) throws -> GoMap {
        try evaluator.step(text.count / 256)
        do {
            return try TOMLReader.read(text, localOffset: evaluator.currentTime.local.zone.offset)
        } catch {
            return problem(error.text)
        }
    }

    private static func fromJSON(_ text: Bytes) -> GoMap {
        do {
            switch try Value(json: text) {
            case .mapping(let mapping): return GoMap(mapping)
            case .null: return GoMap()
            case let other:
                return problem("json: cannot unmarshal \(goName(other)) into Go value of type map[string]interface {}")
            }
        } catch {
            return problem(error.message)
        }
    }

    private static func fromJSONArray(_ text: Bytes) -> GoValue {
        do {
            switch try Value(json: text) {
            case .array(let items): return .list(items.map { GoValue($0) })
            case .null: return .list([])
            case let other:
                return .list([.text("json: cannot unmarshal \(goName(other)) into Go value of type []interface {}")])
            }
        } catch {
            return .list([.text(error.message)])
        }
    }

    private static func problem(_ text: String) -> GoMap { GoMap([(Bytes("Error"), .text(text))]) }

    private static func decoding(_ value: Value, into type: String) -> String {
        "error unmarshaling JSON: while decoding JSON: json: cannot unmarshal \(goName(value)) into Go value of type \(type)"
    }

    /// What Go's JSON reader calls a value.
    static func goName(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .bool: "bool"
        case .int, .double: "number"
        case .string: "string"
        case .array: "array"
        case .mapping: "object"
        }
    }
}
