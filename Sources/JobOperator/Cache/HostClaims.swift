// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Who claims which host, asked from both sides.
struct HostClaims: Sendable {
    private var claimants: [String: Set<JobKey>] = [:]
    private var hosts: [JobKey: Set<String>] = [:]

    /// Who claims a host.
    subscript(host: String) -> Set<JobKey> { claimants[host] ?? [] }

    /// Replaces what somebody claims.
    ///
    /// - Returns: the hosts that are claimed since now, or no longer.
    mutating func set(_ fresh: Set<String>, for key: JobKey) -> Set<String> {
        let old = hosts[key] ?? []
        guard fresh != old else { return [] }
        for host in old.subtracting(fresh) {
            claimants[host]?.remove(key)
            if claimants[host]?.isEmpty == true { claimants[host] = nil }
        }
        hosts[key] = fresh.isEmpty ? nil : fresh
        for host in fresh { claimants[host, default: []].insert(key) }
        return fresh.symmetricDifference(old)
    }
}
