// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Processes
import Records
import Terminal
import Values

/// `job list`, in KubeFATE's columns.
struct JobList: ListCommand {
    static let manual = Manual(
        "list", aliases: ["ls"], summary: "List jobs, newest first",
        examples: [
            .init("iflearnerctl job list", "Every job that may be seen."),
            .init("iflearnerctl job list -n iflearner -o name", "The ids of one namespace's jobs."),
        ])
    static let parameters: [Parameter<JobList>] =
        [.flag("all-namespaces", "A", \.allNamespaces, "Look into all namespaces, or fail.")]
        + GlobalOptions.lifted(\.global)

    var allNamespaces = false
    var global = GlobalOptions()

    func rows(through connection: Connection, in context: AppContext) async throws -> [Row] {
        try await connection.shown(try await connection.finder(allNamespaces: allNamespaces).jobs()).map(Row.init)
    }

    func nothing(through connection: Connection) -> String { "no jobs" }

    struct Row: ListRow {
        let job: JobSummary

        static let headings = ["UUID", "CREATOR", "METHOD", "STATUS", "STARTTIME", "CLUSTERID", "AGE"]
        static let wideHeadings = ["NAMESPACE", "CLUSTER", "ENDTIME"]
        var name: String { job.id }

        func cells(at now: Moment) -> [String] {
            [
                job.id, job.creator, job.method?.rawValue ?? "?", job.status?.rawValue ?? "Unreadable",
                (job.startTime ?? job.createdAt)?.text ?? "", job.clusterID,
                job.createdAt.map { (now - $0).age } ?? "",
            ]
        }

        var wideCells: [String] { [job.namespace, job.deployment, job.endTime?.text ?? ""] }

        var json: Value {
            var fields: Mapping = [
                "id": .string(job.id), "deployment": .string(job.deployment), "namespace": .string(job.namespace),
                "creator": .string(job.creator), "clusterId": .string(job.clusterID),
            ]
            fields["method"] = job.method.map { .string($0.rawValue) }
            fields["status"] = job.status.map { .string($0.rawValue) }
            fields["createdAt"] = job.createdAt.map { .string($0.rfc3339) }
            fields["startTime"] = job.startTime.map { .string($0.rfc3339) }
            fields["endTime"] = job.endTime.map { .string($0.rfc3339) }
            fields["exitCode"] = job.exitCode.map { .int(Int64($0)) }
            return .mapping(fields)
        }
    }
}
