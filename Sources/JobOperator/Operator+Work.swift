// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Telemetry
import Values

extension Operator {
    /// Works on jobs until the end is asked for and the last pass is over, or the time for that is.
    func attend(_ duties: LeaderDuties) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            defer { group.cancelAll() }
            group.addTask { [self] in
                await makePasses(duties.reconciler)
                await duties.conclude()
                return true
            }
            group.addTask { [self] in
                try await stopping.wait()
                try await time.sleep(options.timing.drain)
                log.warn("passes take too long and are cut off", ["passes": .int(Int64(queue.statistics.active))])
                return true
            }
            for companion in duties.companions + [queue.keepTime] {
                group.addTask {
                    await companion()
                    return false
                }
            }
            while try await group.next() == false {}
        }
    }

    /// Makes passes over jobs, several at once, until the queue is shut down.
    private func makePasses(_ reconciler: any Reconciling) async {
        await withTaskGroup(of: Void.self) { workers in
            for _ in 0..<max(1, options.workers) {
                workers.addTask { [self] in
                    while let job = await queue.next() {
                        if let wait = pace.wait(before: job, at: time.monotonic()) {
                            queue.add(job, after: wait)
                        } else {
                            await makePass(over: job, reconciler)
                            if !cache.hasJob(job) { pace.forget(job) }
                        }
                        queue.finish(job)
                    }
                }
            }
        }
    }

    private func makePass(over job: JobKey, _ reconciler: any Reconciling) async {
        let began = time.monotonic()
        let result: Result<ReconcileOutcome, any Error>
        do {
            result = .success(try await reconciler.reconcile(job))
        } catch {
            result = .failure(error)
        }
        let duration = time.monotonic() - began
        switch result {
        case .success(let outcome):
            queue.forget(job)
            if case .again(let delay) = outcome { queue.add(job, after: delay) }
            metrics.note(outcome == .settled ? .success : .requeueAfter, duration)
            let recovered = failures.forget(job)
            log.event(recovered ? .info : .debug, "made a pass", fields(job, duration))
        // The controller is about to end: that is no failure of the job.
        case .failure(let error) where error is CancellationError || error is OperatorError: break
        case .failure(let error):
            let delay = queue.retry(job, after: (error as? APIError)?.retryAfter ?? .zero)
            metrics.note(.error, duration)
            guard let times = failures.note(error.logText, of: job) else { return }
            log.error(
                "a pass failed",
                fields(job, duration).adding([
                    "error": .string(error.logText), "times": .int(Int64(times)), "retry": .double(delay.rounded),
                ]))
        }
    }

    private func fields(_ job: JobKey, _ duration: Duration) -> Mapping {
        ["namespace": .string(job.namespace), "job": .string(job.name), "seconds": .double(duration.rounded)]
    }
}

extension Duration {
    /// Seconds, to the millisecond.
    fileprivate var rounded: Double { (self / .milliseconds(1)).rounded() / 1000 }
}

extension Mapping {
    fileprivate func adding(_ other: Mapping) -> Mapping {
        var result = self
        for (key, value) in other { result[key] = value }
        return result
    }
}
