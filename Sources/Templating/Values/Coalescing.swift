// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Merges the values people give with the defaults of a chart and its dependencies, as Helm v4.2.4 does.
struct Coalescing {
    /// Things Helm only warns about.
    private(set) var warnings: [String] = []

    /// Fills `given` with the defaults of `chart` and of what it depends on.
    mutating func coalesce(_ chart: ChartTree, into given: GoMap, prefix: String = "", merges: Bool = false) throws {
        fill(given, from: chart, prefix: prefix, merges: merges)
        for child in chart.dependencies {
            let name = Bytes(child.name)
            let table: GoMap
            switch given[name] {
            case nil: table = GoMap()
            case .map(let map): table = map
            case .some(let other):
                throw ChartError("type mismatch on \(child.name): \(GoPrinter.text(other))")
            }
            given[name] = .map(table)
            let path = Self.join(prefix, chart.name)
            shareGlobals(of: given, with: table, prefix: path)
            try coalesce(child, into: table, prefix: path, merges: merges)
        }
    }

    /// Adds the parent's globals to those of a dependency; the parent's win.
    private mutating func shareGlobals(of parent: GoMap, with table: GoMap, prefix: String) {
        let key = Bytes("global")
        let target: GoMap
        switch table[key] {
        case nil: target = GoMap()
        case .map(let map): target = map
        default:
            warnings.append("warning: skipping globals because destination global is not a table.")
            return
        }
        let source: GoMap
        switch parent[key] {
        case nil: source = GoMap()
        case .map(let map): source = map
        default:
            warnings.append("warning: skipping globals because source global is not a table.")
            return
        }
        for (name, value) in zip(source.keys, source.values) {
            switch (value, target[name]) {
            case (.map(let map), nil): target[name] = .map(map.copy())
            case (.map(let map), .map(let other)?):
                let copy = map.copy()
                merge(copy, over: other, prefix: Self.join(prefix, name.text), merges: true)
                target[name] = .map(copy)
            case (.map, _):
                warnings.append("Conflict: cannot merge map onto non-map for \"\(name.text)\". Skipping.")
            case (_, .map?): warnings.append("key \(name.text) is table. Skipping")
            default: target[name] = value
            }
        }
        table[key] = .map(target)
    }

    private mutating func fill(_ given: GoMap, from chart: ChartTree, prefix: String, merges: Bool) {
        let path = Self.join(prefix, chart.name)
        for (name, value) in zip(chart.values.keys, chart.values.values) {
            let key = name.text
            // A null in a chart's own values is no default.
            guard let fallback = value.withoutNulls else { continue }
            switch given[name] {
            case nil: given[name] = fallback
            case .null? where !merges: given[name] = nil
            case .map(let table)?:
                guard case .map(let defaults) = fallback else {
                    warnings.append("warning: skipped value for \(path).\(key): Not a table.")
                    continue
                }
                let isChild = chart.dependencies.contains { $0.name == key }
                merge(table, over: defaults, prefix: Self.join(path, key), merges: merges || isChild)
            default: break
            }
        }
    }

    /// Completes `target` with what only `source` has.
    ///
    /// Unless `merges`, a null in the target deletes the key.
    mutating func merge(_ target: GoMap, over source: GoMap, prefix: String, merges: Bool) {
        for (key, value) in zip(target.keys, target.values) where value.isNil { source[key] = .null }
        for (key, value) in zip(source.keys, source.values) {
            let path = Self.join(prefix, key.text)
            switch (target[key], value) {
            case (nil, _): target[key] = value
            case (.null?, _) where !merges: target[key] = nil
            case (.map(let inner)?, .map(let other)): merge(inner, over: other, prefix: path, merges: merges)
            case (.some(let other), .map):
                warnings.append(
                    "warning: cannot overwrite table with non table for \(path) (\(GoPrinter.text(other)))")
            case (.map?, _) where !value.isNil:
                warnings.append(
                    "warning: destination for \(path) is a table. Ignoring non-table value (\(GoPrinter.text(value)))")
            default: break
            }
        }
    }

    private static func join(_ prefix: String, _ name: String) -> String {
        prefix.isEmpty ? name : prefix + "." + name
    }
}

extension GoValue {
    /// The value without the null entries of its maps; nil for null itself.
    fileprivate var withoutNulls: GoValue? {
        switch self {
        case .null, .invalid: return nil
        case .map(let map):
            let result = GoMap(type: map.type)
            for (key, value) in zip(map.keys, map.values) {
                if let kept = value.withoutNulls { result[key] = kept }
            }
            return .map(result)
        default: return copied
        }
    }
}
