// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values

/// Whether a pod has ended for good.
enum PodEnd {
    /// Whether a pod ended by itself: then so has its job (D7).
    ///
    /// Who deletes a running pod, or drains its node, makes it fail on its way out; that pod is made anew, as one is that
    /// vanishes while it runs. A pod that succeeds while it is being deleted has finished its work.
    static func isFinal(_ pod: KubernetesObject) -> Bool {
        switch JobPhase(ofStatus: pod.value["status"]) {
        case .succeeded: true
        case .failed: !wasKilledByDeletion(pod)
        default: false
        }
    }

    private static func wasKilledByDeletion(_ pod: KubernetesObject) -> Bool {
        guard let deadline = pod.deletionTimestamp.flatMap(Timestamp.init(rfc3339:)) else { return false }
        // The deletion was asked for when the time for an orderly end began; absurd numbers count as none.
        let grace = pod["metadata", "deletionGracePeriodSeconds"]?.int ?? 0
        let asked = deadline + .seconds(-min(max(grace, 0), 1_000_000))
        let ends = (pod["status", "containerStatuses"]?.array ?? []).map {
            $0[path: "state", "terminated", "finishedAt"]?.string.flatMap(Timestamp.init(rfc3339:))
        }
        return ends.isEmpty || ends.contains { end in end.map { $0 >= asked } ?? true }
    }
}
