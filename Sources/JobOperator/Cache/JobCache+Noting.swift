// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Synchronization

/// What informers write.
extension JobCache {
    /// What became of the cache by taking in an object.
    struct Change: Sendable, Hashable {
        /// Whether the object is another than the one that was known.
        var isNews: Bool
        /// The hosts that it claims since now, no longer, or as somebody else.
        var hosts: Set<String> = []
    }

    /// Takes in a job as the server has it.
    public func note(job object: KubernetesObject) { note(job: Sighting(job: object)) }

    /// Takes in a job as the server has it.
    @discardableResult
    func note(job sighting: Sighting) -> Change {
        let key = sighting.cached.key
        return state.withLock { state in
            guard !sighting.cached.isSame(as: state.jobs[key]) else { return Change(isNews: false) }
            if let old = state.jobs[key], old.uid != sighting.cached.uid { state.lastPods[old.uid] = nil }
            state.jobs[key] = sighting.cached
            return Change(isNews: true, hosts: state.set(sighting.traits, for: key))
        }
    }

    /// Forgets a job.
    public func forget(job key: JobKey) { dismiss(job: key) }

    /// Forgets a job.
    @discardableResult
    func dismiss(job key: JobKey) -> Change {
        state.withLock { state in
            guard let old = state.jobs.removeValue(forKey: key) else { return Change(isNews: false) }
            state.lastPods[old.uid] = nil
            return Change(isNews: true, hosts: state.set(nil, for: key))
        }
    }

    /// Takes in an object of a kind as the server has it; of strangers' objects only the identity is kept.
    public func note(_ kind: ChildKind, _ object: KubernetesObject) { note(kind, Sighting(kind, object)) }

    /// Takes in an object of a kind as the server has it.
    @discardableResult
    func note(_ kind: ChildKind, _ sighting: Sighting) -> Change {
        let key = sighting.cached.key
        return state.withLock { state in
            guard !sighting.cached.isSame(as: state.children[kind]?[key]) else { return Change(isNews: false) }
            state.children[kind, default: [:]][key] = sighting.cached
            return Change(
                isNews: true, hosts: kind == .ingress ? state.ingresses.set(sighting.hosts, for: key) : [])
        }
    }

    /// Forgets an object of a kind; of a pod that had ended, the last state is kept for its job.
    public func forget(_ kind: ChildKind, _ key: JobKey, lastState: KubernetesObject? = nil) {
        forget(kind, key, lastSeen: lastState.map { Sighting(kind, $0) })
    }

    /// Forgets an object of a kind; where its last state was missed, the one that was known has to do.
    @discardableResult
    func forget(_ kind: ChildKind, _ key: JobKey, lastSeen: Sighting?) -> Change {
        state.withLock { state in
            let known = state.children[kind]?.removeValue(forKey: key)
            let hosts = kind == .ingress ? state.ingresses.set([], for: key) : []
            if kind == .pod { state.keepEnded(lastSeen ?? known?.object.map { Sighting(.pod, $0) }) }
            return Change(isNews: known != nil, hosts: hosts)
        }
    }

    /// The names of the objects of a kind.
    public func keys(of kind: ChildKind) -> [JobKey] { state.withLock { Array(($0.children[kind] ?? [:]).keys) } }
}

extension JobCache.State {
    /// Replaces what indexes know of a job.
    ///
    /// - Returns: the hosts that it claims otherwise than before.
    fileprivate mutating func set(_ traits: JobTraits?, for key: JobKey) -> Set<String> {
        let old = self.traits[key]?.claim
        self.traits[key] = traits
        let hosts = Set([old?.host, traits?.claim?.host].compactMap(\.self))
        _ = claimants.set(Set([traits?.claim?.host].compactMap(\.self)), for: key)
        return old == traits?.claim ? [] : hosts
    }

    /// Keeps the last state of a pod that had ended for its job, should nobody have written it down (D7).
    fileprivate mutating func keepEnded(_ pod: Sighting?) {
        guard let pod, pod.isEndedPod, let owner = pod.cached.controller, jobs[pod.cached.key]?.uid == owner.uid else {
            return
        }
        lastPods[owner.uid] = pod.cached
    }
}
