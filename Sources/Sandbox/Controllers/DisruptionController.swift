// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Says how many pods of a PodDisruptionBudget may be evicted now.
final class DisruptionController: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .podDisruptionBudgets: return change.isRemoval ? [] : [change.key]
        case .pods: return state.selectors(.podDisruptionBudgets, of: change)
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let budget = cluster.state.object(key), var value = budget.value else { return }
        let selector = LabelSelector(budget.spec.selector)
        let pods = cluster.state.pods(in: key.namespace, matching: selector).filter { !$0.isFinishedPod }
        let expected = expectedPods(pods, in: cluster)
        let healthy = pods.filter(\.isReadyPod).count
        let desired: Int
        if budget.spec.maxUnavailable.exists {
            let unavailable = RolloutLimits.number(
                budget.spec.maxUnavailable, of: expected, otherwise: 0, roundingUp: true)
            desired = max(0, expected - unavailable)
        } else {
            desired = RolloutLimits.number(budget.spec.minAvailable, of: expected, otherwise: 0, roundingUp: true)
        }
        let allowed = expected > 0 ? max(0, healthy - desired) : 0
        for (field, number) in [
            ("currentHealthy", healthy), ("desiredHealthy", desired), ("disruptionsAllowed", allowed),
            ("expectedPods", expected), ("observedGeneration", budget.metadata.generation.number ?? 1),
        ] { value.set(.int(Int64(number)), at: ["status", field]) }
        value.setCondition(
            "DisruptionAllowed", allowed > 0, reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
            now: cluster.now)
        try cluster.update(.podDisruptionBudgets, value)
    }

    /// How many pods there should be: what the controllers of the selected pods want, and the pods without one.
    private func expectedPods(_ pods: [Fields], in cluster: Cluster) -> Int {
        var counted: Set<String> = []
        var expected = 0
        for pod in pods {
            guard let uid = pod.controllerReference?.uid.text, let key = cluster.state.key(ofUID: uid),
                let owner = cluster.state.object(key), let replicas = owner.spec.replicas.number
            else {
                expected += 1
                continue
            }
            if counted.insert(uid).inserted { expected += replicas }
        }
        return expected
    }
}
