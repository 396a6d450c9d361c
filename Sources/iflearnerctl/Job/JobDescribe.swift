// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
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
        let job = try await connection.job(id)
        let description = JobDescription(record: job.record, status: job.status, now: context.time.wall())
        context.output.describe(description.lines, record: job.json, name: job.record.id, format: global.output)
        return .success
    }
}
