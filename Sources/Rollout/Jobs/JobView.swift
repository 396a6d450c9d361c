// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Processes
public import Records
public import Values

/// A job as it is to be shown: its record, and what its lock tells about its worker (J-3b).
public struct JobView: Sendable {
    /// The record as its worker last wrote it.
    public var record: JobRecord
    /// How the job stands: `Stopping` once its stop was asked for, `Interrupted` when its worker is gone.
    public var status: JobStatus

    /// Judges a record.
    ///
    /// The lock is the deployment's as it is now; nil when there is none. It is for display only: whether a lock may be
    /// taken is decided by watching it.
    public init(record: JobRecord, isStopRequested: Bool, lock: LeaseRecord?) {
        self.record = record
        status = Self.status(record.status, job: record.id, isStopRequested: isStopRequested, lock: lock)
    }

    /// The status to show for a written one.
    public static func status(
        _ written: JobStatus, job: String, isStopRequested: Bool, lock: LeaseRecord?
    ) -> JobStatus {
        guard !written.isFinal else { return written }
        guard let lock, let holder = lock.holderIdentity, holder.job == job, !lock.seemsAbandoned else {
            return .interrupted
        }
        return isStopRequested ? .stopping : written
    }

    /// The record's documented JSON with the status to show.
    public var json: Value {
        var shown = record
        shown.status = status
        return shown.json
    }
}

extension Rollout {
    /// A job as it is to be shown.
    ///
    /// - Throws: `RolloutError` with `notFound` when there is none.
    public func job(_ id: String, of deployment: String, in namespace: String) async throws(RolloutError) -> JobView {
        let log = log(deployment, namespace)
        return try await explained(by: log) {
            var lock: LeaseRecord?
            // A job that ends between the look at its record and the one at its lock seems to have lost its worker: what
            // looks like that is looked at once more, with the lock as it was.
            for isLastLook in [false, true] {
                guard let stored = try await records(of: deployment, in: namespace).job(id) else { break }
                if !isLastLook, !stored.record.status.isFinal {
                    lock = try await self.lock(of: deployment, in: namespace)
                }
                let view = JobView(
                    record: stored.record, isStopRequested: stored.annotations[RecordKeys.stopRequested] != nil,
                    lock: lock)
                if isLastLook || view.status != .interrupted { return view }
            }
            throw RolloutError(.notFound, "there is no job \(id) of \(deployment) in namespace \(namespace)")
        }
    }

    /// Jobs with the statuses to show: each deployment's lock is read once, and only for jobs that are not over.
    public func shown(_ jobs: [JobSummary]) async throws(RolloutError) -> [JobSummary] {
        let log = log("", "")
        return try await explained(by: log) {
            var jobs = jobs
            var locks: [String: LeaseRecord?] = [:]
            for index in jobs.indices {
                let job = jobs[index]
                guard let status = job.status, !status.isFinal else { continue }
                let place = "\(job.namespace)/\(job.deployment)"
                if locks[place] == nil {
                    locks[place] = .some(try await lock(of: job.deployment, in: job.namespace))
                }
                jobs[index].status = JobView.status(
                    status, job: job.id, isStopRequested: job.isStopRequested, lock: locks[place] ?? nil)
                // It may have ended since it was listed.
                guard jobs[index].status == .interrupted,
                    let now = try await records(of: job.deployment, in: job.namespace).job(job.id)?.record,
                    now.status.isFinal
                else { continue }
                jobs[index].status = now.status
                jobs[index].endTime = now.endTime
                jobs[index].exitCode = now.exitCode
            }
            return jobs
        }
    }

    /// The lock of a deployment as it is now; nil when it was never taken or may not be read.
    public func lock(of deployment: String, in namespace: String) async throws -> LeaseRecord? {
        do {
            return try await JobLock.place(
                client: context.client, deployment: deployment, namespace: namespace, terms: context.timing.lease,
                time: context.time
            ).record()
        } catch let error as APIError where error.reason == .forbidden {
            return nil
        }
    }

    /// Asks the worker of a job to stop at the next safe point (J-9); it looks as often as it renews its lock.
    ///
    /// - Throws: `RolloutError` with `refused` when the job is over, `notFound` when there is none.
    public func requestStop(of id: String, of deployment: String, in namespace: String) async throws(RolloutError) {
        let view = try await job(id, of: deployment, in: namespace)
        guard !view.status.isFinal else {
            throw RolloutError(.refused, "job \(id) is over: \(view.status.rawValue)")
        }
        let log = log(deployment, namespace)
        try await explained(by: log) {
            try await records(of: deployment, in: namespace).requestStop(of: id, at: context.time.wall())
        }
    }

    /// Deletes the record of a job that is over or interrupted; the deployment is not touched.
    ///
    /// - Throws: `RolloutError` with `refused` while its worker lives, `notFound` when there is none.
    public func deleteJob(_ id: String, of deployment: String, in namespace: String) async throws(RolloutError) {
        let view = try await job(id, of: deployment, in: namespace)
        guard view.status.isFinal || view.status == .interrupted else {
            throw RolloutError(
                .refused, "job \(id) is \(view.status.rawValue)", hint: "stop it first: iflearnerctl job stop \(id)")
        }
        let log = log(deployment, namespace)
        try await explained(by: log) {
            let store = records(of: deployment, in: namespace)
            for job in try await store.jobs() where job.id == id { try await store.delete(job) }
        }
    }
}
