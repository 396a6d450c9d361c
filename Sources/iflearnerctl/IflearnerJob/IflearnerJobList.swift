// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import JobOperator
import Processes
import Terminal
import Values

/// `iflearnerjob list`: the training jobs with how far they are.
struct IflearnerJobList: ListCommand {
    static let manual = Manual(
        "list", aliases: ["ls"], summary: "List training jobs and how far they are",
        discussion: """
            EPOCH and PARTIES (ready/expected) come from the job's status, where the operator keeps them, else from the \
            aggregators themselves, which are asked through the API server; '-' where neither tells. LASTCHANGE is how \
            long ago a training last moved.
            """,
        examples: [
            .init("iflearnerctl iflearnerjob list", "Those of the kubeconfig's namespace."),
            .init("iflearnerctl ij list -A -o wide", "Those of all namespaces, with what is the matter with them."),
            .init("iflearnerctl ij list -l project=lung -o json", "Those with a label, for programs."),
        ])
    static let parameters: [Parameter<IflearnerJobList>] =
        [
            .flag("all-namespaces", "A", \.allNamespaces, "List the jobs of all namespaces."),
            .option("selector", "l", \.selector, "LABELS", "Only jobs with these labels: a=b,c."),
        ] + GlobalOptions.lifted(\.global)

    var allNamespaces = false
    var selector: LabelSelector?
    var global = GlobalOptions()

    func rows(through connection: Connection, in context: AppContext) async throws -> [Row] {
        let jobs = try await connection.withJobKind {
            try await connection.jobFinder(allNamespaces: allNamespaces).jobs(selector: selector?.value ?? .all)
        }
        if global.output == .name { return jobs.map { Row(overview: JobOverview($0), spansNamespaces: allNamespaces) } }
        let reader = OverviewReader(client: connection.client, time: context.time)
        var overviews = try await reader.overviews(of: jobs)
        if let format = global.output, format != .table { try await reader.addNodes(to: &overviews) }
        return overviews.map { Row(overview: $0, spansNamespaces: allNamespaces) }
    }

    func nothing(through connection: Connection) async throws -> String {
        if allNamespaces { return "no IflearnerJobs" }
        let place = "no IflearnerJobs in namespace \(connection.jobNamespace)"
        let elsewhere = try await connection.jobFinder().elsewhere()
        guard !elsewhere.isEmpty else { return place }
        let places = elsewhere.prefix(5).map { "\($0.namespace) (\($0.count))" }.joined(separator: ", ")
        return escapedForTerminal("\(place); there are some in \(places): -n NAME or -A shows them")
    }

    struct Row: ListRow {
        let overview: JobOverview
        let spansNamespaces: Bool

        static let headings = ["NAME", "ROLE", "HOST", "PHASE", "EPOCH", "PARTIES", "LASTCHANGE", "AGE"]
        static let wideHeadings = ["POD", "NODE", "REASON", "MESSAGE"]
        var name: String { overview.job.key.name }
        var namespace: String? { spansNamespaces ? overview.job.key.namespace : nil }

        func cells(at now: Moment) -> [String] {
            let progress = overview.training?.progress
            return [
                name, overview.job.roleText, overview.job.host, overview.phaseText,
                progress?.epochText ?? "-", progress?.partiesText ?? "-",
                overview.training?.lastChangeTime.map { (now - $0).age } ?? "-",
                overview.job.created.map { (now - $0).age } ?? "",
            ]
        }

        var wideCells: [String] {
            let trouble = overview.trouble
            return [
                overview.job.phase.isEmpty ? "-" : name, overview.node ?? "-", trouble?.reason ?? "-",
                trouble?.message ?? overview.silence ?? "",
            ]
        }

        var json: Value { overview.value }
    }
}
