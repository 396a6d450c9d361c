// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Processes
import Templating
import Values

/// `chart list`: the bundled charts.
struct ChartList: ProgramCommand {
    static let manual = Manual(
        "list", aliases: ["ls"], summary: "List the bundled charts",
        examples: [.init("iflearnerctl chart list", "Name, versions and what each is for.")])
    static let parameters: [Parameter<ChartList>] = GlobalOptions.lifted(\.global)

    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let rows = try BundledCharts.names.map { Row(chart: try BundledCharts.chart($0)) }
        context.output.list(rows, format: global.output, now: context.time.wall(), nothing: "no charts")
        return .success
    }

    struct Row: ListRow {
        let chart: Chart

        static let headings = ["NAME", "VERSION", "APPVERSION", "DESCRIPTION"]
        var name: String { chart.name }
        private var description: String { chart.metadata.document["description"]?.string ?? "" }
        private var components: [String] { chart.dependencies.map(\.name) }

        func cells(at now: Moment) -> [String] {
            [chart.name, "v" + chart.metadata.version, chart.metadata.appVersion, description]
        }

        static let wideHeadings = ["COMPONENTS"]
        var wideCells: [String] { [components.joined(separator: ",")] }

        var json: Value {
            [
                "name": .string(chart.name), "version": .string("v" + chart.metadata.version),
                "appVersion": .string(chart.metadata.appVersion), "description": .string(description),
                "components": .array(components.map(Value.string)),
            ]
        }
    }
}
