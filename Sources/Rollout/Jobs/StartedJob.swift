// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Records

/// A job that is recorded and whose lock this process holds; its work has not begun.
///
/// Exactly one of `Rollout.run`, `leave` and `abandon` ends it.
public struct StartedJob: Sendable {
    /// The job's id.
    public let id: String
    /// The deployment's name.
    public let deployment: String
    /// The namespace of the deployment's records.
    public let namespace: String

    let work: Work
    let lock: JobLock
    let journal: Journal
    let log: EventLog
    let store: RecordStore

    /// What the job is to do.
    enum Work: Sendable {
        case rollout(RolloutPlan)
        case uninstall(UninstallPlan)
    }

    /// Whether everything of the deployment is to go.
    public var isRemoval: Bool {
        if case .uninstall(let plan) = work { plan.removesEverything } else { false }
    }

    /// What to tell the worker process that goes on with the job (J-3a).
    ///
    /// This process keeps the lock until the worker has it; then call `leave`, or `abandon` when it does not answer.
    public var handOver: HandOver {
        switch work {
        case .rollout(let plan): HandOver(job: id, plan: plan)
        case .uninstall: HandOver(job: id, deployment: deployment, namespace: namespace)
        }
    }

    /// Lets the worker go on alone: it has the lock.
    public func leave() async { await lock.leave() }

    /// Ends the job that no worker goes on with: it is recorded as failed, and the lock is given back.
    ///
    /// A worker that is ended may have taken the lock before.
    public func abandon(_ reason: String) async throws(RolloutError) {
        do {
            try await lock.takeBack()
            try await journal.finish(
                JobResult(
                    status: .failed, code: .internalError, message: reason,
                    causes: [Cause(code: ExitCode.internalError.rawValue, message: reason)]))
        } catch {
            await lock.release()
            throw RolloutError(error)
        }
        await lock.release()
    }
}

/// A request to stop that comes from outside, such as a signal; the first one counts.
public struct StopSignal: Sendable {
    private let stream: AsyncStream<ExitCode>
    private let continuation: AsyncStream<ExitCode>.Continuation

    /// Makes a signal that nobody has given yet.
    public init() {
        (stream, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingOldest(1))
    }

    /// Asks the job to stop at the next safe point; the code becomes its exit code.
    public func request(_ code: ExitCode = .interrupted) { continuation.yield(code) }

    /// The code of the request, once there is one; nil when the task was cancelled.
    func requested() async -> ExitCode? {
        for await code in stream { return code }
        return nil
    }
}
