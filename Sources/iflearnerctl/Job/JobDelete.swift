// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Records
import Rollout

/// `job delete`: forgets a job that is over.
struct JobDelete: Command {
    static let manual = Manual(
        "delete", aliases: ["del"], summary: "Delete the record of a job that is over",
        examples: [.init("iflearnerctl job delete fe846176", "The deployment itself stays as it is.")])
    static let parameters: [Parameter<JobDelete>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")] + GlobalOptions.lifted(\.global)

    var id = ""
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let summary = try await connection.finder().job(id)
        let status = try await connection.shownStatus(of: summary)
        if let status, !status.isFinal {
            let next = status == .interrupted ? "job resume" : "job stop"
            throw DeploymentError(
                .refused, "job \(summary.id) is not over: \(status.rawValue)",
                hint: "iflearnerctl \(next) \(summary.id.prefix(8))")
        }
        let store = RecordStore(
            client: connection.client, namespace: summary.namespace, deployment: summary.deployment)
        try await store.delete(summary)
        context.output.result("job \(summary.id) deleted")
        return .success
    }
}
