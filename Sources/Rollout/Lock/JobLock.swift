// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics
import Processes
import Records
import Synchronization

/// The lock of a running job: held, renewed in the background, and asked before every write (J-1 to J-3).
final class JobLock: Sendable {
    /// How the renewing ended.
    private final class Outcome: Sendable {
        let loss = Mutex<String?>(nil)
        let ended = AsyncStream<String>.makeStream()

        func end(_ reason: String?) {
            loss.withLock { $0 = reason }
            if let reason { ended.continuation.yield(reason) }
            ended.continuation.finish()
        }
    }

    let lease: HeldLease
    private let time: TimeSource
    private let interval: Duration
    private let outcome: Outcome
    private let renewing: Task<Void, Never>

    /// Goes on with a lock that was just taken.
    init(_ lease: HeldLease, terms: LeaseTerms, time: TimeSource) {
        self.lease = lease
        self.time = time
        interval = terms.renewalInterval / 10
        let outcome = Outcome()
        self.outcome = outcome
        renewing = Task {
            outcome.end(await Self.renew(lease, terms: terms, time: time))
        }
    }

    /// Renews until the task is cancelled, the lock is given, or it is lost: then the result says why.
    ///
    /// A renewal that is under way is finished, so that giving the lock back knows its version.
    private static func renew(_ lease: HeldLease, terms: LeaseTerms, time: TimeSource) async -> String? {
        while !lease.isGiven {
            do {
                try await time.sleep(terms.renewalInterval)
                try await uncancelled { try await lease.renew() }
            } catch is CancellationError {
                return nil
            } catch let error as LeaseError {
                return error.diagnostic.message
            } catch {
                // The network may come back while the lock is still ours.
                if lease.sinceRenewal >= terms.duration {
                    return "it could not be renewed: \(RolloutError(error).description)"
                }
            }
        }
        return nil
    }

    /// Where the lock of a deployment is.
    static func place(
        client: ClusterClient, deployment: String, namespace: String, terms: LeaseTerms, time: TimeSource
    ) -> LeaseLock {
        LeaseLock(
            client: client, namespace: namespace, name: RecordNames.state(deployment),
            labels: [
                RecordKeys.managedBy: RecordKeys.manager, RecordKeys.deployment: deployment,
                RecordKeys.record: "lock",
            ], terms: terms, time: time)
    }

    /// Why the lock was lost, once it is; nil when it was given back or handed over, or the task is cancelled.
    func loss() async -> String? {
        for await reason in outcome.ended.stream { return reason }
        return nil
    }

    /// Lets a write begin, as soon as the lock is known to be ours long enough for it.
    ///
    /// A renewal that is late holds writes up; it does not make them fail while the lock may still be ours.
    /// - Throws: `RolloutError` once the lock is lost or given away.
    func admitWrite() async throws {
        while !lease.mayWrite {
            if let loss = outcome.loss.withLock(\.self) { throw RolloutError(.locked, loss) }
            if lease.isGiven || renewing.isCancelled {
                throw RolloutError(.locked, "the lock belongs to another process now")
            }
            try await time.sleep(interval)
        }
    }

    /// Stops renewing without giving the lock back: another process of the job goes on with it.
    func leave() async {
        renewing.cancel()
        await renewing.value
    }

    /// Has the lock for a last word, whether or not the process that was to go on with it took it; nobody renews it any more.
    func takeBack() async throws {
        await leave()
        try await lease.takeBack()
    }

    /// Gives the lock back.
    func release() async {
        await leave()
        do {
            try await lease.release()
        } catch {
            // It runs out by itself: the next one waits for its duration at most.
        }
    }
}
