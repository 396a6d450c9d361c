// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// sprig's deep merging and copying.
enum MergeFunctions {
    static let all: [Function] =
        ["merge", "mustMerge"].map { name in
            Function(name, [.anyMap], variadic: .anyMap) { evaluator, values in
                if values[0].isNil { throw GoError("assignment to entry in nil map") }
                for index in values.indices.dropFirst() {
                    try fill(values.map(0), from: values.map(index), evaluator)
                }
                return values[0]
            }
        }
        + ["mergeOverwrite", "mustMergeOverwrite"].map { name in
            Function(name, [.anyMap], variadic: .anyMap) { evaluator, values in
                if values[0].isNil { throw GoError("assignment to entry in nil map") }
                for index in values.indices.dropFirst() {
                    try overwrite(values.map(0), with: values.map(index), evaluator)
                }
                return values[0]
            }
        }
        + ["deepCopy", "mustDeepCopy"].map { name in
            Function(name, [.interface]) { evaluator, values in
                if values[0].isNil { throw GoError("reflect: call of reflect.Value.Type on zero Value") }
                return try values[0].deepCopy(evaluator)
            }
        }

    /// The first value that is not empty wins; nested maps of the source are shared, not copied.
    private static func fill(_ target: GoMap, from source: GoMap, _ evaluator: Evaluator) throws {
        guard !target.isSame(as: source) else { return }
        try evaluator.step(source.count)
        for (key, value) in zip(source.keys, source.values) {
            if case .map(let inner)? = target[key], case .map(let other) = value, !inner.isEmpty {
                try fill(inner, from: other, evaluator)
            } else if target[key]?.isEmpty ?? true {
                if value.isEmpty, target[key] != nil { continue }
                target[key] = value
            }
        }
    }

    /// Later values win, also empty ones; maps merge deeply.
    private static func overwrite(_ target: GoMap, with source: GoMap, _ evaluator: Evaluator) throws {
        guard !target.isSame(as: source) else { return }
        try evaluator.step(source.count)
        for (key, value) in zip(source.keys, source.values) {
            if case .map(let inner)? = target[key], case .map(let other) = value {
                try overwrite(inner, with: other, evaluator)
            } else {
                target[key] = value
            }
        }
    }
}

extension GoValue {
    /// A copy that shares no map.
    func deepCopy(_ evaluator: Evaluator) throws -> GoValue {
        try evaluator.step()
        switch self {
        case .map(let map):
            let copy = map.copy()
            for (key, value) in zip(map.keys, map.values) { copy[key] = try value.deepCopy(evaluator) }
            return .map(copy)
        case .list(let list):
            return .list(GoList(try list.items.map { try $0.deepCopy(evaluator) }, element: list.element))
        default: return self
        }
    }
}
