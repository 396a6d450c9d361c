// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What is known about the watched namespaces: informers write it, reconciling reads it.
public final class JobCache: Sendable {
    struct State {
        var jobs: [JobKey: CachedObject] = [:]
        var traits: [JobKey: JobTraits] = [:]
        /// Which jobs want a host.
        var claimants = HostClaims()
        var children: [ChildKind: [JobKey: CachedObject]] = [:]
        /// Who claims a host of an Ingress, ours or a stranger's.
        var ingresses = HostClaims()
        /// The last status of pods that ended and went before anybody wrote it down, by the job's uid.
        var lastPods: [String: CachedObject] = [:]
    }

    let state = Mutex(State())
    let policies = JobPolicies()

    /// Makes an empty cache.
    public init() {}

    /// The job of a name.
    public func job(_ key: JobKey) -> IflearnerJob? {
        state.withLock { $0.jobs[key] }?.object.map(IflearnerJob.init)
    }

    /// The names of all jobs.
    public var jobs: [JobKey] { state.withLock { Array($0.jobs.keys) } }

    /// Whether there is a job of a name.
    public func hasJob(_ key: JobKey) -> Bool { state.withLock { $0.jobs[key] != nil } }

    /// How many jobs are in each phase; those that have none yet are `Unknown`, as flow has it.
    public var jobsByPhase: [String: Int] {
        state.withLock { state in
            state.traits.values.reduce(into: [:]) { counts, job in
                counts[job.phase.isEmpty ? "Unknown" : job.phase, default: 0] += 1
            }
        }
    }

    /// The jobs of a role in a namespace, sorted.
    public func jobs(of role: JobRole, in namespace: String) -> [JobKey] {
        state.withLock { state in
            state.traits.filter { $0.key.namespace == namespace && $0.value.role == role }.map(\.key)
        }.sorted()
    }

    /// The server jobs that run and are not being deleted: those whose aggregators can be asked.
    var runningAggregators: Set<PollSchedule.Subject> {
        state.withLock { state in
            var found: Set<PollSchedule.Subject> = []
            for (key, traits) in state.traits
            where traits.role == .server && traits.phase == JobPhase.running.rawValue {
                guard let job = state.jobs[key], !job.isBeingDeleted else { continue }
                found.insert(PollSchedule.Subject(uid: job.uid, key: key))
            }
            return found
        }
    }

    /// Whether a job is there, and no other one has taken its name.
    func holds(_ subject: PollSchedule.Subject) -> Bool {
        state.withLock { $0.jobs[subject.key]?.uid == subject.uid }
    }

    /// The object of a kind that has a job's name, whoever owns it.
    public func child(_ kind: ChildKind, _ key: JobKey) -> CachedObject? {
        state.withLock { $0.children[kind]?[key] }
    }

    /// The pod of a job that had ended when it went (D7).
    public func lastPod(ofJob uid: String) -> CachedObject? { state.withLock { $0.lastPods[uid] } }

    /// The Ingresses that claim a host, sorted.
    public func ingresses(claiming host: String) -> [JobKey] { state.withLock { $0.ingresses[host] }.sorted() }

    /// The jobs that want a host for their Ingress, sorted: who of them gets it may change with each of them (D17).
    public func jobs(claiming host: String) -> [JobKey] { state.withLock { $0.claimants[host] }.sorted() }

    /// What a job wants a host as; nil for jobs that are refused or being deleted, and clients that have ended.
    public func claim(of key: JobKey) -> HostClaim? { state.withLock { $0.traits[key]?.claim } }
}
