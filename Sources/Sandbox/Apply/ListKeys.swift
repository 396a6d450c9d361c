// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Why a value does not fit the list it stands in.
struct ApplyError: Error, CustomStringConvertible {
    /// The path as conflicts show it, and what is wrong.
    let description: String
}

extension ListSchema {
    /// What tells an element apart in a list of this type; nil in an atomic list.
    func pathElement(of element: Value) throws(ApplyError) -> PathElement? {
        switch kind {
        case .atomic: return nil
        case .set:
            switch element {
            case .mapping:
                throw ApplyError(description: "associative list without keys has an element that's a map type")
            case .array: throw ApplyError(description: "not supported: associative list with lists as elements")
            case .null:
                throw ApplyError(description: "associative list without keys has an element that's an explicit null")
            default: return .value(element)
            }
        case .map(let keys):
            guard let mapping = element.mapping else {
                let what = element.isNull ? "a null element" : "non-map elements"
                throw ApplyError(description: "associative list with keys may not have \(what)")
            }
            var fields: [PathElement.KeyField] = []
            for key in keys.sorted() {
                guard let value = mapping[key] ?? keyDefault(key) else { continue }
                fields.append(PathElement.KeyField(name: key, value: value))
            }
            guard !fields.isEmpty else {
                let names = keys.map { Value.string($0).jsonString() }.joined(separator: " ")
                throw ApplyError(
                    description: "associative list with keys has an element that omits all key fields [\(names)] "
                        + "(and doesn't have default values for any key fields)")
            }
            return .key(fields)
        }
    }

    private func keyDefault(_ key: String) -> Value? {
        guard let field = element.object?.fields[key] else { return nil }
        return field.keyDefault ?? field.type.rules?.defaultValue
    }
}
