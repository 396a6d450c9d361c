// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import JobOperator
import Processes
import Rollout
import Terminal

/// `iflearnerjob delete`: deletes training jobs, with what was made for them.
struct IflearnerJobDelete: ProgramCommand {
    static let manual = Manual(
        "delete", aliases: ["del"], summary: "Delete training jobs with their pods, Services and Ingresses",
        discussion: """
            A training that runs is cut by it, for trainers never try again: such a job is refused (exit code 4) unless \
            --interrupt-training says that this is meant. An aggregator whose parties have all finished runs on and may \
            be deleted at any time. flow does not hear of a deletion and goes on listing the task: to stop a task of \
            flow's, ask flow.
            """,
        examples: [
            .init("iflearnerctl iflearnerjob delete job1", "A job that is over."),
            .init(
                "iflearnerctl ij delete job1 job2 --interrupt-training --wait", "Two that run, and wait for the end."),
        ])
    static let parameters: [Parameter<IflearnerJobDelete>] =
        [
            .positionals(
                "NAME", \.names, "The jobs' names or tasks, or beginnings of them.", required: true,
                completion: .names(of: NameLookup.iflearnerJobs)),
            .flag("interrupt-training", nil, \.interrupts, "Delete a job although its training runs."),
            .flag("wait", nil, \.waits, "Wait until everything that was made for the jobs is gone."),
            .option("timeout", nil, \.timeout, "DURATION", "The time limit of --wait (default 2m)."),
        ] + GlobalOptions.lifted(\.global)

    var names: [String] = []
    var interrupts = false
    var waits = false
    var timeout: Duration?
    var global = GlobalOptions()

    func validate() throws(UsageError) {
        if timeout != nil, !waits { throw UsageError("--timeout is the time limit of --wait, which is not given") }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        var jobs: [IflearnerJob] = []
        for name in names {
            let job = try await connection.iflearnerJob(name)
            if !jobs.contains(where: { $0.uid == job.uid }) { jobs.append(job) }
        }
        try await checkTrainings(of: jobs, through: connection, in: context)
        let removal = JobRemoval(client: connection.client, time: context.time)
        for job in jobs {
            try await removal.delete(job, waits: waits)
            if !waits { tell("deleted", job, context.output) }
        }
        if jobs.contains(where: { TaskIdentity($0) != nil }) {
            context.output.message("flow does not hear of it and still lists the task: stop or delete it there as well")
        }
        if waits { try await wait(for: jobs, removal, in: context) }
        return .success
    }

    /// Refuses to cut trainings that nobody has said may be cut.
    private func checkTrainings(
        of jobs: [IflearnerJob], through connection: Connection, in context: AppContext
    ) async throws {
        let reader = OverviewReader(client: connection.client, time: context.time)
        var running: [RunningTraining] = []
        for job in jobs {
            if let training = RunningTraining(try await reader.asked(job)) { running.append(training) }
        }
        guard !running.isEmpty else { return }
        let texts = running.map { escapedForTerminal($0.description) }
        if interrupts {
            for text in texts { context.output.message("warning: this cuts the training of \(text)") }
            return
        }
        throw DeploymentError(
            .preflight,
            "this would cut \(running.count == 1 ? "a training" : "trainings") that runs: "
                + texts.joined(separator: "; "),
            hint: "wait for the end (iflearnerctl ij watch \(running[0].key.name)), or cut it with --interrupt-training"
        )
    }

    private func wait(for jobs: [IflearnerJob], _ removal: JobRemoval, in context: AppContext) async throws {
        let limit = timeout ?? context.timing.deletionStuck * 2
        let deadline = context.time.monotonic() + limit
        var left: [String] = []
        for job in jobs {
            let rest = max(deadline - context.time.monotonic(), .zero)
            let remains = try await removal.waitUntilGone(job, within: rest, interval: context.timing.poll / 5)
            if remains.isEmpty { tell("deleted", job, context.output) }
            left += remains.map { "\($0) in namespace \(job.key.namespace)" }
        }
        guard left.isEmpty else {
            throw DeploymentError(
                .timedOut, "not gone after \(limit.elapsed): " + left.map(escapedForTerminal).joined(separator: ", "),
                hint: "the deletion goes on; a finalizer is cleared by the controller that set it")
        }
    }

    private func tell(_ what: String, _ job: IflearnerJob, _ output: Output) {
        output.result(global.output == .name ? job.key.name : "iflearnerjob \(job.key.name) \(what)")
    }
}
