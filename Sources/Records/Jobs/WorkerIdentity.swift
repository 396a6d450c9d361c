// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Which process works on a job: the holder of its lease (J-1).
public struct WorkerIdentity: Sendable, Hashable {
    /// The job's id.
    public var job: String
    /// The host name, for people.
    public var host: String
    /// The process id.
    public var pid: Int32
    /// The kernel's start time of the process in clock ticks, which tells a reused process id.
    public var processStart: UInt64
    /// The kernel's boot id: the same id means the same running machine.
    public var bootID: String
    /// The inode of the process-id namespace: the same machine may number processes differently in containers.
    public var pidNamespace: UInt64

    /// Names a process.
    public init(
        job: String, host: String, pid: Int32, processStart: UInt64, bootID: String, pidNamespace: UInt64
    ) {
        self.job = job
        self.host = host
        self.pid = pid
        self.processStart = processStart
        self.bootID = bootID
        self.pidNamespace = pidNamespace
    }

    /// Whether both processes are numbered by the same kernel in the same process-id namespace.
    public func isVisible(from other: WorkerIdentity) -> Bool {
        !bootID.isEmpty && bootID == other.bootID && pidNamespace == other.pidNamespace
    }
}

extension WorkerIdentity: CustomStringConvertible {
    /// The spelling in `holderIdentity`: `<job>/<host>/<pid>/<start>/<boot id>/<pid namespace>`.
    public var description: String { "\(job)/\(host)/\(pid)/\(processStart)/\(bootID)/\(pidNamespace)" }

    /// Reads the spelling of `holderIdentity`; nil when somebody else wrote it.
    public init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 6, let pid = Int32(parts[2]), let start = UInt64(parts[3]),
            let namespace = UInt64(parts[5])
        else { return nil }
        self.init(
            job: String(parts[0]), host: String(parts[1]), pid: pid, processStart: start, bootID: String(parts[4]),
            pidNamespace: namespace)
    }
}
