// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Records
public import Rollout
import Values

/// How a job of this machine ended, from its log: all that is left of one whose record went with its namespace (J-6).
public struct LocalVerdict: Sendable {
    /// The job.
    public let entry: LocalIndex.Entry
    /// How it ended; causes and what stayed are in the record alone.
    public let result: JobResult

    /// The verdict of a job that this machine started; nil when it is not over or its log is gone.
    public init?(of entry: LocalIndex.Entry, in state: StateDirectory) {
        guard let log = FileManager.default.contents(atPath: state.jobLog(entry.job)) else { return nil }
        let lines = String(decoding: log, as: UTF8.self).split(separator: "\n").reversed()
        for line in lines {
            // A worker's last words are no JSON.
            guard let event = try? Value(json: String(line)), event["type"]?.string == "result",
                let status = event["state"]?.string.flatMap(JobStatus.init),
                let code = event["code"]?.int.flatMap({ ExitCode(rawValue: Int($0)) })
            else { continue }
            self.entry = entry
            result = JobResult(status: status, code: code, message: event["message"]?.string ?? "")
            return
        }
        return nil
    }
}
