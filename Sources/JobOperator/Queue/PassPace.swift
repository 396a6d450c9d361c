// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Bounds how often a job is looked at that never comes to rest.
///
/// Somebody may undo what is done for it as soon as it is done: upstream's controller that was left running beside this one,
/// a webhook, a script. Each would make the other go on for ever, as fast as the server answers.
final class PassPace: Sendable {
    /// How many passes come one after the other: a job that starts, runs and ends takes ten.
    static let burst = 60

    private let interval: Duration
    /// When each job may have the whole burst again.
    private let debts = Mutex<[JobKey: Duration]>([:])

    /// Allows a pass in an interval, once the burst is used up.
    init(interval: Duration) {
        self.interval = interval
    }

    /// How long a job has to wait for its next pass; nil when it may be made, and is counted then.
    func wait(before job: JobKey, at now: Duration) -> Duration? {
        debts.withLock { debts in
            let paid = max(debts[job] ?? now, now)
            let wait = paid - now - interval * (Self.burst - 1)
            guard wait <= .zero else { return wait }
            debts[job] = paid + interval
            return nil
        }
    }

    /// Forgets a job: one that is made again under its name begins anew.
    func forget(_ job: JobKey) { debts.withLock { $0[job] = nil } }
}
