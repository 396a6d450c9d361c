// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values

/// What is known of one training, and what of it is to be told in its job's status and by events.
struct TrainingMemory: Sendable {
    /// What came of a look.
    struct News: Sendable {
        /// What to add to the status.
        var addition: StatusAdditions.Addition
        /// What has flipped.
        var events: [JobEvent]
    }

    /// A moment by both clocks: wall time is what is told, and may jump; what has passed is counted by the other one.
    struct Moment: Sendable {
        var wall: Timestamp
        var elapsed: Duration
    }

    private var observation: TrainingObservation?
    /// When it last moved; nil as long as only the status knows.
    private var moved: Duration?
    private var silence: (since: Moment, reason: String)?
    private var told: StatusAdditions.Addition

    /// Begins with what the status says: after a restart, a training has stood still for as long as before.
    init(of job: IflearnerJob) {
        observation = TrainingObservation(of: job)
        let conditions = [JobCondition.Kind.stalled, .completed].compactMap { kind in
            job.condition(kind).map { JobCondition(kind, $0.status, $0.reason, $0.message) }
        }
        told = StatusAdditions.Addition(training: observation?.value, conditions: conditions)
    }

    /// Takes over an answer.
    ///
    /// - Returns: what has changed by it; nil when nothing has, which is so most of the time.
    mutating func note(
        _ progress: TrainingProgress, of job: IflearnerJob, at now: Moment, patience: Duration
    ) -> News? {
        silence = nil
        // A status knows whole seconds.
        let moment = Timestamp(seconds: now.wall.seconds)
        var rest = observation?.progress == progress ? standstill(at: now) : .zero
        var seen =
            observation?.followed(by: progress, at: moment) ?? TrainingObservation(progress, lastChangeTime: moment)
        // Another controller may have seen it before: who looks later does not make the training younger.
        if let said = TrainingObservation(of: job), said.progress == progress, said.lastChangeTime < seen.lastChangeTime
        {
            rest += seen.lastChangeTime - said.lastChangeTime
            seen.lastChangeTime = said.lastChangeTime
        }
        observation = seen
        moved = now.elapsed - rest
        return news(of: job, TrainingVerdict(seen, isRunning: true, rest: rest, patience: patience), isSilent: false)
    }

    /// Takes over that there was no answer; the first reason stands until there is one.
    ///
    /// - Returns: what has changed by it.
    mutating func noteSilence(
        _ reason: String, of job: IflearnerJob, at now: Moment, patience: Duration
    ) -> News? {
        let silence = silence ?? (now, reason)
        self.silence = silence
        let rest = standstill(at: now)
        moved = now.elapsed - rest
        // Of who has never answered there is nothing to judge but the silence.
        let seen = observation ?? TrainingObservation(TrainingProgress(), lastChangeTime: now.wall)
        let verdict = TrainingVerdict(
            seen, isRunning: true, rest: rest,
            silence: TrainingVerdict.Silence(
                since: Timestamp(seconds: silence.since.wall.seconds), reason: silence.reason,
                duration: now.elapsed - silence.since.elapsed),
            patience: patience)
        if observation == nil, verdict.stalled.status == .no { return nil }
        return news(of: job, verdict, isSilent: observation == nil)
    }

    /// Takes over that the aggregator does not run any more: what does not run is not stalled.
    ///
    /// - Returns: what has changed by it; nil when nobody said that it was stalled.
    mutating func noteEnd(of job: IflearnerJob) -> News? {
        guard let stalled = condition(.stalled), stalled.status != .no else { return nil }
        var addition = told
        addition.conditions.removeAll { $0.kind == .stalled }
        addition.conditions.append(JobCondition(.stalled, .no, "NotRunning", ""))
        told = addition
        return News(addition: addition, events: [])
    }

    /// How long nothing has moved; what was before this program began, wall time alone can tell.
    private func standstill(at now: Moment) -> Duration {
        if let moved { return now.elapsed - moved }
        return observation.map { max(now.wall - $0.lastChangeTime, .zero) } ?? .zero
    }

    private func condition(_ kind: JobCondition.Kind) -> JobCondition? { told.conditions.first { $0.kind == kind } }

    private mutating func news(of job: IflearnerJob, _ verdict: TrainingVerdict, isSilent: Bool) -> News? {
        let addition = StatusAdditions.Addition(
            training: observation?.value,
            conditions: isSilent ? [verdict.stalled] : [verdict.stalled, verdict.completed])
        guard addition != told else { return nil }
        let events = events(of: job, verdict)
        told = addition
        return News(addition: addition, events: events)
    }

    private func events(of job: IflearnerJob, _ verdict: TrainingVerdict) -> [JobEvent] {
        var events: [JobEvent] = []
        let before = condition(.stalled)?.status ?? .no
        switch verdict.stalled.status {
        case .yes where before != .yes:
            events.append(JobEvent(.warning, "Stalled", verdict.stalled.message, about: job))
        case .unknown where before != .unknown:
            events.append(JobEvent(.warning, verdict.stalled.reason, verdict.stalled.message, about: job))
        case .no where before == .yes && verdict.completed.status != .yes:
            events.append(JobEvent(.normal, "Resumed", "the training goes on", about: job))
        default: break
        }
        if verdict.completed.status == .yes, condition(.completed)?.status != .yes {
            events.append(JobEvent(.normal, "Completed", verdict.completed.message, about: job))
        }
        return events
    }
}
