// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Who holds a lock: the job and the process that does it.
public struct HolderIdentity: Sendable, Hashable, CustomStringConvertible {
    /// The id of the job.
    public var job: String
    /// The process.
    public var process: ProcessIdentity

    /// Names a holder.
    public init(job: String, process: ProcessIdentity) {
        self.job = job
        self.process = process
    }

    /// Reads the text of a lock; nil when another program wrote it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 5, !parts[0].isEmpty, let dot = parts[2].firstIndex(of: "."),
            let pid = Int32(parts[2][..<dot]), let ticks = UInt64(parts[2][parts[2].index(after: dot)...]),
            let namespace = UInt64(parts[4])
        else { return nil }
        job = parts[0]
        process = ProcessIdentity(
            host: parts[1], pid: pid, startTicks: ticks, bootID: parts[3], pidNamespace: namespace)
    }

    /// The text of a lock: `job/host/pid.start/boot/namespace`.
    public var description: String {
        "\(job)/\(process.host)/\(process.pid).\(process.startTicks)/\(process.bootID)/\(process.pidNamespace)"
    }
}
