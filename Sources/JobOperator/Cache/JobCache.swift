// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Synchronization
import Values

/// What is known about the watched namespaces: informers write it, reconciling reads it.
public final class JobCache: Sendable {
    fileprivate struct State {
        var jobs: [JobKey: CachedObject] = [:]
        var children: [ChildKind: [JobKey: CachedObject]] = [:]
        /// Who claims a host of an Ingress, ours or a stranger's.
        var hosts: [String: Set<JobKey>] = [:]
        var hostsOf: [JobKey: Set<String>] = [:]
        /// Which jobs want a host, and what decides between them.
        var claims: [JobKey: HostClaim] = [:]
        var claimants: [String: Set<JobKey>] = [:]
        /// The last status of pods that ended and went before anybody wrote it down, by the job's uid.
        var lastPods: [String: CachedObject] = [:]
    }

    private let state = Mutex(State())
    let policies = JobPolicies()

    /// Makes an empty cache.
    public init() {}

    /// The job of a name.
    public func job(_ key: JobKey) -> IflearnerJob? {
        state.withLock { $0.jobs[key] }?.object.map(IflearnerJob.init)
    }

    /// The names of all jobs.
    public var jobs: [JobKey] { state.withLock { Array($0.jobs.keys) } }

    /// The object of a kind that has a job's name, whoever owns it.
    public func child(_ kind: ChildKind, _ key: JobKey) -> CachedObject? {
        state.withLock { $0.children[kind]?[key] }
    }

    /// The pod of a job that had ended when it went (D7).
    public func lastPod(ofJob uid: String) -> CachedObject? { state.withLock { $0.lastPods[uid] } }

    /// The Ingresses that claim a host, sorted.
    public func ingresses(claiming host: String) -> [JobKey] {
        state.withLock { $0.hosts[host] ?? [] }.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }

    /// The jobs that want a host for their Ingress, sorted: who of them gets it may change with each of them (D17).
    public func jobs(claiming host: String) -> [JobKey] {
        state.withLock { $0.claimants[host] ?? [] }.sorted { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
    }

    /// What a job wants a host as; nil for jobs that are refused or being deleted.
    public func claim(of key: JobKey) -> HostClaim? { state.withLock { $0.claims[key] } }
}

// MARK: What informers write

extension JobCache {
    /// Takes in a job as the server has it.
    public func note(job object: KubernetesObject) {
        let cached = CachedObject(object)
        let claim = HostClaim(IflearnerJob(object))
        state.withLock { state in
            state.jobs[cached.key] = cached
            state.set(claim, for: cached.key)
        }
    }

    /// Forgets a job.
    public func forget(job key: JobKey) {
        state.withLock { state in
            guard let old = state.jobs.removeValue(forKey: key) else { return }
            state.set(nil, for: key)
            state.lastPods[old.uid] = nil
        }
    }

    /// Takes in an object of a kind as the server has it; of strangers' objects only the identity is kept.
    public func note(_ kind: ChildKind, _ object: KubernetesObject) {
        let isOurs = object.controller?.kind == JobContract.kind.kind
        let cached = CachedObject(object, identityOnly: !isOurs)
        let hosts = kind == .ingress ? Self.hosts(of: object) : []
        state.withLock { state in
            state.children[kind, default: [:]][cached.key] = cached
            if kind == .ingress { state.claim(hosts, for: cached.key) }
        }
    }

    /// Forgets an object of a kind; of a pod that had ended, the last state is kept for its job.
    public func forget(_ kind: ChildKind, _ key: JobKey, lastState: KubernetesObject? = nil) {
        state.withLock { state in
            state.children[kind]?[key] = nil
            if kind == .ingress { state.claim([], for: key) }
            guard kind == .pod, let lastState, let owner = lastState.controller, state.jobs[key]?.uid == owner.uid,
                ["Succeeded", "Failed"].contains(lastState["status", "phase"]?.string ?? "")
            else { return }
            state.lastPods[owner.uid] = CachedObject(lastState)
        }
    }

    /// The names of the objects of a kind.
    public func keys(of kind: ChildKind) -> [JobKey] { state.withLock { Array(($0.children[kind] ?? [:]).keys) } }

    private static func hosts(of ingress: KubernetesObject) -> Set<String> {
        Set((ingress["spec", "rules"]?.array ?? []).compactMap { $0["host"]?.string })
    }
}

extension JobCache.State {
    fileprivate mutating func set(_ claim: HostClaim?, for key: JobKey) {
        if let old = claims[key] {
            claimants[old.host]?.remove(key)
            if claimants[old.host]?.isEmpty == true { claimants[old.host] = nil }
        }
        claims[key] = claim
        if let claim { claimants[claim.host, default: []].insert(key) }
    }

    fileprivate mutating func claim(_ fresh: Set<String>, for key: JobKey) {
        for host in hostsOf[key] ?? [] {
            hosts[host]?.remove(key)
            if hosts[host]?.isEmpty == true { hosts[host] = nil }
        }
        hostsOf[key] = fresh.isEmpty ? nil : fresh
        for host in fresh { hosts[host, default: []].insert(key) }
    }
}
