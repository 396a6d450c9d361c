// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Records

/// Something that happened in a rollout: what the live view, the log, the JSON lines and the job record are made of.
public enum RolloutEvent: Sendable, Hashable {
    /// The changes were computed.
    case plan(PlanSummary)
    /// A write to an object ended.
    case action(component: String, object: String, action: Action, failure: String?)
    /// A component changed its state; `done` of `total` objects are written or deleted.
    case component(name: String, status: SubJobStatus, done: Int, total: Int, reasons: [String])
    /// What an object is waiting for changed.
    case readiness(component: String, object: String, verdict: Verdict, reason: String, message: String)
    /// A component has to wait between two stages.
    case gate(component: String, stage: Stage, isOpen: Bool, message: String)
    /// A request is about to be tried again.
    case retry(object: String, cause: String, attempt: Int, delay: Duration)
    /// The lock was taken, waited for, lost or given back.
    case lock(LockChange)
    /// Something the user should know that stops nothing.
    case warning(component: String?, object: String?, message: String)
    /// A line of the job's history, as `job describe` shows under `States`.
    case state(String)
    /// It is over.
    case result(JobResult)

    /// What is done to an object.
    public enum Action: String, Sendable, Hashable {
        /// It is made.
        case create
        /// It is changed.
        case update
        /// It was kept by an uninstall and belongs to the deployment again.
        case adopt
        /// It is as it should be.
        case unchanged
        /// It is deleted.
        case delete
        /// It is kept, and no longer belongs to the deployment.
        case retain
        /// It is a hook, and runs.
        case run
    }

    /// How an object stands.
    public enum Verdict: String, Sendable, Hashable {
        /// It is as it should be.
        case ready = "Ready"
        /// It is on the way.
        case progressing = "Progressing"
        /// It will not get there by itself.
        case failed = "Failed"
    }
}

/// What a plan would do, in numbers.
public struct PlanSummary: Sendable, Hashable {
    /// Objects to make.
    public var created = 0
    /// Objects to change.
    public var updated = 0
    /// Objects that are as they should be.
    public var unchanged = 0
    /// Objects to delete.
    public var pruned = 0
    /// Objects of others that are used as they are.
    public var shared = 0
    /// Objects that cannot be written.
    public var refused = 0

    /// Nothing to do.
    public init() {}

    /// As in `2 to create, 1 to update, 23 unchanged`.
    public var text: String { text("to create", "to update", "to delete") }

    /// As in `2 created, 1 updated, 23 unchanged`.
    public var pastText: String { text("created", "updated", "deleted") }

    private func text(_ create: String, _ update: String, _ delete: String) -> String {
        let parts = [
            (created, create), (updated, update), (pruned, delete), (unchanged, "unchanged"), (shared, "shared"),
            (refused, "refused"),
        ]
        let shown = parts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return shown.isEmpty ? "no objects" : shown.joined(separator: ", ")
    }
}

/// What happened to the lock.
public enum LockChange: Sendable, Hashable {
    /// Somebody else has it: who, as people read it.
    case waiting(holder: String)
    /// It is ours; `isTakeover` when a dead holder had it.
    case acquired(isTakeover: Bool)
    /// It could not be renewed in time, or somebody else took it.
    case lost(reason: String)
    /// It was given back.
    case released
}

/// How a job ended.
public struct JobResult: Sendable, Hashable {
    /// The status word.
    public var status: JobStatus
    /// The exit code.
    public var code: ExitCode
    /// The closing sentence.
    public var message: String
    /// Every cause of a failure.
    public var causes: [Cause]
    /// What an uninstall left behind.
    public var retained: [String]

    /// Makes a result.
    public init(
        status: JobStatus, code: ExitCode, message: String, causes: [Cause] = [], retained: [String] = []
    ) {
        self.status = status
        self.code = code
        self.message = message
        self.causes = causes
        self.retained = retained
    }
}
