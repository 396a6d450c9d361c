// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records

/// Keeps the records of a running job: the job record as it progresses, the state record at its turning points.
///
/// Progress is written at most once per interval; losing it loses nothing that counts (J-7). Everything it is told
/// becomes an event as well.
actor Journal {
    private let store: RecordStore
    private let log: EventLog
    private let time: TimeSource
    private let leaseTransitions: Int
    private var storedJob: Stored<JobRecord>?
    private var storedState: Stored<DeploymentState>?
    private var sequence: Int
    private var isDirty = false
    /// The last write that was begun, over or not.
    private var lastWrite: Task<Void, any Error>?

    /// The job as it is now; the stored record may be a little older.
    private(set) var job: JobRecord
    /// The deployment's state as it was last written.
    private(set) var state: DeploymentState?

    /// Opens the journal of a job that is recorded already, or is about to be (`storedJob` nil).
    init(
        store: RecordStore, log: EventLog, time: TimeSource, leaseTransitions: Int, job: JobRecord,
        storedJob: Stored<JobRecord>?, storedState: Stored<DeploymentState>?
    ) {
        self.store = store
        self.log = log
        self.time = time
        self.leaseTransitions = leaseTransitions
        self.job = job
        self.storedJob = storedJob
        self.storedState = storedState
        state = storedState?.record
        // A process that goes on with a job counts on from the last write, so that marks stay unique.
        sequence = max(storedJob?.mark?.sequence ?? 0, storedState?.mark?.sequence ?? 0)
    }

    /// The mark of the next write.
    private func nextMark() -> WriteMark {
        sequence += 1
        return WriteMark(job: job.id, leaseTransitions: leaseTransitions, sequence: sequence)
    }

    // MARK: The job record

    /// Notes a line of the job's history.
    func note(_ text: String) {
        let text = log.redactor.redact(text)
        job.states.append(JobEvent(time: time.wall(), text: text))
        isDirty = true
        log.emit(.state(text))
    }

    /// Changes the record of a component, and tells of it if something changed.
    func update(_ component: String, _ change: @Sendable (inout SubJob) -> Void) {
        guard let index = job.subJobs.firstIndex(where: { $0.component == component }) else { return }
        let before = job.subJobs[index]
        change(&job.subJobs[index])
        let redactor = log.redactor
        job.subJobs[index].reasons = job.subJobs[index].reasons.map(redactor.redact)
        if job.subJobs[index].status != before.status {
            if job.subJobs[index].startTime == nil, job.subJobs[index].status != .blocked {
                job.subJobs[index].startTime = time.wall()
            }
            if job.subJobs[index].status.isFinal { job.subJobs[index].endTime = time.wall() }
        }
        guard job.subJobs[index] != before else { return }
        isDirty = true
        let now = job.subJobs[index]
        log.emit(
            .component(
                name: component, status: now.status, done: now.done, total: now.total, reasons: now.reasons))
    }

    /// Notes the job's status and writes the record at once.
    func setStatus(_ status: JobStatus, worker: HolderIdentity? = nil) async throws {
        job.status = status
        if let worker { job.worker = worker }
        if status == .running, job.startTime == nil { job.startTime = time.wall() }
        note("update job status to \(status.rawValue)")
        try await writeJob()
    }

    /// Closes the job and writes the record.
    func finish(_ result: JobResult) async throws {
        let result = result.redacted(by: log.redactor)
        job.status = result.status
        job.endTime = time.wall()
        job.verdict = result.message
        job.causes = result.causes
        job.exitCode = result.code.rawValue
        job.retained = result.retained
        note("job run \(result.status.rawValue)")
        try await writeJob()
    }

    /// Forgets how an earlier run of the job ended: it is being resumed.
    func reopen(components: [String]) {
        job.endTime = nil
        job.verdict = nil
        job.causes = []
        job.exitCode = nil
        job.subJobs = components.map(SubJob.init)
        note("job resumed")
    }

    /// Writes the job record now.
    func writeJob() async throws {
        try await inTurn { try await $0.replaceJob() }
    }

    private func replaceJob() async throws {
        isDirty = false
        job.heartbeat = time.wall()
        storedJob = try await store.write(job, replacing: storedJob, mark: nextMark())
    }

    /// Does one write of a record after the other, each to its end although the task that asked for it is cancelled.
    ///
    /// A write that overtook another, or whose answer nobody waited for, would look like a rival's to the next one.
    private func inTurn(_ write: @escaping @Sendable (isolated Journal) async throws -> Void) async throws {
        let previous = lastWrite
        let task = Task {
            _ = await previous?.result
            try await write(self)
        }
        lastWrite = task
        try await task.value
    }

    /// Writes the job record whenever it changed, until the task is cancelled or somebody else wrote it.
    ///
    /// - Throws: `RecordError.rival`.
    func keepWriting(every interval: Duration) async throws {
        while !Task.isCancelled {
            do {
                try await time.sleep(interval)
                if isDirty { try await uncancelled { try await self.writeJob() } }
            } catch RecordError.rival(let record, let mark) {
                throw RecordError.rival(record, by: mark)
            } catch is CancellationError {
                return
            } catch {
                // Progress that could not be written is written with the next change.
                isDirty = true
            }
        }
    }

    // MARK: The state record and the revision

    /// Writes the state record.
    func write(_ state: DeploymentState) async throws {
        var state = state
        state.updatedAt = time.wall()
        let record = state
        try await inTurn { try await $0.replaceState(with: record) }
    }

    private func replaceState(with record: DeploymentState) async throws {
        storedState = try await store.write(record, replacing: storedState, mark: nextMark())
        state = record
    }

    /// Writes a revision as pending.
    func create(_ revision: Revision) async throws {
        try await store.create(revision, mark: nextMark())
    }

    /// Notes on a revision how far it came.
    func mark(revision: Int, as phase: Phase) async throws {
        try await store.mark(revision: revision, as: phase, mark: nextMark())
    }

    /// Deletes the state record.
    func deleteState() async throws {
        guard let storedState else { return }
        try await store.delete(storedState)
        self.storedState = nil
        state = nil
    }
}
