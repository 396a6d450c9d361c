// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// What an aggregator was started for, as its command line says: how many parties and how many rounds.
///
/// Its own status tells only of parties that have come; who is missing can be told from this alone.
public struct TrainingTerms: Sendable, Hashable {
    /// `-n`, `--num`: the parties that take part; nil when it cannot be told.
    public var parties: Int?
    /// `--epochs`: the rounds; nil when it cannot be told.
    public var epochs: Int64?

    /// Makes terms.
    public init(parties: Int? = nil, epochs: Int64? = nil) {
        self.parties = parties
        self.epochs = epochs
    }

    /// Reads the arguments of a job's first container as argparse does: the last one wins, since flow repeats them.
    public init(of job: IflearnerJob) {
        let container = job.template?[path: "spec", "containers"]?[0]
        var words = ((container?["command"]?.array ?? []) + (container?["args"]?.array ?? [])).compactMap(\.string)[...]
        while let word = words.popFirst() {
            if let text = Self.value(of: word, long: "--num", short: "-n", next: words.first), let number = Int(text),
                (1...AggregatorStatus.partyLimit).contains(number)
            {
                parties = number
            } else if let text = Self.value(of: word, long: "--epochs", short: nil, next: words.first),
                let number = Int64(text), (1...AggregatorStatus.epochLimit).contains(number)
            {
                epochs = number
            }
        }
    }

    /// The value that a word carries or that follows it: `-n=3`, `-n3`, `-n 3`, `--num=3`, `--num 3`.
    private static func value(of word: String, long: String, short: String?, next: String?) -> String? {
        if word == long || word == short { return next }
        if word.hasPrefix(long + "=") { return String(word.dropFirst(long.count + 1)) }
        guard let short, word.hasPrefix(short), !word.hasPrefix("--") else { return nil }
        let rest = word.dropFirst(short.count)
        return String(rest.first == "=" ? rest.dropFirst() : rest)
    }
}
