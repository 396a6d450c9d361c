// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Says how much of a ResourceQuota is used: pods and other objects by number.
final class QuotaController: Controller {
    /// The counted names of quotas, and the collections they count.
    private static let counted: [String: GroupResource] = [
        "pods": .pods, "services": .services, "secrets": .secrets, "configmaps": .configMaps,
        "persistentvolumeclaims": .persistentVolumeClaims, "resourcequotas": .resourceQuotas,
        "count/deployments.apps": .deployments, "count/replicasets.apps": .replicaSets,
        "count/statefulsets.apps": .statefulSets, "count/jobs.batch": .jobs, "count/cronjobs.batch": .cronJobs,
    ]

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        if change.resource == .resourceQuotas { return change.isRemoval ? [] : [change.key] }
        let isCounted = Self.counted.values.contains(change.resource)
        guard isCounted, change.isRemoval || change.before == nil || change.resource == .pods else { return [] }
        return state.scan(.resourceQuotas, in: change.namespace).map { ObjectKey(.resourceQuotas, of: $0) }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let quota = cluster.state.object(key), var value = quota.value else { return }
        var used: Value = [:]
        for name in quota.spec.hard.entries.keys {
            let plain = name.hasPrefix("count/") && Self.counted[name] == nil ? String(name.dropFirst(6)) : name
            guard let resource = Self.counted[plain] else {
                used[name] = quota.status.used[name].value ?? "0"
                continue
            }
            let count = cluster.state.scan(resource, in: key.namespace).reduce(0) { sum, object in
                sum + (resource == .pods && object.isFinishedPod ? 0 : 1)
            }
            used[name] = .string("\(count)")
        }
        value["status"] = ["hard": quota.spec.hard.value ?? [:], "used": used]
        try cluster.update(.resourceQuotas, value)
    }
}
