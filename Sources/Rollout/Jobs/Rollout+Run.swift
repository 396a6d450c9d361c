// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records

extension Rollout {
    /// Does the work of a job to its end, in this process.
    ///
    /// It ends early when `stop` is given or the task is cancelled, when `job stop` asks for it, when the lock is lost or
    /// when the job's time is over: requests in flight are finished, nothing new is begun, the records are written,
    /// nothing is rolled back. The verdict is recorded and the lock given back before this returns.
    public func run(_ started: StartedJob, stop: StopSignal = StopSignal()) async -> JobResult {
        let journal = started.journal
        do {
            try await journal.setStatus(
                .running, worker: HolderIdentity(job: started.id, process: context.process))
        } catch {
            return await close(started, .failed(by: error))
        }
        let observer = ClusterObserver(
            client: reporting(context.client, to: started.log), time: context.time, poll: context.timing.poll)
        let job = await rolloutJob(started, observer)
        let work = Task { () -> [(component: String, outcome: ComponentOutcome)] in
            switch started.work {
            case .rollout(let plan): await RolloutRun(plan: plan, job: job).run()
            case .uninstall(let plan): await UninstallRun(plan: plan, job: job).run()
            }
        }
        let ended = await withTaskCancellationHandler {
            await watchOver(work, started, stop)
        } onCancel: {
            work.cancel()
        }
        let outcomes = await work.value
        let interruption = Task.isCancelled ? ended ?? .stopped(.interrupted) : ended
        await observer.stop()
        // A cancelled caller does not keep the verdict from being recorded.
        return await Task {
            let result: JobResult
            switch started.work {
            case .rollout(let plan):
                let conclusion = RolloutConclusion(plan: plan, job: job, store: started.store)
                result = await conclusion.conclude(outcomes, interruption)
            case .uninstall(let plan):
                let conclusion = UninstallConclusion(plan: plan, job: job, store: started.store)
                result = await conclusion.conclude(outcomes, interruption)
            }
            return await close(started, result)
        }.value
    }

    /// Lets the work go on until it is done or something ends it; returns what ended it.
    private func watchOver(
        _ work: Task<[(component: String, outcome: ComponentOutcome)], Never>, _ started: StartedJob, _ stop: StopSignal
    ) async -> Interruption? {
        let limit = await Duration.seconds(started.journal.job.jobTimeout)
        return await withTaskGroup(of: Interruption?.self) { group in
            group.addTask {
                _ = await work.value
                return .done
            }
            group.addTask { await stop.requested().map { .stopped($0) } }
            group.addTask { await started.lock.loss().map { .lockLost($0) } }
            group.addTask { await recordedStop(started) }
            group.addTask {
                do { try await context.time.sleep(limit) } catch { return nil }
                return .timeOver(limit)
            }
            group.addTask {
                do {
                    try await started.journal.keepWriting(every: context.timing.recordInterval)
                    return nil
                } catch {
                    return .lockLost(RolloutError(error).description)
                }
            }
            var interruption: Interruption?
            while let event = await group.next() {
                guard let event else { continue }
                if case .done = event { break }
                guard interruption == nil else { continue }
                interruption = event
                work.cancel()
                if case .stopped = event { await noteStopping(started) }
            }
            group.cancelAll()
            return interruption
        }
    }

    /// Looks at the record for a request to stop as often as the lock is renewed.
    private func recordedStop(_ started: StartedJob) async -> Interruption? {
        while !Task.isCancelled {
            do {
                try await context.time.sleep(context.timing.lease.renewalInterval)
                if try await started.store.isStopRequested(for: started.id) { return .stopped(.interrupted) }
            } catch is CancellationError {
                return nil
            } catch {
                // A look that fails is made up for by the next one; what keeps failing shows in the work itself.
                continue
            }
        }
        return nil
    }

    private func noteStopping(_ started: StartedJob) async {
        do { try await started.journal.setStatus(.stopping) } catch {
            started.log.emit(
                .warning(component: nil, object: nil, message: "the stop could not be recorded: \(error)"))
        }
    }

    /// Records the verdict, gives the lock back and tells of the result.
    private func close(_ started: StartedJob, _ result: JobResult) async -> JobResult {
        var result = result
        if result.code != .locked {
            do {
                try await started.journal.finish(result)
            } catch {
                let failure = RolloutError(error)
                result = JobResult(
                    status: .failed, code: ExitCode.deciding([result.code, failure.code]),
                    message: "the verdict could not be recorded: \(failure.description)",
                    causes: result.causes + failure.causes, retained: result.retained)
            }
        }
        if case .uninstall(let plan) = started.work, plan.removesEverything, result.code == .success {
            result = await removeNamespace(plan, started, result)
            await removeLock(started)
        }
        await started.lock.release()
        started.log.emit(.lock(.released))
        result = result.redacted(by: started.log.redactor)
        started.log.emit(.result(result))
        return result
    }

    /// Removes the namespace that the deployment created: last, because the verdict is recorded in it.
    private func removeNamespace(_ plan: UninstallPlan, _ started: StartedJob, _ result: JobResult) async -> JobResult {
        guard let uid = plan.namespaceUID else { return result }
        let key = ObjectKey(.namespace, name: plan.namespace)
        do {
            _ = try await guarded(by: started.lock, started.log).delete(key, options: DeleteOptions(uid: uid))
            started.log.emit(.action(component: "", object: key.description, action: .delete, failure: nil))
            guard let rest = try await whatKeeps(key, uid: uid) else { return result }
            return JobResult(
                status: .timeout, code: .timedOut, message: "\(key) is still being deleted: \(rest)",
                causes: result.causes, retained: result.retained + [key.description])
        } catch {
            let failure = RolloutError(error, object: key.description)
            return JobResult(
                status: .failed, code: failure.code, message: failure.description, causes: failure.causes,
                retained: result.retained + [key.description])
        }
    }

    /// Waits until a namespace is gone; what its conditions say when that takes too long, nil when it is gone.
    func whatKeeps(_ key: ObjectKey, uid: String) async throws -> String? {
        let deadline = context.time.monotonic() + context.timing.deletionStuck
        let client = context.client.on(.status)
        while let live = try await client.find(key), live.uid == uid {
            guard context.time.monotonic() < deadline else {
                let reasons = live.conditions.filter { $0.status == .yes }.map(\.message)
                return reasons.isEmpty ? "its contents are not gone yet" : reasons.joined(separator: "; ")
            }
            try await context.time.sleep(context.timing.poll / 20)
        }
        return nil
    }

    /// Removes the lock of a deployment that is gone, while nobody else can hold it.
    private func removeLock(_ started: StartedJob) async {
        await started.lock.leave()
        let key = ObjectKey(
            .lease, namespace: started.namespace, name: RecordNames.state(started.deployment))
        do {
            _ = try await context.client.on(.lease).delete(key)
        } catch {
            started.log.emit(
                .warning(
                    component: nil, object: key.description,
                    message: "the lock stays: \(RolloutError(error).description)"))
        }
    }

    private func rolloutJob(_ started: StartedJob, _ observer: ClusterObserver) async -> RolloutJob {
        let client = guarded(by: started.lock, started.log)
        let inventory: [InventoryEntry]
        switch started.work {
        case .rollout(let plan): inventory = plan.unionInventory
        case .uninstall(let plan):
            inventory = plan.stored?.record.inventory ?? (plan.doomed + plan.retained)
        }
        return RolloutJob(
            context: context, client: client,
            ownership: Ownership(deployment: started.deployment, namespace: started.namespace), log: started.log,
            journal: started.journal, ledger: Ledger(inventory), observer: observer,
            componentTimeout: await .seconds(started.journal.job.componentTimeout))
    }
}

/// What ended a job's work before it was done.
enum Interruption: Sendable {
    /// Nothing: it is done.
    case done
    case stopped(ExitCode)
    case lockLost(String)
    case timeOver(Duration)
}

extension JobResult {
    /// A failure before any work was done.
    static func failed(by error: any Error) -> JobResult {
        let failure = RolloutError(error)
        return JobResult(status: .failed, code: failure.code, message: failure.description, causes: failure.causes)
    }

    /// The verdict over the outcomes of components in plan order: the first failed component decides the code.
    static func of(
        _ outcomes: [(component: String, outcome: ComponentOutcome)], _ interruption: Interruption?, job: String,
        success: String
    ) -> JobResult {
        let causes = outcomes.flatMap(\.outcome.causes)
        switch interruption {
        case .lockLost(let reason)?:
            return JobResult(
                status: .failed, code: .locked, message: reason,
                causes: [Cause(code: ExitCode.locked.rawValue, message: reason)] + causes)
        case .stopped(let code)?:
            return JobResult(
                status: .canceled, code: code,
                message: "stopped; nothing was rolled back: iflearnerctl job resume \(job) goes on", causes: causes)
        case .timeOver(let limit)?:
            let message = "the job was not done after \(limit.text)"
            return JobResult(
                status: .timeout, code: .timedOut, message: message,
                causes: [Cause(code: ExitCode.timedOut.rawValue, message: message)] + causes)
        case .done?, nil: break
        }
        guard outcomes.contains(where: \.outcome.isFailure) else {
            return JobResult(status: .success, code: .success, message: success)
        }
        let first = outcomes.first { !$0.outcome.causes.isEmpty }?.outcome.causes ?? causes
        let code = ExitCode.deciding(first.compactMap { ExitCode(rawValue: $0.code) })
        let message = first.first.map { cause in (cause.component.map { "\($0): " } ?? "") + cause.message }
        return JobResult(
            status: code == .timedOut ? .timeout : .failed, code: code == .success ? .internalError : code,
            message: message ?? "a component was not brought to its end", causes: causes)
    }
}
