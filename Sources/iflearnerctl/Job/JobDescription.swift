// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Records
import Terminal

/// `job describe` in KubeFATE's layout (spec/cli.md), with the reasons under a component that is not available.
struct JobDescription {
    let record: JobRecord
    /// The status to show: the record's, or Interrupted (J-3b).
    let status: JobStatus
    let now: Timestamp

    var lines: [String] {
        var fields = Fields()
        fields.add("UUID", record.id)
        fields.add("StartTime", (record.startTime ?? record.createdAt).text)
        fields.add("EndTime", record.endTime?.text ?? "")
        fields.add("Duration", ((record.endTime ?? now) - (record.startTime ?? record.createdAt)).elapsed)
        fields.add("Status", status.rawValue)
        fields.add("Creator", record.creator)
        fields.add("ClusterId", record.clusterID)
        fields.add("Cluster", "\(record.namespace)/\(record.deployment)")
        fields.add("Method", record.method.rawValue)
        if let revision = record.revision { fields.add("Revision", String(revision)) }
        fields.add("States", record.states.map { "- \($0.time.clock) \($0.text)" })
        fields.add("SubJobs", record.subJobs.flatMap(subJob))
        if let verdict = record.verdict, !record.causes.isEmpty || status != .success { fields.add("Verdict", verdict) }
        if !record.causes.isEmpty { fields.add("Causes", record.causes.flatMap(cause)) }
        if !record.retained.isEmpty { fields.add("Retained", record.retained) }
        if let next { fields.add("Next", next) }
        return fields.lines
    }

    private func subJob(_ job: SubJob) -> [String] {
        let widest = record.subJobs.map(\.component.count).max() ?? 0
        let name = job.component + String(repeating: " ", count: widest - job.component.count)
        var line = "\(name)  ModuleStatus: \(job.moduleStatus.rawValue), SubJobStatus: \(job.status.rawValue)"
        if let start = job.startTime {
            let duration = ((job.endTime ?? now) - start).elapsed
            line += ", Duration: \(String(repeating: " ", count: max(0, 5 - duration.count)))\(duration)"
            line += ", StartTime: \(start.text)"
            if let end = job.endTime { line += ", EndTime: \(end.text)" }
        }
        if job.total > 0, !job.status.isFinal { line += ", Objects: \(job.done)/\(job.total)" }
        let margin = String(repeating: " ", count: widest + 2)
        return [line] + job.reasons.map { margin + $0 }
    }

    private func cause(_ cause: Cause) -> [String] {
        let place = [cause.component, cause.object].compactMap { $0 }.joined(separator: " ")
        let line = place.isEmpty ? "- \(cause.message)" : "- \(place): \(cause.message)"
        return [line] + (cause.hint.map { ["  \($0)"] } ?? [])
    }

    /// The next command to run, where there is one to tell.
    private var next: String? {
        let id = record.id.prefix(8)
        switch status {
        case .interrupted, .canceled: return "iflearnerctl job resume \(id)"
        case .failed, .timeout:
            return record.method == .uninstall
                ? "iflearnerctl job resume \(id)"
                : "iflearnerctl cluster logs \(record.deployment) -n \(record.namespace), then cluster upgrade or job resume \(id)"
        case .pending, .running, .stopping: return "iflearnerctl job watch \(id)"
        case .success, .rolledBack: return nil
        }
    }
}
