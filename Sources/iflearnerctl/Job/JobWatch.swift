// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records
import Rollout

/// `job watch`: follows a job from any machine, and exits with its code.
struct JobWatch: ProgramCommand {
    static let manual = Manual(
        "watch", summary: "Follow a job until it is over; exit with its code",
        examples: [
            .init("iflearnerctl job watch fe846176", "A live table on a terminal, lines elsewhere."),
            .init("iflearnerctl job watch fe846176 -o json", "The record after each change, as JSON lines."),
        ])
    static let parameters: [Parameter<JobWatch>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")] + GlobalOptions.lifted(\.global)

    var id = ""
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        try await ResultLine(context, format: global.output, isWaiting: true).closing {
            let connection = try await context.connect(global)
            let following = JobFollowing(context: context, connection: connection, format: global.output)
            do {
                return try await following.follow(try await connection.job(id).record)
            } catch let error where ErrorReport(error).code == .notFound {
                guard let verdict = try await connection.localVerdict(ofEndingJob: id) else { throw error }
                return following.tell(verdict.result, of: verdict.entry)
            }
        }
    }
}
