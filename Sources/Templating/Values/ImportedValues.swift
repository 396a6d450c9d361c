// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// `import-values`: what dependencies hand to their parent's defaults.
struct ImportedValues {
    private(set) var warnings: [String] = []

    /// Adds to the defaults of `chart`, and first to those of what it depends on.
    mutating func apply(to chart: ChartTree) throws {
        for child in chart.dependencies { try apply(to: child) }
        guard chart.declared.contains(where: { !$0.importValues.isEmpty }) else { return }
        var coalescing = Coalescing()
        let known = GoMap()
        try coalescing.coalesce(chart, into: known, merges: true)
        let imported = GoMap()
        for dependency in chart.declared {
            for declaration in dependency.importValues {
                try add(declaration, of: dependency, from: known, to: imported, &coalescing)
            }
        }
        let defaults = known.copied()
        coalescing.merge(defaults, over: imported, prefix: "", merges: true)
        chart.values = defaults
        warnings += coalescing.warnings
    }

    private mutating func add(
        _ declaration: Value, of dependency: ChartDependency, from known: GoMap, to imported: GoMap,
        _ coalescing: inout Coalescing
    ) throws {
        let child: String
        let parent: String
        switch declaration {
        case .string(let name): (child, parent) = ("exports." + name, ".")
        case .mapping(let paths):
            child = paths["child"].map(ChartMetadata.text) ?? ""
            parent = paths["parent"].map(ChartMetadata.text) ?? ""
        default: return
        }
        guard let table = known.table(Bytes(dependency.name + "." + child)) else {
            warnings.append("Warning: ImportValues missing table from chart \(dependency.name): \(child)")
            return
        }
        var value = table.copied()
        if parent != "." {
            for name in parent.split(separator: ".").reversed() { value = GoMap([(Bytes(name.utf8), .map(value))]) }
        }
        coalescing.merge(imported, over: value, prefix: "", merges: true)
    }
}
