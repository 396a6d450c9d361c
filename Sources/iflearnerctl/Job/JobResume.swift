// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Records
import Rollout

/// `job resume`: goes on with a job that was stopped, failed or lost its worker.
struct JobResume: ProgramCommand {
    static let manual = Manual(
        "resume", summary: "Go on with a job that was stopped, failed or lost its worker",
        discussion:
            "What is done stays; the rest is planned again from the job's stored revision, not from edited files.",
        examples: [
            .init("iflearnerctl job resume fe846176", "Go on in a worker of its own."),
            .init("iflearnerctl job resume fe846176 --wait", "Go on here and follow it."),
        ])
    static let parameters: [Parameter<JobResume>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")]
        + WaitOptions.lifted(\.waiting) + GlobalOptions.lifted(\.global)

    var id = ""
    var waiting = WaitOptions()
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let line = ResultLine(context, format: global.output, isWaiting: waiting.wait ?? context.isUnattended)
        return try await line.closing { try await resume(in: context) }
    }

    private func resume(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let record = try await connection.job(id).record
        let execution = try JobExecution(context, connection, format: global.output, wait: waiting.wait)
        try execution.checkDetachment(limit: .seconds(record.jobTimeout))
        let definitions = try await execution.deployer.definitions(ofJob: record)
        let job = try await execution.deployer.rollout.resume(
            record.id, deployment: record.deployment, namespace: record.namespace, definitions: definitions,
            lockTimeout: waiting.lockTimeout ?? .zero)
        return try await execution.carryOut(
            job, components: record.subJobs.map(\.component), definitions: definitions.map(\.value))
    }
}
