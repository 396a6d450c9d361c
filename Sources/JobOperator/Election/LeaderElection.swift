// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics
import Processes
import Telemetry
import Values

/// Finds the one controller that works: the holder of a Lease, as client-go has it.
///
/// Two controllers may believe for a moment that they lead, so every write has to be safe with that; the guard only makes the
/// moment short.
struct LeaderElection: Sendable {
    /// How others see us.
    let identity: String
    private let lock: LeaseLock
    private let terms: LeaseTerms
    private let time: TimeSource
    private let chance: @Sendable () -> Double
    private let log: Log

    init(
        _ options: LeaderElectionOptions, client: ClusterClient, terms: LeaseTerms, time: TimeSource,
        chance: @escaping @Sendable () -> Double, log: Log
    ) {
        identity = options.identity
        // Half of the time that is left for renewals, as client-go has it: a request that hangs must not be the last try.
        lock = LeaseLock(
            client: client.limited(to: terms.writeWindow / 2), namespace: options.namespace, name: options.name,
            terms: terms, isLeaseAlone: true, time: time)
        self.terms = terms
        self.time = time
        self.chance = chance
        self.log = log.adding(["lease": .string("\(options.namespace)/\(options.name)")])
    }

    /// Waits until this controller leads, however long it takes.
    ///
    /// - Throws: `CancellationError` alone.
    func lead() async throws -> HeldLease {
        var observer = LeaseObserver()
        var leader: String?
        let failures = RepeatedFailures<String>()
        while true {
            do {
                let held = try await lock.attempt(as: identity, observer: &observer) { record in
                    guard record.holder != leader else { return }
                    leader = record.holder
                    log.info("waits for the leader", ["leader": .string(record.holder ?? "")])
                }
                failures.forget("attempt")
                if let held {
                    log.info("leads", ["identity": .string(identity)])
                    return held
                }
            } catch let error as any ClusterFailure {
                if let times = failures.note(error.logText, of: "attempt") {
                    log.warn(
                        "cannot ask for the lease", ["error": .string(error.logText), "times": .int(Int64(times))])
                }
            }
            // Those who wait should not all come at once.
            try await time.sleep(terms.observationInterval * (1 + Self.jitter * chance()))
        }
    }

    /// client-go's `JitterFactor`.
    private static let jitter = 1.2

    /// Renews the lease until the task is cancelled.
    ///
    /// - Throws: `OperatorError.leadershipLost` when somebody else has it, or it could not be renewed for so long that somebody
    ///   else may have it soon.
    func keep(_ lease: HeldLease) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await renew(lease) }
            // A request that hangs must not keep us from noticing.
            group.addTask {
                while true {
                    let left = terms.writeWindow - lease.sinceRenewal
                    guard left > .zero else {
                        throw OperatorError.leadershipLost(
                            "the lease could not be renewed for \(terms.writeWindow.components.seconds) s")
                    }
                    try await time.sleep(left)
                }
            }
            try await group.next()
        }
    }

    private func renew(_ lease: HeldLease) async throws {
        while true {
            try await time.sleep(terms.renewalInterval)
            do {
                try await lease.renew()
            } catch let error as LeaseError {
                throw OperatorError.leadershipLost(error.diagnostic.message)
            } catch let error as any ClusterFailure {
                log.warn("cannot renew the lease", ["error": .string(error.logText)])
            }
        }
    }

    /// Gives the lease back, so that the next leader need not wait until it ends.
    func release(_ lease: HeldLease) async {
        do {
            try await lease.release()
            log.info("gives the lease back")
        } catch {
            log.warn("cannot give the lease back; it ends by itself", ["error": .string(error.logText)])
        }
    }
}
