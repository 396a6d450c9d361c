// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

extension CheckedJob {
    /// The budget that keeps a node's drain from evicting a running aggregator: trainers never connect again.
    ///
    /// `minAvailable`, for `maxUnavailable` asks the pod's controller for its scale, which an IflearnerJob has not.
    func disruptionBudget(apiVersion: String) -> KubernetesObject {
        var object = job.child(apiVersion: apiVersion, kind: "PodDisruptionBudget", labels: appLabels)
        object.value["spec"] = ["minAvailable": 1, "selector": ["matchLabels": .mapping(appLabels)]]
        return object
    }
}
