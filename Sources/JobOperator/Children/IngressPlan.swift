// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

/// Whether a job gets an Ingress, and who else has its host.
enum IngressPlan: Sendable, Hashable {
    /// It gets one.
    case wanted(IngressSettings)
    /// It gets none: the policy has no Ingress for clients (C13), or there is nobody behind it any more.
    case unwanted
    /// It gets none as long as somebody else has its host (D17). The text says who.
    case yielding(String)

    /// Decides for a job.
    ///
    /// Of two Ingresses with one host, ingress-nginx refuses or passes over the younger one. Flow gives its clients the
    /// host of the server, which matters where both run in one cluster: a server's Ingress is what trainers dial, so
    /// clients make way for it, even when theirs was there first.
    ///
    /// A client that is over keeps what it has, and gets nothing new.
    init(for job: CheckedJob, policy: JobPolicy?, cache: JobCache, isOver: Bool = false) {
        guard job.role == .client else {
            self = .wanted(policy?.ingressSettings(for: .server) ?? .upstream)
            return
        }
        var settings = IngressSettings.upstream
        if let policy {
            guard let asked = policy.ingressSettings(for: .client) else {
                self = .unwanted
                return
            }
            settings = asked
        }
        if isOver, cache.child(.ingress, job.key)?.isControlled(by: job.job) != true {
            self = .unwanted
            return
        }
        if let server = cache.jobs(claiming: job.host).first(where: { cache.claim(of: $0)?.role == .server }) {
            self = .yielding("host \(job.host) is that of IflearnerJob \(server), a server's")
        } else if cache.ingresses(claiming: job.host).contains(job.key) {
            // Who has an Ingress keeps it.
            self = .wanted(settings)
        } else if let other = Self.others(with: job.host, than: job.key, cache).first {
            self = .yielding("host \(job.host) is claimed by Ingress \(other)")
        } else if let older = Self.elder(of: job, cache) {
            self = .yielding("host \(job.host) is that of IflearnerJob \(older), which is older")
        } else {
            self = .wanted(settings)
        }
    }

    /// The Ingresses with a host besides the job's own.
    static func others(with host: String, than job: JobKey, _ cache: JobCache) -> [JobKey] {
        cache.ingresses(claiming: host).filter { $0 != job }
    }

    /// The client that comes first among those whose Ingresses are yet to be made: all see the same one.
    private static func elder(of job: CheckedJob, _ cache: JobCache) -> JobKey? {
        guard let mine = cache.claim(of: job.key) else { return nil }
        return cache.jobs(claiming: job.host).first { other in
            guard other != job.key, let theirs = cache.claim(of: other) else { return false }
            return (theirs.created, other.namespace, other.name) < (mine.created, job.key.namespace, job.key.name)
        }
    }
}
