// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The status words of a job, as `job list` prints them.
public enum JobStatus: String, Sendable, Hashable, CaseIterable {
    /// Recorded; its worker has not begun.
    case pending = "Pending"
    /// At work.
    case running = "Running"
    /// Everything it was asked to do is done.
    case success = "Success"
    /// It ended with an error.
    case failed = "Failed"
    /// Its time was over before everything was ready.
    case timeout = "Timeout"
    /// Its stop was asked for; requests in flight are being finished.
    case stopping = "Stopping"
    /// It was stopped; nothing was rolled back.
    case canceled = "Canceled"
    /// It failed and the previous revision is back.
    case rolledBack = "RolledBack"
    /// Unfinished, but its worker is gone: derived when shown, never written (J-3b).
    case interrupted = "Interrupted"

    /// Whether the job is over.
    public var isFinal: Bool {
        switch self {
        case .success, .failed, .timeout, .canceled, .rolledBack: true
        case .pending, .running, .stopping, .interrupted: false
        }
    }

    /// Whether a record may go from this status to the next one.
    ///
    /// A final status that was not a success may become Running again: that is `job resume`.
    public func canBecome(_ next: JobStatus) -> Bool {
        switch (self, next) {
        case (_, .interrupted), (.interrupted, _), (.success, _), (.rolledBack, _): false
        case (.pending, .running), (.pending, .failed), (.pending, .canceled), (.pending, .stopping): true
        case (.running, .pending), (.stopping, .pending), (.stopping, .running): next == .running
        case (.running, _), (.stopping, _): true
        case (.failed, .running), (.timeout, .running), (.canceled, .running): true
        default: false
        }
    }
}

/// What kind of work a job does, in KubeFATE's words.
public enum JobMethod: String, Sendable, Hashable, CaseIterable {
    /// The first installation of a deployment.
    case install = "ClusterInstall"
    /// A further revision of a deployment.
    case upgrade = "ClusterUpdate"
    /// The removal of a deployment or of components of it.
    case uninstall = "ClusterDelete"
}

/// The state of one component within a job.
public enum SubJobStatus: String, Sendable, Hashable, CaseIterable {
    /// Its turn has not come.
    case pending = "Pending"
    /// It waits for components that it depends on.
    case blocked = "Blocked"
    /// Its changes are being computed.
    case planning = "Planning"
    /// Its objects are being written.
    case applying = "Applying"
    /// Its leftovers, or all its objects in an uninstall, are being deleted.
    case pruning = "Pruning"
    /// It is written and not ready yet.
    case waiting = "Waiting"
    /// It is done.
    case success = "Success"
    /// It failed; the reasons say why.
    case failed = "Failed"
    /// It was left out because a component it depends on failed.
    case skipped = "Skipped"
    /// It was stopped.
    case canceled = "Canceled"
    /// Its previous revision is back.
    case rolledBack = "RolledBack"

    /// Whether nothing more happens to the component in this job.
    public var isFinal: Bool {
        switch self {
        case .success, .failed, .skipped, .canceled, .rolledBack: true
        case .pending, .blocked, .planning, .applying, .pruning, .waiting: false
        }
    }

    /// Whether a component may go from this state to the next one within one run of the job.
    public func canBecome(_ next: SubJobStatus) -> Bool {
        if next == .rolledBack { return self == .success || self == .failed || self == .skipped || self == .canceled }
        if isFinal || next == .pending { return false }
        if next.isFinal { return next != .skipped || self == .pending || self == .blocked || self == .planning }
        // A component goes back from waiting to applying at each gate between its stages.
        if self == .waiting { return next == .applying || next == .pruning || next == .waiting }
        if self == .pruning { return next == .pruning || next == .waiting }
        let order: [SubJobStatus] = [.pending, .blocked, .planning, .applying, .pruning, .waiting]
        guard let from = order.firstIndex(of: self), let to = order.firstIndex(of: next) else { return false }
        return from <= to
    }
}
