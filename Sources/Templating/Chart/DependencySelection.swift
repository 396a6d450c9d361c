// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Decides which dependencies of a chart take part: declared, aliased, switched by conditions and tags.
struct DependencySelection {
    let given: GoMap
    var warnings: [String] = []

    /// Applies the declarations of `chart` and of what it depends on.
    mutating func apply(to chart: ChartTree) throws {
        try Self.checkPresence(in: chart)
        try select(in: chart, values: given, path: "")
    }

    private static func checkPresence(in chart: ChartTree) throws {
        let missing = chart.declared.map(\.name).filter { name in !chart.dependencies.contains { $0.name == name } }
        guard missing.isEmpty else {
            throw ChartError(
                "found in Chart.yaml, but missing in charts/ directory: \(missing.joined(separator: ", "))")
        }
    }

    private mutating func select(in chart: ChartTree, values: GoMap, path: String) throws {
        guard !chart.declared.isEmpty else { return }
        applyDeclarations(to: chart)
        let coalesced = values.copied()
        var coalescing = Coalescing()
        try coalescing.coalesce(chart, into: coalesced)
        let disabled = Set(chart.declared.filter { !isEnabled($0, coalesced, path: path) }.map(\.name))
        chart.dependencies.removeAll { disabled.contains($0.name) }
        chart.declared.removeAll { disabled.contains($0.name) }
        for child in chart.dependencies {
            try select(in: child, values: coalesced, path: path + child.name + ".")
        }
    }

    /// Every declaration gets its own copy of the chart, under its alias; charts that nobody declares stay.
    private func applyDeclarations(to chart: ChartTree) {
        var chosen: [ChartTree] = []
        for child in chart.dependencies
        where !chart.declared.contains(where: { $0.name == child.name && Self.matches(child, $0) }) {
            chosen.append(child)
        }
        for index in chart.declared.indices {
            let dependency = chart.declared[index]
            if let found = chart.dependencies.first(where: {
                $0.name == dependency.name && Self.matches($0, dependency)
            }) {
                let copy = ChartTree(found.chart, parent: chart)
                if !dependency.alias.isEmpty { copy.name = dependency.alias }
                chosen.append(copy)
            }
            if !dependency.alias.isEmpty { chart.declared[index].name = dependency.alias }
        }
        chart.dependencies = chosen
    }

    private static func matches(_ chart: ChartTree, _ dependency: ChartDependency) -> Bool {
        dependency.version.isEmpty
            || VersionConstraint.allows(dependency.version, version: chart.chart.metadata.version)
    }

    private mutating func isEnabled(_ dependency: ChartDependency, _ values: GoMap, path: String) -> Bool {
        for name in dependency.condition.split(separator: ",") {
            let trimmed = String(name.filter { $0 != " " })
            switch values.value(atPath: Bytes(path + trimmed)) {
            case .bool(let flag)?: return flag
            case nil: continue
            default:
                warnings.append(
                    "Warning: Condition path '\(trimmed)' for chart \(dependency.name) returned non-bool value")
            }
        }
        guard case .map(let switches)? = values[Bytes("tags")] else { return true }
        var isSwitchedOff = false
        for tag in dependency.tags {
            switch switches[Bytes(tag)] {
            case .bool(true)?: return true
            case .bool(false)?: isSwitchedOff = true
            default: break
            }
        }
        return !isSwitchedOff
    }
}

extension GoMap {
    /// A copy that shares no map, list contents included.
    func copied() -> GoMap {
        let result = GoMap(type: type)
        for (key, value) in zip(keys, values) { result[key] = value.copied }
        return result
    }
}

extension GoValue {
    var copied: GoValue {
        switch self {
        case .map(let map):
            return .map(GoMap(zip(map.keys, map.values).map { ($0, $1.copied) }, type: map.type))
        case .list(let list): return .list(GoList(list.items.map(\.copied), element: list.element))
        default: return self
        }
    }
}
