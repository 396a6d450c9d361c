// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Judges from its own observation whether a lock's holder is still there.
///
/// Clocks of other machines are never compared: a lock is dead when nothing about it changed for its whole duration on
/// the observer's clock, which stands still while the observer's machine sleeps.
public struct LeaseObserver: Sendable {
    private var seen: (record: LeaseRecord, since: Duration)?

    /// Starts without having seen anything.
    public init() {}

    /// What is known about a holder.
    public enum Verdict: Sendable, Hashable {
        /// Nobody holds the lock.
        case free
        /// The holder is proven gone: dead on this machine, or silent for the whole duration.
        case expired
        /// The holder renewed while we looked.
        case live
        /// Not enough was seen to tell.
        case undecided
    }

    /// The verdict after one more look; `now` is the observer's suspending clock.
    public mutating func observe(_ record: LeaseRecord?, terms: LeaseTerms, now: Duration) -> Verdict {
        guard let record, let holder = record.holder else {
            seen = nil
            return .free
        }
        if HolderIdentity(holder)?.process.liveness == .dead { return .expired }
        guard let seen, seen.record.holder == holder else {
            seen = (record, now)
            return .undecided
        }
        if seen.record.resourceVersion != record.resourceVersion || seen.record.renewTime != record.renewTime {
            self.seen = (record, now)
            return .live
        }
        return now - seen.since >= max(terms.duration, record.duration) ? .expired : .undecided
    }
}
