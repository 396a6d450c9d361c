// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Processes

/// What is to be said of a training: whether it is stalled, and whether it is over.
///
/// A pure function of what was seen. Its messages stay the same while nothing changes, so that a status is not written
/// again and again.
public struct TrainingVerdict: Sendable, Hashable {
    /// How long a training may stand still before it counts as stalled.
    public static let patience = Duration.seconds(900)

    /// That an aggregator does not answer.
    public struct Silence: Sendable, Hashable {
        /// Since when, as it is told.
        public var since: Timestamp
        /// Why.
        public var reason: String
        /// How long.
        public var duration: Duration

        /// Makes a silence.
        public init(since: Timestamp, reason: String, duration: Duration) {
            self.since = since
            self.reason = reason
            self.duration = duration
        }
    }

    /// Whether nothing has moved for longer than the patience although the training should go on.
    public var stalled: JobCondition
    /// Whether every party has said that its training is over.
    public var completed: JobCondition

    /// Judges a training.
    ///
    /// - Parameters:
    ///   - observation: What was seen of it last.
    ///   - isRunning: Whether the aggregator's pod runs.
    ///   - rest: How long nothing has moved, by a clock that does not jump where there is one.
    ///   - silence: How long the aggregator has not answered, if it does not.
    ///   - patience: How long either may last.
    public init(
        _ observation: TrainingObservation, isRunning: Bool, rest: Duration, silence: Silence? = nil,
        patience: Duration = Self.patience
    ) {
        let progress = observation.progress
        completed =
            progress.isComplete
            ? JobCondition(.completed, .yes, "AllPartiesComplete", Self.completion(progress))
            : JobCondition(.completed, .no, "InProgress", "")
        if progress.isComplete {
            stalled = JobCondition(.stalled, .no, "Completed", "")
        } else if !isRunning {
            stalled = JobCondition(.stalled, .no, "NotRunning", "")
        } else if let silence, silence.duration >= patience {
            stalled = JobCondition(
                .stalled, .unknown, "AggregatorSilent",
                "its aggregator has not answered since \(silence.since.rfc3339): \(silence.reason)")
        } else if rest - (silence?.duration ?? .zero) >= patience {
            let (reason, cause) = Self.cause(progress)
            stalled = JobCondition(
                .stalled, .yes, reason,
                "nothing has changed since \(observation.lastChangeTime.rfc3339): \(cause)")
        } else {
            stalled = JobCondition(.stalled, .no, "Progressing", "")
        }
    }

    private static func completion(_ progress: TrainingProgress) -> String {
        progress.parties.count == 1
            ? "the only party has finished" : "all \(progress.parties.count) parties have finished"
    }

    /// Who holds the others up.
    static func cause(_ progress: TrainingProgress) -> (reason: String, message: String) {
        let parties = progress.parties
        if progress.missingCount > 0 {
            let here = parties.isEmpty ? "" : " (registered: \(names(parties)))"
            return (
                "PartiesMissing",
                "\(progress.missingCount) of \(progress.partyCount) parties have not registered\(here)"
            )
        }
        let unready = parties.filter { !$0.isReady && !$0.isComplete }
        if !unready.isEmpty { return ("PartiesNotReady", "not ready: \(names(unready))") }
        let open = parties.filter { !$0.isComplete }
        let behind = open.filter { $0.epoch == progress.epoch }
        let ahead = parties.filter { $0.isComplete || $0.epoch > progress.epoch }
        if !ahead.isEmpty, !behind.isEmpty {
            return ("PartiesBehind", "in epoch \(progress.epochText): \(names(behind)); ahead: \(names(ahead))")
        }
        return parties.isEmpty
            ? ("NoParties", "no party has registered")
            : ("NoProgress", "every party is in epoch \(progress.epochText): \(names(parties))")
    }

    /// The names of parties, not too many of them.
    static func names(_ parties: [AggregatorStatus.Party]) -> String {
        let shown = parties.prefix(5).map(\.name).joined(separator: ", ")
        return parties.count > 5 ? "\(shown) and \(parties.count - 5) more" : shown
    }
}
