// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A chart while it is being rendered: dependencies chosen, aliased and knowing their parent's path.
final class ChartTree {
    let chart: Chart
    /// The chart's name, or its alias.
    var name: String
    /// The defaults; imported values are added to them.
    var values: GoMap
    var dependencies: [ChartTree]
    /// What the chart still declares after disabled dependencies are taken out.
    var declared: [ChartDependency]
    private(set) weak var parent: ChartTree?

    init(_ chart: Chart, parent: ChartTree? = nil) {
        self.chart = chart
        self.parent = parent
        name = chart.name
        values = GoMap(chart.values)
        declared = chart.metadata.dependencies
        dependencies = []
        dependencies = chart.dependencies.map { ChartTree($0, parent: self) }
    }

    /// `parent/charts/child`.
    var path: String { parent.map { $0.path + "/charts/" + name } ?? name }

    var isRoot: Bool { parent == nil }
}
