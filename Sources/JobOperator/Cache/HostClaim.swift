// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// A job's wish to have a host for its Ingress.
public struct HostClaim: Sendable, Hashable {
    /// The host.
    public let host: String
    /// The job's role: a server comes before clients, who are given its host by flow (D17).
    public let role: JobRole
    /// When the job was made, in RFC 3339: an older one comes first.
    public let created: String

    /// Reads a job's wish; nil when it has none, is refused or is being deleted, or is a client's that has ended.
    ///
    /// A server has its Ingress in any case (C13), so it has a say about its host as long as it is there.
    init?(_ job: IflearnerJob) {
        guard let role = job.role, !job.host.isEmpty, !job.isBeingDeleted, job.refusal == nil else { return nil }
        guard role == .server || !job.isFinished else { return nil }
        host = job.host
        self.role = role
        created = job.object.creationTimestamp ?? ""
    }
}
