// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Processes
import Records
import Rollout
import Values

/// What becomes of a job that has begun: this process does it and shows it, or a worker takes it over.
struct JobExecution: Sendable {
    let context: AppContext
    let connection: Connection
    let deployer: Deployer
    let printer: ProgressPrinter
    let format: OutputFormat?
    /// Whether to do the work here; nil lets the surroundings decide.
    let wait: Bool?

    /// Prepares to carry out jobs of a command.
    init(_ context: AppContext, _ connection: Connection, format: OutputFormat?, wait: Bool?) throws {
        let printer = ProgressPrinter(
            context: context, format: format, isWaiting: wait ?? context.isUnattended)
        let log = JobLogFile(try context.stateDirectory())
        self.context = context
        self.connection = connection
        self.printer = printer
        self.format = format
        self.wait = wait
        // Where a worker does the job, what it takes to hand it over is nothing to look at.
        let isShown = wait ?? context.isUnattended
        deployer = connection.deployer(context) { line in
            log.append(line)
            if isShown { printer.receive(line) } else { printer.tell(line) }
        }
    }

    private var isForeground: Bool { wait ?? context.isUnattended }

    /// Carries the job out, or hands it over and returns.
    ///
    /// The `definitions` are those that the job renders: its records do not hold them.
    func carryOut(
        _ job: StartedJob, components: [String], definitions: [Value] = []
    ) async throws -> CommandStatus {
        note(job)
        printer.expect(components)
        guard isForeground else { return try await handOver(job, definitions) }
        announce(job.id, job)
        return await runHere(job)
    }

    /// Says what would keep a detached worker from finishing, while nothing has begun yet (spec/cli.md).
    ///
    /// - Throws: `DeploymentError` where a worker could not even begin.
    func checkDetachment(limit: Duration?) throws {
        guard !isForeground else { return }
        let authenticator = connection.cluster.authenticator
        if authenticator.needsTerminal {
            throw DeploymentError(
                .preflight,
                "the credential plugin of user '\(connection.cluster.user)' asks at a terminal, which a detached worker does not have",
                hint: "do the work in this process: --wait")
        }
        let deadline = context.time.wall() + (limit ?? context.timing.jobTimeout)
        if let expiry = authenticator.expiry, expiry < deadline {
            context.output.message(
                "warning: the token of user '\(connection.cluster.user)' ends at \(expiry.text), before the time limit of the job; should it end too early, log in again and use 'iflearnerctl job resume'"
            )
        }
    }

    private func note(_ job: StartedJob) {
        do {
            try LocalIndex(try context.stateDirectory()).add(
                LocalIndex.Entry(
                    job: job.id, deployment: job.deployment, namespace: job.namespace, server: connection.server,
                    isRemoval: job.isRemoval))
        } catch {
            // The index is a convenience: the job is in the cluster.
            context.output.message("warning: \(error)")
        }
    }

    private func announce(_ id: String, _ job: StartedJob) {
        switch format {
        case .json where isForeground: break
        case .json:
            let record: Value = [
                "job": .string(id), "deployment": .string(job.deployment), "namespace": .string(job.namespace),
            ]
            context.output.result(record.jsonString())
        case .yaml: context.output.resultText("job: \(id)\n")
        case .name: context.output.result(id)
        case nil, .table, .wide: context.output.result("create job success, job id=\(id)")
        }
    }

    private func handOver(_ job: StartedJob, _ definitions: [Value]) async throws -> CommandStatus {
        let instructions = WorkerInstructions(
            handOver: job.handOver, definitions: definitions, connection: connection.reference)
        let state = try context.stateDirectory()
        let log = state.jobLog(job.id)
        var failure: String?
        do {
            try state.make("jobs")
            let launch = DetachedLaunch(state: state, environment: context.environment, time: context.time)
            let confirmation = try await launch.start(
                [WorkerCommand.manual.name], input: instructions.json, log: log, timeout: context.timing.handOver)
            switch confirmation {
            case .given: break
            case .ended: failure = "the worker ended before it took the job over; its log is \(log)"
            case .late:
                let limit = context.timing.handOver.components.seconds
                failure = "the worker did not take the job over within \(limit) s; its log is \(log)"
            }
        } catch {
            failure = "the worker could not be started: \(error)"
        }
        if let failure {
            var record = ""
            do { try await job.abandon(failure) } catch { record = " (and this could not be recorded: \(error))" }
            throw DeploymentError(
                .internalError, failure + record,
                hint: "iflearnerctl job resume \(job.id.prefix(8)) --wait goes on in this process")
        }
        await job.leave()
        announce(job.id, job)
        return .success
    }

    private func runHere(_ job: StartedJob) async -> CommandStatus {
        let stop = StopSignal()
        let result = await withTaskGroup(of: JobResult?.self) { group in
            group.addTask { await deployer.rollout.run(job, stop: stop) }
            group.addTask {
                await printer.run()
                return nil
            }
            group.addTask {
                await listen(stop, job)
                return nil
            }
            var result: JobResult?
            while result == nil, let next = await group.next() { result = next }
            group.cancelAll()
            return result
        }
        printer.finish()
        guard let result else { return CommandStatus(rawValue: Int32(ExitCode.internalError.rawValue)) }
        if format != .json { JobVerdict(result, job: job.id).print(to: context.output) }
        return CommandStatus(rawValue: Int32(result.code.rawValue))
    }

    /// The first signal asks the job to stop at a safe point; the second one ends the process, and nothing is lost (J-9).
    private func listen(_ stop: StopSignal, _ job: StartedJob) async {
        var isStopping = false
        for await signal in SignalStream.signals([.interrupt, .terminate, .hangup]) {
            if isStopping {
                SignalStream.restoreDefault(signal)
                let code = signal == .interrupt ? ExitCode.interrupted : .terminated
                let message = "left; go on with: iflearnerctl job resume \(job.id.prefix(8))"
                context.output.message(message)
                ResultLine(context, format: format, isWaiting: true).print(
                    JobResult(status: .interrupted, code: code, message: message), job: job.id,
                    target: "\(job.namespace)/\(job.deployment)")
                context.exit(Int32(128 + signal.number))
            }
            isStopping = true
            printer.say("stopping at the next safe point; once more leaves at once")
            stop.request(signal == .interrupt ? .interrupted : .terminated)
        }
    }
}
