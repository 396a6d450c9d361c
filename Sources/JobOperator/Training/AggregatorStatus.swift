// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Diagnostics
public import Values

/// What an aggregator answers to `GET /v1/status`: the parties that have registered with it.
///
/// It is a mapping of party names to `{ready, complete, current_epoch, total_epoch}` (`clients_to_json` of
/// iflytek/iflearner). A party is in it once it has registered; `ready` never goes back to false; `current_epoch` is the
/// round that the party takes part in, from 1; `total_epoch` is null when the aggregator was started without `--epochs`.
public struct AggregatorStatus: Sendable, Hashable {
    /// The most parties that are taken for true.
    public static let partyLimit = 512
    /// The longest name of a party, in UTF-8 bytes; flow allows ten characters.
    public static let nameLimit = 128
    /// The greatest number of rounds that is taken for true.
    public static let epochLimit: Int64 = 1_000_000_000

    /// One party.
    public struct Party: Sendable, Hashable {
        /// Its name: flow's federate id.
        public var name: String
        /// Whether it has said that it is ready for the first round.
        public var isReady: Bool
        /// Whether it has said that its training is over.
        public var isComplete: Bool
        /// The round that it takes part in; 0 before the first.
        public var epoch: Int64

        /// Makes a party.
        public init(name: String, isReady: Bool, isComplete: Bool, epoch: Int64) {
            self.name = name
            self.isReady = isReady
            self.isComplete = isComplete
            self.epoch = epoch
        }
    }

    /// The parties, by name.
    public var parties: [Party]
    /// How many rounds there will be; nil when the aggregator does not say.
    public var totalEpochs: Int64?

    /// Makes a status.
    public init(parties: [Party], totalEpochs: Int64?) {
        self.parties = parties
        self.totalEpochs = totalEpochs
    }

    /// Reads an answer; keys that are not known are passed over.
    ///
    /// - Throws: where the answer is not what an aggregator says.
    public init(_ answer: Value) throws(AggregatorStatusError) {
        guard let entries = answer.mapping else {
            throw AggregatorStatusError("", "expected an object, found \(answer.kindName)")
        }
        guard entries.count <= Self.partyLimit else {
            throw AggregatorStatusError("", "\(entries.count) parties are more than \(Self.partyLimit)")
        }
        var parties: [Party] = []
        for (name, value) in entries {
            guard name.utf8.count <= Self.nameLimit else {
                throw AggregatorStatusError(
                    String(name.prefix(40)) + "…", "the name is longer than \(Self.nameLimit) bytes")
            }
            let entry = PartyEntry(name: name, value: value)
            guard let epoch = try entry.epoch("current_epoch") else {
                throw AggregatorStatusError("\(name).current_epoch", "expected a whole number, found nothing")
            }
            parties.append(
                Party(
                    name: name, isReady: try entry.bool("ready"), isComplete: try entry.bool("complete"), epoch: epoch))
            if let total = try entry.epoch("total_epoch") { totalEpochs = max(totalEpochs ?? 0, total) }
        }
        self.parties = parties.sorted { $0.name < $1.name }
    }
}

/// An answer that no aggregator gives, and where in it that shows.
public struct AggregatorStatusError: ClusterFailure, Hashable, CustomStringConvertible {
    /// The path of the value, as in `party-a.current_epoch`; empty for the whole answer.
    public var path: String
    /// What is wrong with it.
    public var message: String

    init(_ path: String, _ message: String) {
        self.path = path
        self.message = message
    }

    /// As in `party-a.ready: expected a boolean, found string`.
    public var description: String { path.isEmpty ? message : "\(path): \(message)" }

    /// The same as a sentence.
    public var diagnostic: Diagnostic { Diagnostic("the aggregator's answer cannot be read: \(description)") }
}

/// The fields of one party.
private struct PartyEntry {
    let name: String
    let value: Value

    func bool(_ key: String) throws(AggregatorStatusError) -> Bool {
        let field = try field(key)
        guard let bool = field?.bool else { throw wrong(key, "expected a boolean", field) }
        return bool
    }

    /// A number of rounds; nil for null and when it is missing.
    func epoch(_ key: String) throws(AggregatorStatusError) -> Int64? {
        guard let field = try field(key), !field.isNull else { return nil }
        guard let number = field.int else { throw wrong(key, "expected a whole number", field) }
        guard (0...AggregatorStatus.epochLimit).contains(number) else {
            throw AggregatorStatusError("\(name).\(key)", "\(number) is out of range")
        }
        return number
    }

    private func field(_ key: String) throws(AggregatorStatusError) -> Value? {
        guard let fields = value.mapping else {
            throw AggregatorStatusError(name, "expected an object, found \(value.kindName)")
        }
        return fields[key]
    }

    private func wrong(_ key: String, _ expected: String, _ found: Value?) -> AggregatorStatusError {
        AggregatorStatusError("\(name).\(key)", "\(expected), found \(found?.kindName ?? "nothing")")
    }
}
