// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// Which process this is, so that another one can later tell whether it still lives.
public struct ProcessIdentity: Sendable, Hashable {
    /// The host's name.
    public var host: String
    /// The process id within its namespace.
    public var pid: Int32
    /// When the process started, in clock ticks since the boot: a reused pid has another.
    public var startTicks: UInt64
    /// The id of this boot of the machine.
    public var bootID: String
    /// The inode of the pid namespace: pids of another container mean nothing here.
    public var pidNamespace: UInt64

    /// Makes an identity of its parts.
    public init(host: String, pid: Int32, startTicks: UInt64, bootID: String, pidNamespace: UInt64) {
        self.host = host
        self.pid = pid
        self.startTicks = startTicks
        self.bootID = bootID
        self.pidNamespace = pidNamespace
    }

    /// The identity of this process; parts that `/proc` does not tell are zero or empty, and match nothing.
    public static var current: ProcessIdentity {
        let pid = getpid()
        return ProcessIdentity(
            host: ProcFiles.hostName(), pid: pid, startTicks: ProcFiles.status(of: pid)?.startTicks ?? 0,
            bootID: ProcFiles.bootID() ?? "", pidNamespace: ProcFiles.pidNamespace() ?? 0)
    }

    /// Whether a process lives, as far as this machine can tell.
    public enum Liveness: Sendable, Hashable {
        /// It runs.
        case alive
        /// It has ended: its pid is free or belongs to a later process.
        case dead
        /// It ran on another machine, before a reboot or in another container: nothing can be told from here.
        case unknown
    }

    /// Whether the process lives.
    public var liveness: Liveness {
        let here = Self.current
        guard !bootID.isEmpty, bootID == here.bootID, pidNamespace != 0, pidNamespace == here.pidNamespace else {
            return .unknown
        }
        guard let status = ProcFiles.status(of: pid) else {
            // Without /proc/<pid> the process is gone, unless /proc itself does not show the processes of others.
            return kill(pid, 0) == 0 || errno == EPERM ? .unknown : .dead
        }
        return status.startTicks == startTicks && !status.isZombie ? .alive : .dead
    }
}
