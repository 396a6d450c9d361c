// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records
import Rollout

/// `job delete`: forgets a job that is over.
struct JobDelete: ProgramCommand {
    static let manual = Manual(
        "delete", aliases: ["del"], summary: "Delete the record of a job that is over",
        examples: [.init("iflearnerctl job delete fe846176", "The deployment itself stays as it is.")])
    static let parameters: [Parameter<JobDelete>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")] + GlobalOptions.lifted(\.global)

    var id = ""
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let found = try await connection.finder().job(id)
        try await connection.jobs.deleteJob(found.id, of: found.deployment, in: found.namespace)
        context.output.result("job \(found.id) deleted")
        return .success
    }
}
