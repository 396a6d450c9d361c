// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes
public import Values

/// How far a training is, and since when it has been there: `status.training` of an IflearnerJob.
public struct TrainingObservation: Sendable, Hashable {
    /// How far it is.
    public var progress: TrainingProgress
    /// When it last moved: a round, a party that came, was ready or was done.
    public var lastChangeTime: Timestamp

    /// Makes an observation.
    public init(_ progress: TrainingProgress, lastChangeTime: Timestamp) {
        self.progress = progress
        self.lastChangeTime = lastChangeTime
    }

    /// What is known after another look: the same when nothing has moved, so that nothing is written for it.
    public func followed(by progress: TrainingProgress, at now: Timestamp) -> TrainingObservation {
        progress == self.progress ? self : TrainingObservation(progress, lastChangeTime: now)
    }
}

extension TrainingObservation {
    /// The value of `status.training`.
    public var value: Value {
        var fields = progress.fields
        fields["lastChangeTime"] = .string(lastChangeTime.rfc3339)
        return .mapping(fields)
    }

    /// Reads `status.training`; nil where there is none, or it cannot be read.
    public init?(status: Value?) {
        guard let training = status?["training"], let progress = TrainingProgress(fields: training),
            let time = training["lastChangeTime"]?.string.flatMap(Timestamp.init(rfc3339:))
        else { return nil }
        self.init(progress, lastChangeTime: time)
    }

    /// What the operator last wrote about a job.
    public init?(of job: IflearnerJob) { self.init(status: job.status) }
}
