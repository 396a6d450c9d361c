// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Records
import Rollout

/// `job stop`: asks a job's worker to stop.
struct JobStop: ProgramCommand {
    static let manual = Manual(
        "stop", summary: "Ask a job to stop at the next safe point",
        discussion:
            "Requests in flight are finished, nothing new is started and nothing is rolled back. 'job resume' goes on.",
        examples: [.init("iflearnerctl job stop fe846176", "The beginning of the id is enough.")])
    static let parameters: [Parameter<JobStop>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")] + GlobalOptions.lifted(\.global)

    var id = ""
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let job = try await connection.job(id)
        let record = job.record
        try await connection.jobs.requestStop(of: record.id, of: record.deployment, in: record.namespace)
        context.output.result("job \(record.id) will stop")
        if job.status == .interrupted {
            context.output.message("its worker is gone: 'iflearnerctl job resume \(record.id.prefix(8))' goes on")
        }
        return .success
    }
}
