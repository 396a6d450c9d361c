// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Telemetry
import Values

/// Keeps the cache what the server has of one kind in one namespace, or in all, and tells whose jobs that concerns.
struct Informer: Sendable {
    let entry: InformerBoard.Entry
    let client: ClusterClient
    let cache: JobCache
    let board: InformerBoard
    let timing: OperatorTiming
    let time: TimeSource
    let log: Log
    let failures: RepeatedFailures<InformerBoard.Entry>
    /// Is told which jobs to look at again; must not block.
    let deliver: @Sendable ([JobKey]) -> Void

    /// The length of a list from which on it is worth the time to give memory back.
    private static let largeList = 100

    private var subject: InformerSubject { entry.subject }

    /// Follows until the task is cancelled.
    ///
    /// - Throws: `CancellationError` alone.
    func run() async throws {
        var attempt = 0
        while true {
            let pause: Duration
            do {
                let kind = try await subject.served(by: client)
                pause = try await follow(kind)
                attempt = 0
            } catch let error as any ClusterFailure {
                attempt += 1
                pause = trouble(error, delay: timing.reflector.delay(after: attempt))
            }
            try await time.sleep(pause)
        }
    }

    /// Follows a kind until it has to be asked for anew.
    ///
    /// - Returns: after how long.
    private func follow(_ kind: GroupVersionKind) async throws -> Duration {
        let events = client.reflect(
            kind, namespace: entry.namespace, selector: subject.selector, policy: timing.reflector,
            keeping: { [subject] in subject.sighting($0) })
        for try await event in events {
            switch event {
            case .replaced(let objects, _):
                let concerned = replace(objects)
                if failures.forget(entry) { log.info("follows again", entry.fields()) }
                // Before the board says so: the work that begins by it looks at all of them anyway.
                deliver(concerned)
                board.note(entry, .synced)
                if objects.count >= Self.largeList { ProcessMemory.giveBack() }
            case .changed(let object): deliver(note(object))
            case .deleted(let object): deliver(forget(object.cached.key, lastSeen: object))
            case .trouble(let error, _, let delay):
                let pause = trouble(error, delay: delay)
                // The kind may be served at another version since the server was upgraded.
                let isElsewhere = error is DiscoveryError && subject != .jobs
                if isElsewhere || pause > delay { return pause }
            }
        }
        return .zero
    }

    /// Tells of trouble.
    ///
    /// - Returns: after how long to try again.
    private func trouble(_ error: any ClusterFailure, delay: Duration) -> Duration {
        let text = error.logText
        if let count = failures.note(text, of: entry) {
            log.event(
                error.isRefusedForGood && !subject.isRequired ? .info : .warn, "cannot follow",
                entry.fields(adding: ["error": .string(text), "times": .int(Int64(count))]))
        }
        if error.isRefusedForGood {
            board.note(entry, .refused(text))
            // What is not needed is not asked for again and again.
            return subject.isRequired ? delay : timing.refusedInterval
        }
        if case .pending = board.standing(of: entry) { board.note(entry, .pending(text)) }
        return delay
    }

    // MARK: The cache

    /// Takes in a whole list: what is not in it is gone.
    private func replace(_ objects: [Sighting]) -> [JobKey] {
        let present = Set(objects.map(\.cached.key))
        let gone = known.filter { key in
            !present.contains(key) && (entry.namespace == nil || entry.namespace == key.namespace)
        }
        // What went comes first: its hosts and names are free for what came.
        return gone.flatMap { forget($0, lastSeen: nil) } + objects.flatMap(note)
    }

    private var known: [JobKey] {
        switch subject {
        case .jobs: cache.jobs
        case .children(let kind): cache.keys(of: kind)
        case .policy(let role): cache.policyKeys.filter { $0.name == JobContract.policy(for: role).configMap }
        }
    }

    /// Takes an object in.
    ///
    /// - Returns: the jobs that it concerns, none when it is not news.
    private func note(_ object: Sighting) -> [JobKey] {
        switch subject {
        case .jobs: concerned(cache.note(job: object), object.cached.key)
        case .children(let kind): concerned(cache.note(kind, object), object.cached.key)
        case .policy:
            concerned(JobCache.Change(isNews: object.policy.flatMap(cache.note(policy:)) != nil), object.cached.key)
        }
    }

    /// Forgets an object.
    ///
    /// - Returns: the jobs that it concerned.
    private func forget(_ key: JobKey, lastSeen: Sighting?) -> [JobKey] {
        switch subject {
        case .jobs: concerned(cache.dismiss(job: key), key)
        case .children(let kind): concerned(cache.forget(kind, key, lastSeen: lastSeen), key)
        case .policy: concerned(JobCache.Change(isNews: cache.forget(policy: key) != nil), key)
        }
    }

    private func concerned(_ change: JobCache.Change, _ key: JobKey) -> [JobKey] {
        guard change.isNews else { return [] }
        // A host that is free again may be waited for.
        let rivals = change.hosts.flatMap { cache.jobs(claiming: $0) }.filter { $0 != key }
        switch subject {
        case .jobs: return [key] + rivals
        // Strangers' objects are many, and concern jobs of their name alone.
        case .children: return (cache.hasJob(key) ? [key] : []) + rivals
        case .policy(let role): return cache.jobs(of: role, in: key.namespace)
        }
    }
}
