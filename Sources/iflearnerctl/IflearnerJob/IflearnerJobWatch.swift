// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import JobOperator
import Processes
import Records
import Rollout

/// `iflearnerjob watch`: follows training jobs, one of them until it is over.
struct IflearnerJobWatch: ProgramCommand {
    static let manual = Manual(
        "watch", summary: "Follow training jobs; one of them until it is over",
        discussion: """
            The aggregators are asked through the API server every few seconds. Of a named job, the watch ends with it: \
            with 0 when it has succeeded or every party has finished, with 9 when it has failed, with 16 when it is \
            deleted.
            """,
        examples: [
            .init("iflearnerctl iflearnerjob watch job1", "A live table on a terminal, a line per change elsewhere."),
            .init("iflearnerctl ij watch -A", "All of them, until Ctrl-C."),
            .init("iflearnerctl ij watch job1 -o json", "The job after each change, as JSON lines."),
        ])
    static let parameters: [Parameter<IflearnerJobWatch>] =
        [
            .positional(
                "NAME", \.name, "The job's name or task, or the beginning of either; all without it.",
                completion: .names(of: NameLookup.iflearnerJobs)),
            .flag("all-namespaces", "A", \.allNamespaces, "Follow the jobs of all namespaces."),
        ] + GlobalOptions.lifted(\.global)

    var name: String?
    var allNamespaces = false
    var global = GlobalOptions()

    func validate() throws(UsageError) {
        if name != nil, allNamespaces { throw UsageError("NAME and --all-namespaces exclude each other") }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let line = ResultLine(context, format: global.output, isWaiting: true)
        return try await line.closing {
            let connection = try await context.connect(global)
            guard let name else {
                try await followAll(connection, context)
                return .success
            }
            let job = try await connection.iflearnerJob(name)
            let end = try await follow(job, connection, context)
            if global.output == .json {
                line.print(end.result, job: job.key.name, target: job.key.description)
            } else {
                end.print(to: context.output)
            }
            return CommandStatus(rawValue: Int32(end.result.code.rawValue))
        }
    }

    /// Follows a job to its end.
    private func follow(
        _ job: IflearnerJob, _ connection: Connection, _ context: AppContext
    ) async throws -> TrainingEnd {
        let printer = TrainingPrinter(context: context, format: global.output, showsParties: true)
        let ending = EndBox()
        let ticking = Task { await printer.run() }
        defer { ticking.cancel() }
        try await watch(connection, context, namespace: job.key.namespace, name: job.key.name).follow { update in
            printer.receive(update)
            guard let end = TrainingEnd(of: job, update) else { return false }
            ending.set(end)
            return true
        }
        printer.finish()
        return ending.end ?? TrainingEnd(.failed, .internalError, job, "the watch ended by itself")
    }

    private func followAll(_ connection: Connection, _ context: AppContext) async throws {
        // What cannot be listed at all is an error at once, and no trouble to be waited out.
        _ = try await connection.withJobKind { try await connection.jobFinder(allNamespaces: allNamespaces).jobs() }
        let printer = TrainingPrinter(context: context, format: global.output, showsNamespaces: allNamespaces)
        let ticking = Task { await printer.run() }
        defer { ticking.cancel() }
        let namespace = allNamespaces ? nil : connection.jobNamespace
        try await watch(connection, context, namespace: namespace, name: nil).follow { update in
            printer.receive(update)
            return false
        }
    }

    private func watch(
        _ connection: Connection, _ context: AppContext, namespace: String?, name: String?
    ) -> TrainingWatch {
        TrainingWatch(
            client: connection.client, namespace: namespace, name: name, time: context.time,
            interval: context.timing.poll, patience: TrainingVerdict.patience / context.timeScale,
            policy: ReflectorPolicy().scaled(by: context.timeScale))
    }
}
