// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Records

/// Brings deployments about and takes them away again: manifests in, cluster state out.
///
/// The steps are `plan` → `begin` → `run` for an installation or an upgrade and `planUninstall` → `begin` → `run` for a
/// removal. Between `begin` and `run` the job may be handed to another process: `StartedJob.handOver` there, `adopt`
/// here. `resume` goes on with a job whose worker is gone. Nothing is written before `begin`.
public struct Rollout: Sendable {
    /// What the rollout gets from outside.
    public let context: RolloutContext
    private let numbers = EventNumbers()

    /// Makes a rollout over a context.
    public init(_ context: RolloutContext) {
        self.context = context
    }

    /// The records of a deployment.
    public func records(of deployment: String, in namespace: String) -> RecordStore {
        RecordStore(client: context.client, namespace: namespace, deployment: deployment)
    }

    /// Computes what an installation or an upgrade would do; reads and dry runs only.
    ///
    /// What cannot be done is among the plan's `refusals`; only what keeps the plan from being computed is thrown.
    public func plan(_ request: RolloutRequest) async throws(RolloutError) -> RolloutPlan {
        let log = log(request.deployment, request.namespace)
        log.redactor = Redactor(request.components.flatMap(\.objects))
        return try await explained(by: log) {
            let planner = Planner(client: reporting(context.client, to: log), request: request, time: context.time)
            let plan = try await planner.plan()
            log.emit(.plan(plan.summary))
            for warning in plan.warnings { log.emit(.warning(component: nil, object: nil, message: warning)) }
            return plan
        }
    }

    // MARK: Shared by the steps

    func log(_ deployment: String, _ namespace: String) -> EventLog {
        EventLog(
            target: "\(namespace)/\(deployment)", numbers: numbers, time: context.time, sink: context.events)
    }

    /// The client with its retries told to the log.
    func reporting(_ client: ClusterClient, to log: EventLog) -> ClusterClient {
        client.reportingRetries { retry in
            log.emit(
                .retry(
                    object: retry.request.subject, cause: retry.cause, attempt: retry.attempt, delay: retry.delay))
        }
    }

    /// Turns whatever is thrown into a `RolloutError` without secrets in it.
    func explained<Result: Sendable>(
        by log: EventLog, _ body: () async throws -> Result
    ) async throws(RolloutError) -> Result {
        do {
            return try await body()
        } catch {
            let explained =
                (error as? ComponentFailure).map { RolloutError($0.causes) } ?? RolloutError(error)
            let redactor = log.redactor
            throw RolloutError(explained.causes.map { $0.redacted(by: redactor) }, code: explained.code)
        }
    }
}

extension Cause {
    /// The cause without secret values.
    func redacted(by redactor: Redactor) -> Cause {
        var cause = self
        cause.message = redactor.redact(message)
        cause.hint = hint.map(redactor.redact)
        return cause
    }
}
