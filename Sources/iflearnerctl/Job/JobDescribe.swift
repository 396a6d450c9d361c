// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Values
import Deployment
import Processes
import Records
import Rollout

/// `job describe`: the record of a job.
struct JobDescribe: ProgramCommand {
    static let manual = Manual(
        "describe", summary: "Show a job: its states, components and what went wrong",
        examples: [
            .init("iflearnerctl job describe fe846176", "The beginning of the id is enough."),
            .init("iflearnerctl job describe fe846176 -o json", "The whole record."),
        ])
    static let parameters: [Parameter<JobDescribe>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")] + GlobalOptions.lifted(\.global)

    var id = ""
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let job: JobView
        do {
            job = try await connection.job(id)
        } catch let error where ErrorReport(error).code == .notFound {
            guard let verdict = connection.localVerdict(ofJob: id) else { throw error }
            show(verdict, to: context.output)
            return .success
        }
        let description = JobDescription(record: job.record, status: job.status, now: context.time.wall())
        context.output.describe(description.lines, record: job.json, name: job.record.id, format: global.output)
        return .success
    }

    /// What this machine knows of a job whose record went with its namespace.
    private func show(_ verdict: LocalVerdict, to output: Output) {
        let entry = verdict.entry
        var fields = Fields()
        fields.add("UUID", entry.job)
        fields.add("Status", verdict.result.status.rawValue)
        fields.add("Cluster", "\(entry.namespace)/\(entry.deployment)")
        fields.add("Verdict", verdict.result.message)
        let record: Value = [
            "id": .string(entry.job), "status": .string(verdict.result.status.rawValue),
            "deployment": .string(entry.deployment), "namespace": .string(entry.namespace),
            "verdict": .string(verdict.result.message), "exitCode": .int(Int64(verdict.result.code.rawValue)),
        ]
        output.describe(fields.lines, record: record, name: entry.job, format: global.output)
    }
}
