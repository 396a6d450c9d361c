// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization
import Values

/// Where informers say how far they are.
final class InformerBoard: Sendable {
    /// An informer.
    struct Entry: Sendable, Hashable {
        /// What it follows.
        var subject: InformerSubject
        /// The namespace; nil for all of them.
        var namespace: String?

        /// As in messages.
        var description: String { "\(subject)" + (namespace.map { " in namespace \($0)" } ?? "") }

        /// As in the log.
        func fields(adding others: Mapping = [:]) -> Mapping {
            var fields: Mapping = ["collection": .string(subject.description)]
            if let namespace { fields["namespace"] = .string(namespace) }
            for (key, value) in others { fields[key] = value }
            return fields
        }
    }

    /// How far an informer is.
    enum Standing: Sendable, Hashable {
        /// It has not listed yet; the text says why, once something went wrong.
        case pending(String?)
        /// The cache has everything.
        case synced
        /// The server refuses: what the cache has may be out of date.
        case refused(String)
    }

    /// The informers.
    let entries: [Entry]
    private let standings: Mutex<[Entry: Standing]>
    private let changes = Pulse()

    /// A board on which nobody is done.
    init(_ entries: [Entry]) {
        self.entries = entries
        standings = Mutex(Dictionary(entries.map { ($0, Standing.pending(nil)) }) { first, _ in first })
    }

    /// Says how far an informer is.
    func note(_ entry: Entry, _ standing: Standing) {
        standings.withLock { $0[entry] = standing }
        changes.send()
    }

    /// How far an informer is.
    func standing(of entry: Entry) -> Standing? { standings.withLock { $0[entry] } }

    /// Why reconciling cannot begin, a line for each reason, sorted; empty when it can.
    ///
    /// What is not required may be refused, but must have been asked for.
    var obstacles: [String] {
        standings.withLock { standings in
            standings.compactMap { entry, standing -> String? in
                switch standing {
                case .synced: nil
                case .pending(let reason): "waiting for \(entry.description)" + (reason.map { ": \($0)" } ?? "")
                case .refused(let reason):
                    entry.subject.isRequired ? "cannot follow \(entry.description): \(reason)" : nil
                }
            }
        }.sorted()
    }

    /// Waits until reconciling can begin; one task waits.
    ///
    /// - Throws: `CancellationError`.
    func ready() async throws {
        while !obstacles.isEmpty {
            await changes.wait()
            try Task.checkCancellation()
        }
    }
}
