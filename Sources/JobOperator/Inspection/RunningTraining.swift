// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A training that would be cut if its job, or the way to it, went away: trainers never try again.
public struct RunningTraining: Sendable, Hashable, CustomStringConvertible {
    /// The job.
    public var key: JobKey
    /// The parties that are not done; of a client its own.
    public var parties: [String]
    /// The round, for people; nil where it cannot be told.
    public var epoch: String?
    /// Why nobody knows how far it is; nil when that is known.
    public var doubt: String?

    /// What a job has to lose; nil when nothing would be cut: it does not run, no party has come, or all are done.
    ///
    /// Of an aggregator that does not answer the worst is believed.
    public init?(_ overview: JobOverview) {
        let job = overview.job
        guard job.isRunning, !job.isBeingDeleted else { return nil }
        key = job.key
        guard job.role == .server else {
            parties = [TaskIdentity(job)?.party ?? job.key.name]
            return
        }
        let progress = overview.training?.progress
        if progress?.isComplete == true { return nil }
        if overview.silence == nil, let progress, progress.parties.isEmpty { return nil }
        parties = progress?.parties.filter { !$0.isComplete }.map(\.name) ?? []
        epoch = progress?.epochText
        doubt = overview.silence
    }

    /// As in `default/iflearnerjob-server-1: epoch 3/10, parties a, b`.
    public var description: String {
        var words: [String] = []
        if let epoch { words.append("epoch \(epoch)") }
        if !parties.isEmpty {
            words.append((parties.count == 1 ? "party " : "parties ") + Self.names(parties))
        }
        if let doubt { words.append("its aggregator could not be asked: \(doubt)") }
        return words.isEmpty ? key.description : "\(key): \(words.joined(separator: ", "))"
    }

    private static func names(_ parties: [String]) -> String {
        let shown = parties.prefix(5).joined(separator: ", ")
        return parties.count > 5 ? "\(shown) and \(parties.count - 5) more" : shown
    }
}
