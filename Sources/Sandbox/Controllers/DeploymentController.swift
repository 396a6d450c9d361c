// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Rolls a Deployment's pod template out over ReplicaSets.
final class DeploymentController: Controller {
    private var deadlines = ProgressDeadlines()

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .deployments:
            if change.isRemoval { deadlines.forget(change.object.objectUID) }
            return change.isRemoval ? [] : [change.key]
        case .replicaSets: return change.controllers(.deployments)
        case .pods:
            // A Deployment that recreates waits for the last pod of an old ReplicaSet to be gone.
            guard change.isRemoval else { return [] }
            return change.controllers(.replicaSets).compactMap { state.object($0)?.controllerReference }
                .filter { $0.kind.text == "Deployment" }
                .map { ObjectKey(.deployments, namespace: change.namespace, name: $0.name.text) }
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let deployment = cluster.state.object(key), !deployment.isTerminating else { return }
        var rollout = DeploymentRollout(deployment, in: cluster)
        try rollout.proceed()
        guard let current = cluster.state.object(key) else { return }
        var status = DeploymentStatus(current, in: cluster, createdSet: rollout.createdSet)
        try status.update(deadlines: &deadlines)
    }
}

/// Since when Deployments have made no progress: the only thing about them that is not in the store.
struct ProgressDeadlines {
    private var since: [String: (progress: [Int], time: Duration)] = [:]

    /// How long ago a Deployment last came closer to its goal; nil when it is looked at for the first time.
    mutating func stalled(_ uid: String, progress: [Int], now: Duration) -> Duration? {
        let known = since[uid]
        if let known, known.progress == progress { return now - known.time }
        since[uid] = (progress, now)
        return known == nil ? nil : .zero
    }

    /// Forgets a Deployment that is gone or complete.
    mutating func forget(_ uid: String) { since[uid] = nil }
}
