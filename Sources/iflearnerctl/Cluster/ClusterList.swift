// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Processes
import Records
import Terminal
import Values

/// `cluster list`, in KubeFATE's columns.
struct ClusterList: ListCommand {
    static let manual = Manual(
        "list", aliases: ["ls"], summary: "List deployments",
        examples: [
            .init("iflearnerctl cluster list", "Every deployment that may be seen."),
            .init("iflearnerctl cluster list -n iflearner -o json", "Those of one namespace, for programs."),
        ])
    static let parameters: [Parameter<ClusterList>] =
        [.flag("all-namespaces", "A", \.allNamespaces, "Look into all namespaces, or fail.")]
        + GlobalOptions.lifted(\.global)

    var allNamespaces = false
    var global = GlobalOptions()

    func rows(through connection: Connection, in context: AppContext) async throws -> [Row] {
        try await connection.finder(allNamespaces: allNamespaces).deployments().map(Row.init)
    }

    func nothing(through connection: Connection) -> String { "no deployments" }

    struct Row: ListRow {
        let deployment: DeploymentSummary

        static let headings = ["UUID", "NAME", "NAMESPACE", "REVISION", "STATUS", "CHART", "ChartVERSION", "AGE"]
        static let wideHeadings = ["JOB"]
        var name: String { deployment.name }

        func cells(at now: Moment) -> [String] {
            [
                deployment.id, deployment.name, deployment.namespace, String(deployment.revision),
                deployment.status?.rawValue ?? "Unreadable", deployment.chartName, deployment.chartVersion,
                deployment.createdAt.map { (now - $0).age } ?? "",
            ]
        }

        var wideCells: [String] { [deployment.job] }
        var json: Value { deployment.json }
    }
}
