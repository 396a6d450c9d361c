// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One training: its aggregator, the parties that have come, and how far they are.
///
/// It goes on while the aggregator and as many parties as it wants are there, and stands still while one of them is not. Time is that
/// of a real cluster.
struct Training: Sendable {
    /// A container that takes part.
    struct Member: Sendable {
        var podUID: String
        var key: ObjectKey
        var role: TrainingRole
    }

    private(set) var members: [Member] = []
    /// The names of the parties that the aggregator knows, in the order in which they came.
    private(set) var registered: [String] = []
    private var done: Duration = .zero
    /// Since when it goes on, in the time of `elapsed`; nil while it stands still.
    private var since: Duration?

    var isEmpty: Bool { members.isEmpty }
    var keys: [ObjectKey] { members.map(\.key) }

    private var aggregator: Member? { members.first { !$0.role.isClient } }

    private var terms: (parties: Int, epochs: Int?) {
        guard case .aggregator(_, let parties, let epochs)? = aggregator?.role else { return (1, nil) }
        let others = members.compactMap { member -> Int? in
            if case .client(_, _, let epochs) = member.role { epochs } else { nil }
        }
        return (parties, epochs ?? others.min())
    }

    /// Takes a container in; false when it was in already.
    ///
    /// A new aggregator knows nothing of what was before.
    mutating func join(_ member: Member, at now: Duration, length: Duration) -> Bool {
        guard !members.contains(where: { $0.podUID == member.podUID }) else { return false }
        settle(at: now)
        if !member.role.isClient {
            members.removeAll { !$0.role.isClient }
            registered = []
            done = .zero
        }
        members.append(member)
        goOn(at: now, length: length)
        return true
    }

    /// Lets a pod go; false when it was not in.
    mutating func leave(_ podUID: String, at now: Duration, length: Duration) -> Bool {
        guard members.contains(where: { $0.podUID == podUID }) else { return false }
        settle(at: now)
        members.removeAll { $0.podUID == podUID }
        goOn(at: now, length: length)
        return true
    }

    /// Counts what has passed, and stands still.
    mutating func settle(at now: Duration) {
        if let since { done += now - since }
        since = nil
    }

    /// Goes on when everybody is there.
    mutating func goOn(at now: Duration, length: Duration) {
        guard aggregator != nil, since == nil, !isComplete(at: now, length: length) else { return }
        for case .client(_, let party, _) in members.map(\.role)
        where !registered.contains(party) && registered.count < terms.parties {
            registered.append(party)
        }
        let present = Set(members.compactMap { if case .client(_, let party, _) = $0.role { party } else { nil } })
        guard registered.count == terms.parties, present.isSuperset(of: registered) else { return }
        since = now
    }

    /// How long it has been going on.
    func progress(at now: Duration) -> Duration { done + (since.map { now - $0 } ?? .zero) }

    func isComplete(at now: Duration, length: Duration) -> Bool {
        left(at: now, length: length).map { $0 <= .zero } ?? false
    }

    /// How long it is until the end, if it goes on; nil when nobody knows of an end.
    func left(at now: Duration, length: Duration) -> Duration? {
        guard registered.count == terms.parties, let epochs = terms.epochs else { return nil }
        return length * epochs - progress(at: now)
    }

    var isGoingOn: Bool { since != nil }

    /// What the aggregator tells of it.
    func status(at now: Duration, length: Duration) -> Value {
        let isFull = registered.count == terms.parties
        let isComplete = isComplete(at: now, length: length)
        let passed = Int(clamping: Int64(progress(at: now) / length))
        let epoch = isFull ? min(passed + 1, terms.epochs ?? .max) : 0
        var told: Int?
        if case .aggregator(_, _, let epochs)? = aggregator?.role { told = epochs }
        return .mapping(
            Mapping(
                registered.map { party in
                    (
                        party,
                        [
                            "ready": true, "complete": .bool(isComplete), "current_epoch": .int(Int64(epoch)),
                            "total_epoch": told.map { .int(Int64($0)) } ?? .null,
                        ]
                    )
                }))
    }
}
