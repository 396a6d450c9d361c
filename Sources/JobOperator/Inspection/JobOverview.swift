// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Processes
public import Values

/// An IflearnerJob as people look at it: the job, its training and where its pod runs.
public struct JobOverview: Sendable, Hashable {
    /// The job.
    public var job: IflearnerJob
    /// How far its training is; nil where nobody knows, and for clients.
    public var training: Training?
    /// Why the aggregator could not be asked, in a few words; nil when it was not asked or has answered.
    public var silence: String?
    /// The node of its pod; nil when it has none, or nobody looked.
    public var node: String?
    /// What whoever watches makes of it; nil when nobody has watched long enough to say.
    public var verdict: TrainingVerdict?

    /// How far a training is, and who says so.
    public struct Training: Sendable, Hashable {
        /// How far it is.
        public var progress: TrainingProgress
        /// When it last moved; nil where the aggregator was asked just once.
        public var lastChangeTime: Timestamp?

        /// Makes a training.
        public init(progress: TrainingProgress, lastChangeTime: Timestamp?) {
            self.progress = progress
            self.lastChangeTime = lastChangeTime
        }

        /// The documented fields.
        public var value: Value {
            var fields = progress.fields
            if let lastChangeTime { fields["lastChangeTime"] = .string(lastChangeTime.rfc3339) }
            return .mapping(fields)
        }
    }

    /// What a job itself says: the operator writes the training into its status.
    public init(_ job: IflearnerJob) {
        self.job = job
        training = TrainingObservation(of: job).map {
            Training(progress: $0.progress, lastChangeTime: $0.lastChangeTime)
        }
    }

    /// Whether its aggregator can be asked: it runs one.
    public var hasAggregator: Bool { job.role == .server && job.isRunning }

    /// Whether its training is over; nil when it cannot be told.
    public var isCompleted: Bool? {
        switch job.condition(.completed)?.status {
        case .yes: true
        case .no: training?.progress.isComplete ?? false
        case .unknown, nil: training?.progress.isComplete
        }
    }

    /// Whether its training stands still, as the operator says or whoever watches; nil when nobody can tell.
    public var isStalled: Bool? {
        if verdict?.stalled.status == .yes { return true }
        switch job.condition(.stalled)?.status {
        case .yes: return job.isRunning
        case .no: return false
        case .unknown, nil: return verdict.map { $0.stalled.status != .unknown ? false : nil } ?? nil
        }
    }

    /// What is the matter with it; nil when nothing is, or nobody has said.
    public var trouble: JobTrouble? {
        if let found = JobTrouble(job) { return found }
        guard let stalled = verdict?.stalled, stalled.status != .no else { return nil }
        return JobTrouble(reason: stalled.kind.rawValue, message: stalled.message)
    }

    /// The phase with what is more important about it: `Running (Stalled)`, `Terminating`; `-` while nobody wrote one.
    public var phaseText: String {
        if job.isBeingDeleted { return "Terminating" }
        if job.phase.isEmpty { return "-" }
        if job.isRunning, isCompleted == true { return "\(job.phase) (Completed)" }
        return isStalled == true ? "\(job.phase) (Stalled)" : job.phase
    }

    /// The documented JSON.
    public var value: Value {
        var fields: Mapping = [
            "namespace": .string(job.key.namespace), "name": .string(job.key.name), "uid": .string(job.uid),
            "role": .string(job.roleText), "host": .string(job.host),
            "phase": .string(job.phase),
        ]
        if let identity = TaskIdentity(job) {
            fields["taskId"] = .string(identity.task)
            fields["party"] = identity.party.map(Value.string)
        }
        fields["createdAt"] = job.object.creationTimestamp.map(Value.string)
        fields["deletedAt"] = job.object.deletionTimestamp.map(Value.string)
        if let trouble {
            fields["reason"] = .string(trouble.reason)
            fields["message"] = .string(trouble.message)
        }
        fields["node"] = node.map(Value.string)
        fields["training"] = training?.value
        fields["trainingProblem"] = silence.map(Value.string)
        fields["stalled"] = isStalled.map(Value.bool)
        fields["completed"] = isCompleted.map(Value.bool)
        let conditions = job.object.conditions.map(\.value)
        if !conditions.isEmpty { fields["conditions"] = .array(conditions) }
        return .mapping(fields)
    }
}

extension IflearnerJob {
    /// Whether its pod runs, as its status says.
    public var isRunning: Bool { phase == JobPhase.running.rawValue }
    /// Whether it has ended, or is not run at all.
    public var isOver: Bool { JobPhase(rawValue: phase)?.isFinal == true }
    /// `spec.role` as it stands there.
    public var roleText: String { object["spec", "role"]?.string ?? "" }
    /// When it was made.
    public var created: Timestamp? { object.creationTimestamp.flatMap(Timestamp.init(rfc3339:)) }
}

extension Condition {
    /// The documented JSON.
    fileprivate var value: Value {
        var fields: Mapping = [
            "type": .string(type), "status": .string(status.rawValue), "reason": .string(reason),
            "message": .string(message),
        ]
        fields["lastTransitionTime"] = lastTransitionTime.map(Value.string)
        return .mapping(fields)
    }
}
