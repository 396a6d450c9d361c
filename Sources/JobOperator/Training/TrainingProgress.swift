// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// How far a training is, as its aggregator last told.
public struct TrainingProgress: Sendable, Hashable {
    /// The parties that have registered, by name.
    public var parties: [AggregatorStatus.Party]
    /// How many parties take part; nil when it cannot be told.
    public var expectedParties: Int?
    /// How many rounds there are; nil when it cannot be told.
    public var totalEpochs: Int64?

    /// Makes progress of its parts.
    public init(parties: [AggregatorStatus.Party] = [], expectedParties: Int? = nil, totalEpochs: Int64? = nil) {
        self.parties = parties
        self.expectedParties = expectedParties
        self.totalEpochs = totalEpochs
    }

    /// What an aggregator says, in the light of what it was started for.
    public init(_ status: AggregatorStatus, terms: TrainingTerms) {
        self.init(
            parties: status.parties, expectedParties: terms.parties, totalEpochs: status.totalEpochs ?? terms.epochs)
    }

    /// How many parties there are to be: those that were asked for, or as many as have come.
    public var partyCount: Int { max(expectedParties ?? 0, parties.count) }
    /// How many parties have said that they are ready.
    public var readyCount: Int { parties.count(where: \.isReady) }
    /// How many parties have not registered.
    public var missingCount: Int { partyCount - parties.count }

    /// Whether every party has said that its training is over.
    public var isComplete: Bool { missingCount == 0 && !parties.isEmpty && parties.allSatisfy(\.isComplete) }

    /// The round that the training is in: that of the party that is least far; 0 while a party is missing.
    ///
    /// Parties that are done count only when all are: they may have stopped before the others.
    public var epoch: Int64 {
        if missingCount > 0 { return 0 }
        let open = parties.filter { !$0.isComplete }
        return open.map(\.epoch).min() ?? parties.map(\.epoch).max() ?? 0
    }

    /// The round for people: `3/10`, or `3` when nobody knows how many there are.
    public var epochText: String { totalEpochs.map { "\(epoch)/\($0)" } ?? "\(epoch)" }
    /// How many parties are ready, for people: `2/3`.
    public var partiesText: String { "\(readyCount)/\(partyCount)" }
}

extension TrainingProgress {
    /// The documented fields: `epoch`, `totalEpochs`, `expectedParties`, `complete` and `parties`.
    public var fields: Mapping {
        var fields: Mapping = ["epoch": .int(epoch)]
        if let totalEpochs { fields["totalEpochs"] = .int(totalEpochs) }
        if let expectedParties { fields["expectedParties"] = .int(Int64(expectedParties)) }
        fields["complete"] = .bool(isComplete)
        fields["parties"] = .array(
            parties.map {
                [
                    "name": .string($0.name), "ready": .bool($0.isReady), "complete": .bool($0.isComplete),
                    "epoch": .int($0.epoch),
                ]
            })
        return fields
    }

    /// Reads the documented fields; nil where somebody else wrote something else.
    public init?(fields: Value) {
        guard let entries = fields["parties"]?.array, entries.count <= AggregatorStatus.partyLimit else { return nil }
        var parties: [AggregatorStatus.Party] = []
        for entry in entries {
            guard let name = entry["name"]?.string, name.utf8.count <= AggregatorStatus.nameLimit,
                let epoch = entry["epoch"]?.int, (0...AggregatorStatus.epochLimit).contains(epoch)
            else { return nil }
            parties.append(
                AggregatorStatus.Party(
                    name: name, isReady: entry["ready"]?.bool ?? false, isComplete: entry["complete"]?.bool ?? false,
                    epoch: epoch))
        }
        let expected = fields["expectedParties"]?.int.flatMap { Int(exactly: $0) }
        self.init(
            parties: parties.sorted { $0.name < $1.name },
            expectedParties: expected.flatMap { (0...AggregatorStatus.partyLimit).contains($0) ? $0 : nil },
            totalEpochs: fields["totalEpochs"]?.int.flatMap {
                (0...AggregatorStatus.epochLimit).contains($0) ? $0 : nil
            })
    }
}
