// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// A lock in the cluster that one client at a time can hold.
public struct LeaseLock: Sendable {
    /// The name of what is locked, for messages.
    public let name: String
    let store: LeaseStore
    /// Whether others have to see the lock, as in an election.
    let isLeaseAlone: Bool
    let terms: LeaseTerms
    let time: TimeSource

    /// Names a lock; `name` is that of the Lease, `labels` are set on it.
    ///
    /// Where Leases are forbidden, a Secret takes their place, unless others have to see the lock.
    public init(
        client: ClusterClient, namespace: String, name: String, labels: [String: String] = [:],
        terms: LeaseTerms = LeaseTerms(), isLeaseAlone: Bool = false, time: TimeSource = .system
    ) {
        self.name = name
        self.terms = terms
        self.time = time
        self.isLeaseAlone = isLeaseAlone
        store = LeaseStore(
            client: client, namespace: namespace, name: name, labels: labels, isLeaseAlone: isLeaseAlone)
    }

    /// The lock as the server has it; nil when it was never taken.
    public func record() async throws -> LeaseRecord? { try await store.read() }

    /// Takes the lock, once its holder is proven gone.
    ///
    /// A holder that renews while we look is alive: that ends the wait unless `timeout` is longer. `onBlocked` hears of
    /// the holder once, at the beginning.
    ///
    /// - Throws: `LeaseError.held` when a live holder has it.
    public func acquire(
        as holder: HolderIdentity, timeout: Duration = .zero, onBlocked: (LeaseRecord) -> Void = { _ in }
    ) async throws -> HeldLease {
        var observer = LeaseObserver()
        var wasTold = false
        let started = time.monotonic()
        while true {
            let record = try await store.read()
            if let record, record.holder == holder.description {
                return HeldLease(lock: self, identity: holder.description, record: record, renewedAt: nil)
            }
            switch observer.observe(record, terms: terms, now: time.monotonic()) {
            case .free, .expired:
                if let held = try await take(over: record, as: holder.description) { return held }
                continue
            case .live:
                if let record, time.monotonic() - started >= timeout { throw LeaseError.held(by: record, name: name) }
            case .undecided: break
            }
            if let record, !wasTold {
                wasTold = true
                onBlocked(record)
            }
            try await time.sleep(terms.observationInterval)
        }
    }

    /// Goes on with the lock of another process of the same job, at its fencing number: the worker takes it from the
    /// launcher.
    ///
    /// - Throws: `LeaseError.held` when another job has it, `LeaseError.lost` when nobody has.
    public func takeOver(as successor: HolderIdentity) async throws -> HeldLease {
        for _ in 0..<10 {
            guard var record = try await store.read(), record.holder != nil else {
                throw LeaseError.lost(reason: "nobody holds it", name: name)
            }
            guard record.holderIdentity?.job == successor.job else { throw LeaseError.held(by: record, name: name) }
            let began = time.continuous()
            record.holder = successor.description
            record.renewTime = record.serverDate ?? time.wall()
            record.duration = terms.duration
            do {
                return HeldLease(
                    lock: self, identity: successor.description, record: try await store.write(record),
                    renewedAt: began)
            } catch let error as APIError where error.isStaleObject {
                continue  // The launcher renewed in between.
            }
        }
        throw LeaseError.lost(reason: "it changes faster than it can be taken", name: name)
    }

    /// Looks at the lock once, and takes it when its holder is proven gone: for those who want it however long it takes, and
    /// look again and again with the same observer.
    ///
    /// - Returns: the lock; nil while somebody else has it, who is told to `onHeld`.
    public func attempt(
        as identity: String, observer: inout LeaseObserver, onHeld: (LeaseRecord) -> Void = { _ in }
    ) async throws -> HeldLease? {
        let record = try await store.read()
        if let record, record.holder == identity {
            // The answer to an earlier try was lost.
            let held = HeldLease(lock: self, identity: identity, record: record, renewedAt: nil)
            try await held.renew()
            return held
        }
        switch observer.observe(record, terms: terms, now: time.monotonic()) {
        case .free, .expired: return try await take(over: record, as: identity)
        case .live, .undecided:
            if let record { onHeld(record) }
            return nil
        }
    }

    /// Writes ourselves into the lock; nil when someone else was faster.
    private func take(over old: LeaseRecord?, as identity: String) async throws -> HeldLease? {
        let began = time.continuous()
        let now = old?.serverDate ?? time.wall()
        let record = LeaseRecord(
            holder: identity, duration: terms.duration, acquireTime: now, renewTime: now,
            transitions: old.map { $0.transitions + 1 } ?? 0, uid: old?.uid ?? "",
            resourceVersion: old?.resourceVersion ?? "")
        do {
            return HeldLease(lock: self, identity: identity, record: try await store.write(record), renewedAt: began)
        } catch let error as APIError where error.isStaleObject {
            return nil
        }
    }
}
