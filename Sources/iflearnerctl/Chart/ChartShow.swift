// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Rollout
import Templating

/// `chart show`: what a bundled chart and its components can be told.
struct ChartShow: ProgramCommand {
    static let manual = Manual(
        "show", summary: "Print a bundled chart's description and documented values",
        examples: [
            .init("iflearnerctl chart show iflearner-flow", "Chart.yaml and values.yaml."),
            .init("iflearnerctl chart show iflearner-flow mysql", "Those of one component."),
            .init("iflearnerctl chart show iflearner-flow --file templates/_helpers.tpl", "Any file of it."),
        ])
    static let parameters: [Parameter<ChartShow>] =
        [
            .positional("CHART", \.chart, "The chart."),
            .positional("COMPONENT", \.component, "A component of it, such as mysql."),
            .option("file", nil, \.file, "PATH", "Print this file of the chart instead."),
        ] + GlobalOptions.lifted(\.global)

    var chart = ""
    var component: String?
    var file: String?
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let files = BundledCharts.files(of: chart)
        guard !files.isEmpty else {
            throw FindingError(what: "chart", wanted: chart, isAmbiguous: false, candidates: BundledCharts.names)
        }
        let folder = component.map { "charts/\($0)/" } ?? ""
        let own = files.filter { $0.path.hasPrefix(folder) }
        guard !own.isEmpty else {
            let components = Set(
                files.filter { $0.path.hasPrefix("charts/") }.compactMap {
                    $0.path.split(separator: "/").dropFirst().first.map(String.init)
                })
            throw FindingError(
                what: "component", wanted: component, isAmbiguous: false, candidates: components.sorted())
        }
        let wanted = file.map { [$0] } ?? ["Chart.yaml", "values.yaml"]
        for name in wanted {
            guard let found = own.first(where: { $0.path == folder + name }) else {
                throw FindingError(
                    what: "file", wanted: name, isAmbiguous: false,
                    candidates: own.map { String($0.path.dropFirst(folder.count)) })
            }
            if wanted.count > 1 { context.output.result("# \(found.path)") }
            context.output.resultBytes(found.bytes)
        }
        return .success
    }
}
