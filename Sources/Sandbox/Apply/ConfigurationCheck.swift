// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Checks that a configuration fits its type well enough to be merged: known fields, shapes, keys of lists.
///
/// The texts are those of the library that the API server merges with; values are shown the way Go prints them there.
struct ConfigurationCheck {
    private var problems: [String] = []

    /// Throws everything that does not fit.
    static func check(_ configuration: Value, as schema: TypeSchema) throws(ApplyError) {
        var check = ConfigurationCheck()
        check.visit(configuration, schema, at: "")
        switch check.problems.count {
        case 0: return
        case 1: throw ApplyError(description: check.problems[0])
        default:
            throw ApplyError(description: (["errors:"] + check.problems.map { "  " + $0 }).joined(separator: "\n"))
        }
    }

    private mutating func report(_ path: String, _ message: String) {
        problems.append(path.isEmpty ? message : "\(path): \(message)")
    }

    private mutating func visit(_ value: Value, _ schema: TypeSchema, at path: String) {
        if value.isNull { return }
        switch schema.shape {
        case .any: break
        case .scalar(let scalar): checkScalar(value, scalar, at: path)
        case .object(let object):
            guard let mapping = value.mapping else {
                return report(path, "expected map, got &{\(Self.shown(value))}")
            }
            for (name, child) in mapping {
                guard let type = object.type(of: name) else {
                    report("\(path).\(name)", "field not declared in schema")
                    continue
                }
                visit(child, type, at: "\(path).\(name)")
            }
        case .list(let list):
            guard let elements = value.array else {
                return report(path, "expected list, got &{\(Self.shown(value))}")
            }
            checkElements(elements, list, at: path)
        }
    }

    private mutating func checkElements(_ elements: [Value], _ list: ListSchema, at path: String) {
        var seen: Set<PathElement> = []
        for (position, element) in elements.enumerated() {
            var step = PathElement.index(position)
            do {
                if let found = try list.pathElement(of: element) {
                    step = found
                    if !seen.insert(step).inserted { report(path, "duplicate entries for key \(step)") }
                }
            } catch {
                report(path, "element \(position): \(error)")
                continue
            }
            visit(element, list.element, at: path + step.description)
        }
    }

    private mutating func checkScalar(_ value: Value, _ scalar: ScalarType, at path: String) {
        switch (scalar, value) {
        case (.string, .string), (.bytes, .string), (.bool, .bool): break
        case (.int32, .int), (.int64, .int), (.double, .int), (.int32, .double), (.int64, .double), (.double, .double):
            break
        case (.string, _), (.bytes, _):
            report(path, "expected string, got &value.valueUnstructured{Value:\(Self.shown(value))}")
        case (.int32, _), (.int64, _), (.double, _):
            report(path, "expected numeric (int or float), got \(Self.goType(value))")
        case (.bool, _): report(path, "expected boolean, got &{\(Self.shown(value))}")
        case (.quantity, .array), (.quantity, .mapping), (.intOrString, .array), (.intOrString, .mapping),
            (.time, .array),
            (.time, .mapping), (.microTime, .array), (.microTime, .mapping):
            report(path, "expected any scalar, got &{\(Self.shown(value))}")
        case (.quantity, _), (.intOrString, _), (.time, _), (.microTime, _): break
        }
    }

    /// The value as Go's `%v` prints it, near enough for an error message.
    private static func shown(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .array(let elements): "[" + elements.map(shown).joined(separator: " ") + "]"
        case .mapping(let mapping):
            "map[" + mapping.sortedByKey.map { "\($0.key):\(shown($0.value))" }.joined(separator: " ") + "]"
        default: value.jsonString()
        }
    }

    private static func goType(_ value: Value) -> String {
        switch value {
        case .null: "<nil>"
        case .bool: "bool"
        case .int: "int64"
        case .double: "float64"
        case .string: "string"
        case .array: "[]interface {}"
        case .mapping: "map[string]interface {}"
        }
    }
}
