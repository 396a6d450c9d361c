// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The exit codes of the command line: a stable contract for scripts.
public enum ExitCode: Int, Sendable, Hashable, CaseIterable {
    /// Success, or nothing to change.
    case success = 0
    /// An internal error: a bug.
    case internalError = 1
    /// With `--exit-code`: changes pend.
    case changesPend = 2
    /// The plan, its values or a template is invalid.
    case invalidPlan = 3
    /// Preflight failed: cluster identity, permission, API or certificate.
    case preflight = 4
    /// Locked by a live job, the lease is lost, or the watched job's worker is gone.
    case locked = 5
    /// The API server or an admission webhook rejected an object.
    case rejected = 6
    /// An object or a field belongs to somebody else, or the plan changed meanwhile.
    case conflict = 7
    /// A field cannot be changed in place.
    case immutable = 8
    /// Something that was deployed failed.
    case notReady = 9
    /// The time was over while things still progressed.
    case timedOut = 10
    /// Some deployments of a federation succeeded, some did not.
    case partial = 11
    /// The cluster cannot be reached, or does not accept the credentials.
    case unreachable = 12
    /// A record is unreadable, too large or not writable.
    case record = 13
    /// Failed, and rolled back successfully.
    case rolledBack = 14
    /// Failed, and rolling back failed too.
    case rollbackFailed = 15
    /// There is no such thing.
    case notFound = 16
    /// Refused in this state: it exists already, is busy or is ambiguous.
    case refused = 17
    /// The command line is wrong.
    case usage = 64
    /// Stopped by SIGINT, or by `job stop`.
    case interrupted = 130
    /// Stopped by SIGTERM.
    case terminated = 143
}

extension ExitCode {
    /// The code of a run with several causes, given those of the first component that failed, in plan order.
    ///
    /// A signal outranks everything, then a failed and a successful rollback, then a lost lock; among the rest the lowest
    /// number wins.
    public static func deciding(_ codes: some Sequence<ExitCode>) -> ExitCode {
        let codes = Set(codes).subtracting([.success])
        let ranked: [ExitCode] = [.interrupted, .terminated, .rollbackFailed, .rolledBack, .locked, .partial]
        for code in ranked where codes.contains(code) { return code }
        return codes.min { $0.rawValue < $1.rawValue } ?? .success
    }
}
