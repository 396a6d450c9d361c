// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Values

/// An object as it was seen: what the cache keeps of it and what its indexes need, so that the object itself can go.
public struct Sighting: Sendable {
    /// What the cache keeps.
    let cached: CachedObject
    /// What indexes need of a job; nil for other objects.
    let traits: JobTraits?
    /// The hosts that an Ingress claims.
    let hosts: Set<String>
    /// Whether it is a pod that has ended.
    let isEndedPod: Bool
    /// The ConfigMap of a policy, which is read at once; nil for other objects.
    let policy: KubernetesObject?

    /// Sees a job.
    public init(job object: KubernetesObject) {
        let job = IflearnerJob(object)
        cached = CachedObject(object)
        traits = JobTraits(role: job.role, phase: job.phase, claim: HostClaim(job))
        hosts = []
        isEndedPod = false
        policy = nil
    }

    /// Sees an object of a kind; of strangers' objects only the identity is kept.
    public init(_ kind: ChildKind, _ object: KubernetesObject) {
        cached = CachedObject(object, identityOnly: object.controller?.kind != JobContract.kind.kind)
        traits = nil
        hosts =
            kind == .ingress
            ? Set((object["spec", "rules"]?.array ?? []).compactMap { $0["host"]?.string }.filter { !$0.isEmpty }) : []
        policy = nil
        isEndedPod = kind == .pod && ["Succeeded", "Failed"].contains(object["status", "phase"]?.string ?? "")
    }

    /// Sees a ConfigMap with a policy.
    public init(policy object: KubernetesObject) {
        cached = CachedObject(object, identityOnly: true)
        traits = nil
        hosts = []
        isEndedPod = false
        policy = object
    }
}

/// What indexes need of a job.
struct JobTraits: Sendable, Hashable {
    /// The role; nil when it is none.
    var role: JobRole?
    /// The phase; empty when there is none.
    var phase: String
    /// What it wants a host as; nil when it wants none.
    var claim: HostClaim?
}
