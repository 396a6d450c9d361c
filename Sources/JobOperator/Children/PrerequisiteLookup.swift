// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Synchronization
import Values

/// Looks for objects that jobs need and others make, and remembers the answers for a while: a thousand jobs of a namespace
/// need the same three.
final class PrerequisiteLookup: Sendable {
    /// What is known about an object.
    enum Presence: Sendable, Hashable {
        /// It is there with its keys.
        case present
        /// There is none.
        case missing
        /// It is there without some keys.
        case incomplete([String])
        /// It may not be read, or could not be: nothing is known.
        case unreadable
    }

    private struct Answer {
        var presence: Presence
        var expires: Duration
    }

    /// How long an answer counts: what is missing may come any moment, what is there seldom goes.
    private static let patience = Duration.seconds(30)
    private static let confidence = Duration.seconds(600)
    /// How many answers are kept.
    private static let capacity = 10_000

    private let client: ClusterClient
    private let time: TimeSource
    private let answers = Mutex<[ObjectKey: Answer]>([:])

    init(client: ClusterClient, time: TimeSource) {
        self.client = client
        self.time = time
    }

    /// Looks for an object whose `data` must have keys.
    ///
    /// Nothing of the values is kept.
    func presence(of object: ObjectKey, keys: [String] = []) async -> Presence {
        let now = time.monotonic()
        if let known = answers.withLock({ $0[object] }), known.expires > now { return known.presence }
        let (presence, lifetime) = await ask(object, keys)
        answers.withLock { answers in
            if answers.count >= Self.capacity { answers = answers.filter { $0.value.expires > now } }
            if answers.count < Self.capacity { answers[object] = Answer(presence: presence, expires: now + lifetime) }
        }
        return presence
    }

    private func ask(_ object: ObjectKey, _ keys: [String]) async -> (Presence, lifetime: Duration) {
        do {
            guard let found = try await client.find(object) else { return (.missing, Self.patience) }
            let absent = keys.filter { found["data", $0] == nil && found["binaryData", $0] == nil }
            return absent.isEmpty ? (.present, Self.confidence) : (.incomplete(absent), Self.patience)
        } catch let error as APIError where error.reason == .forbidden {
            return (.unreadable, Self.confidence)
        } catch is DiscoveryError {
            return (.missing, Self.patience)
        } catch {
            return (.unreadable, .zero)
        }
    }
}
