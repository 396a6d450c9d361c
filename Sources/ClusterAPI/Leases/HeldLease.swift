// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Processes
import Synchronization

/// A lock that we hold.
public final class HeldLease: Sendable {
    private struct State {
        var record: LeaseRecord
        /// When the last renewal that went through was begun, on the clock that goes on while the machine sleeps.
        var renewedAt: Duration
        /// Whether it was given back, or another process of the job has it.
        var isGiven = false
        /// The server's clock and when on the continuous clock it was read.
        var serverClock: (date: Timestamp, readAt: Duration)?

        mutating func note(_ record: LeaseRecord, at now: Duration) {
            self.record = record
            if let date = record.serverDate { serverClock = (date, now) }
        }
    }

    /// Who we are to others: the text in the lock.
    public let identity: String
    private let lock: LeaseLock
    private let state: Mutex<State>

    /// A lock that was taken by a write begun at `renewedAt`; nil for one that we found in our own name, which counts as
    /// renewed only after the next renewal.
    init(lock: LeaseLock, identity: String, record: LeaseRecord, renewedAt: Duration?) {
        self.lock = lock
        self.identity = identity
        let now = lock.time.continuous()
        var state = State(record: record, renewedAt: renewedAt ?? now - lock.terms.writeWindow)
        state.note(record, at: now)
        self.state = Mutex(state)
    }

    /// How often the lock changed hands before us: the fencing number of our writes.
    public var transitions: Int64 { state.withLock { $0.record.transitions } }

    /// The time since the last renewal that went through.
    public var sinceRenewal: Duration { lock.time.continuous() - state.withLock { $0.renewedAt } }

    /// Whether a write may be started: the last renewal is recent enough that nobody can have taken the lock before the
    /// write ends.
    public var mayWrite: Bool {
        let (renewedAt, isGiven) = state.withLock { ($0.renewedAt, $0.isGiven) }
        return !isGiven && lock.time.continuous() - renewedAt < lock.terms.writeWindow
    }

    /// Whether it was given back, or another process of the same job went on with it.
    public var isGiven: Bool { state.withLock { $0.isGiven } }

    /// Renews the lock once; nothing is done once it is given.
    ///
    /// The Lease of an election is made again when somebody has deleted it, as client-go has it: whoever comes first has it,
    /// and nobody has to stop for it. Another lock that is gone went with what it locked.
    ///
    /// - Throws: `LeaseError.lost` when a stranger has it, or it is gone.
    public func renew() async throws {
        guard !isGiven else { return }
        do {
            try await write()
        } catch let error as APIError where error.isStaleObject || error.reason == .notFound {
            try await reread()
            if !isGiven { try await write() }
        }
    }

    /// Renews the lock at its interval until the task is cancelled or the lock is given.
    ///
    /// Failures of the network are borne until the lock's duration is over.
    ///
    /// - Throws: `LeaseError.lost` when someone else has it or it is too late.
    public func keepRenewing() async throws {
        while !isGiven {
            try await lock.time.sleep(lock.terms.renewalInterval)
            do {
                try await renew()
            } catch let error as LeaseError {
                throw error
            } catch let error as any ClusterFailure {
                guard sinceRenewal < lock.terms.duration else {
                    throw LeaseError.lost(reason: error.diagnostic.message, name: lock.name)
                }
            }
        }
    }

    /// Gives the lock back, so that the next one need not wait.
    ///
    /// Doing it twice is no error, nor is giving back what someone else took.
    public func release() async throws {
        guard !state.withLock({ $0.isGiven }) else { return }
        do {
            try await giveBack(state.withLock { $0.record })
        } catch let error as APIError where error.isStaleObject || error.reason == .notFound {
            // Someone else has it already, or a renewal that was cut off went through, or somebody set a label.
            if let live = try await lock.store.read(), live.holder == identity { try await giveBack(live) }
        }
        state.withLock { $0.isGiven = true }
    }

    /// Takes the lock back from a process of the same job that was to go on with it and did not; does nothing while we
    /// have it.
    ///
    /// That process must have ended; it may have given the lock back itself.
    ///
    /// - Throws: `LeaseError.held` when another job has it.
    public func takeBack() async throws {
        guard let holder = HolderIdentity(identity) else { return }
        let live = try await lock.store.read()
        guard live?.holder != identity else { return }
        let isOurJob = live?.holderIdentity?.job == holder.job
        let taken = try await isOurJob ? lock.takeOver(as: holder) : lock.acquire(as: holder)
        let (record, renewedAt) = taken.state.withLock { ($0.record, $0.renewedAt) }
        state.withLock { state in
            state.note(record, at: renewedAt)
            state.renewedAt = renewedAt
            state.isGiven = false
        }
    }

    private func giveBack(_ record: LeaseRecord) async throws {
        var record = record
        record.holder = nil
        record.duration = .seconds(1)
        _ = try await lock.store.write(record)
    }

    private func write() async throws {
        let began = lock.time.continuous()
        var record = state.withLock { state in
            var record = state.record
            // The server's clock, carried on by our own: readers compare it with the server's clock again.
            let now = state.serverClock.map { $0.date + (began - $0.readAt) } ?? lock.time.wall()
            // A record that is the same as before would look like silence.
            record.renewTime = now == record.renewTime ? now + .microseconds(1) : now
            return record
        }
        record.holder = identity
        record.duration = lock.terms.duration
        let written = try await lock.store.write(record)
        state.withLock { state in
            state.note(written, at: lock.time.continuous())
            state.renewedAt = began
        }
    }

    /// Looks who has the lock when our version of it is stale: us, a process that goes on with our job, or a stranger.
    private func reread() async throws {
        let live = try await lock.store.read()
        if let live, live.holder == identity {
            // Only the version was stale, for instance because someone set a label.
            state.withLock { $0.note(live, at: lock.time.continuous()) }
            return
        }
        if let job = HolderIdentity(identity)?.job, live?.holderIdentity?.job == job {
            state.withLock { $0.isGiven = true }
            return
        }
        if live == nil, lock.isLeaseAlone, mayWrite {
            state.withLock { ($0.record.uid, $0.record.resourceVersion) = ("", "") }
            return
        }
        let who = live?.holderIdentity.map { "job \($0.job) on \($0.process.host)" } ?? live?.holder
        throw LeaseError.lost(reason: who.map { "\($0) holds it" } ?? "it was removed", name: lock.name)
    }
}
