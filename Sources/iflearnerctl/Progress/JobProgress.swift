// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Records
import Rollout

/// Where a job stands, as far as its events or its record tell: what every view of a running job shows.
struct JobProgress: Sendable {
    /// One component.
    struct Row: Sendable, Hashable {
        var name: String
        var status: SubJobStatus
        var done: Int
        var total: Int
        var started: Timestamp?
        var ended: Timestamp?
        /// What it waits for or why it failed; the deciding reason first.
        var reasons: [String]
    }

    /// The job's id; empty while there is none yet.
    private(set) var id = ""
    private(set) var status = JobStatus.pending
    private(set) var rows: [Row] = []
    private(set) var result: JobResult?

    /// A job whose components are known only from what comes.
    init() {}

    /// A job of these components, of which nothing has happened yet.
    init(components: [String]) { for component in components { _ = append(component) } }

    /// A job as its record has it.
    init(_ record: JobRecord) { update(record) }

    /// Takes over a record: how a job is followed from another process or machine.
    mutating func update(_ record: JobRecord) {
        id = record.id
        status = record.status
        rows = record.subJobs.map { job in
            Row(
                name: job.component, status: job.status, done: job.done, total: job.total, started: job.startTime,
                ended: job.endTime, reasons: job.reasons)
        }
    }

    /// Takes over an event: how a job is followed by the process that does it.
    mutating func update(_ line: EventLine) {
        if !line.job.isEmpty { id = line.job }
        switch line.event {
        case .component(let name, let status, let done, let total, let reasons):
            let index = rows.firstIndex { $0.name == name } ?? append(name)
            rows[index].status = status
            rows[index].done = done
            rows[index].total = total
            rows[index].reasons = reasons
            if rows[index].started == nil, status != .pending, status != .blocked { rows[index].started = line.time }
            if status.isFinal, rows[index].ended == nil { rows[index].ended = line.time }
            if self.status == .pending { self.status = .running }
        case .result(let result):
            status = result.status
            self.result = result
        default: break
        }
    }

    private mutating func append(_ name: String) -> Int {
        rows.append(Row(name: name, status: .pending, done: 0, total: 0, started: nil, ended: nil, reasons: []))
        return rows.count - 1
    }
}
