// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Diagnostics
import Processes

/// A lock cannot be had, or was lost.
public enum LeaseError: ClusterFailure, Hashable {
    /// A live holder has it.
    case held(by: LeaseRecord, name: String)
    /// Someone else took it, or it could not be renewed in time.
    case lost(reason: String, name: String)

    /// Who has the lock, since when, and what to do.
    public var diagnostic: Diagnostic {
        switch self {
        case .held(let record, let name):
            var who = record.holder ?? "nobody"
            if let identity = record.holderIdentity {
                who = "job \(identity.job) on \(identity.process.host) (pid \(identity.process.pid))"
            }
            var message = "\(name) is locked by \(who)"
            if let since = record.acquireTime { message += " since \(since.rfc3339)" }
            if let renewed = record.renewTime { message += ", last heartbeat \(renewed.rfc3339)" }
            return Diagnostic(
                message,
                hint: record.holderIdentity.map { "follow it with: iflearnerctl job watch \($0.job)" }
                    ?? "wait until it is released")
        case .lost(let reason, let name):
            return Diagnostic(
                "the lock of \(name) is lost: \(reason)",
                hint: "nothing more was written; the job can be resumed once the other one is done")
        }
    }
}
