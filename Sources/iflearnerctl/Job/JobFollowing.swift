// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records
import Rollout

/// Follows a job that another process works on, and ends with its code.
struct JobFollowing {
    let context: AppContext
    let connection: Connection
    let format: OutputFormat?

    /// Shows the job until it is over or its worker is gone.
    func follow(_ record: JobRecord) async throws -> CommandStatus {
        let printer = ProgressPrinter(context: context, format: format)
        let follower = JobFollower(
            store: connection.store(of: record), job: record.id, time: context.time,
            interval: context.timing.poll)
        let ticking = Task { await printer.run() }
        defer { ticking.cancel() }
        let last = LastView()
        try await follower.follow { record in
            let view = try await connection.jobs.job(record.id, of: record.deployment, in: record.namespace)
            printer.receive(view.record, shownAs: view.status)
            await last.set(view)
            return view.status.isFinal || view.status == .interrupted
        }
        printer.finish()
        guard let view = await last.view else { return .success }
        if view.status == .interrupted {
            throw DeploymentError(
                .locked, "job \(record.id) was interrupted: its worker is gone",
                hint: "iflearnerctl job resume \(record.id.prefix(8))")
        }
        let code = view.record.exitCode.flatMap(ExitCode.init) ?? .internalError
        let result = JobResult(
            status: view.status, code: code, message: view.record.verdict ?? "", causes: view.record.causes,
            retained: view.record.retained)
        return tell(
            result,
            of: LocalIndex.Entry(
                job: record.id, deployment: record.deployment, namespace: record.namespace, server: connection.server))
    }

    /// Tells how a job ended.
    func tell(_ result: JobResult, of job: LocalIndex.Entry) -> CommandStatus {
        if format == .json {
            ResultLine(context, format: format, isWaiting: true).print(
                result, job: job.job, target: "\(job.namespace)/\(job.deployment)")
        } else {
            JobVerdict(result, job: job.job).print(to: context.output)
        }
        return CommandStatus(rawValue: Int32(result.code.rawValue))
    }

    private actor LastView {
        private(set) var view: JobView?
        func set(_ view: JobView) { self.view = view }
    }
}
