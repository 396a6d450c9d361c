// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Gives pods a node, or says why none will do.
final class Scheduler: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .pods:
            if !change.isRemoval, isWaiting(change.object) { return [change.key] }
            // A pod that ends or goes gives up what it holds.
            let freed = change.isRemoval || change.object.isFinishedPod
            return freed && change.object.spec.nodeName.nonEmpty != nil ? waiting(state, in: nil) : []
        case .nodes: return waiting(state, in: nil)
        case .persistentVolumeClaims: return waiting(state, in: change.namespace)
        default: return []
        }
    }

    private func isWaiting(_ pod: Fields) -> Bool {
        pod.spec.nodeName.nonEmpty == nil && pod.isActivePod
            && (pod.spec.schedulerName.nonEmpty ?? "default-scheduler") == "default-scheduler"
    }

    private func waiting(_ state: ClusterState, in namespace: String?) -> [ObjectKey] {
        state.scan(.pods, in: namespace).filter(isWaiting).map { ObjectKey(.pods, of: $0) }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let pod = cluster.state.object(key), isWaiting(pod), var value = pod.value else { return }
        func unschedulable(_ reason: String, _ message: String) throws {
            value.setCondition("PodScheduled", false, reason: reason, message: message, now: cluster.now)
            try cluster.update(.pods, value)
        }
        if !pod.spec.schedulingGates.list.isEmpty {
            return try unschedulable("SchedulingGated", "Scheduling is blocked due to non-empty scheduling gates")
        }
        let nodes = cluster.state.objects(.nodes)
        guard let problem = try problem(of: pod, nodes, in: cluster) else {
            value.set(.string(Cluster.nodeName), at: ["spec", "nodeName"])
            value.setCondition("PodScheduled", true, now: cluster.now)
            try cluster.update(.pods, value)
            cluster.record(
                .scheduler, on: pod, "Scheduled",
                "Successfully assigned \(key.namespace)/\(key.name) to \(Cluster.nodeName)")
            return
        }
        guard case .message(let message) = problem else { return }
        let known = pod.condition("PodScheduled").message.text
        try unschedulable("Unschedulable", message)
        if known != message { cluster.record(.scheduler, on: pod, warning: true, "FailedScheduling", message) }
    }

    private enum Problem {
        /// What the scheduler says about the pod.
        case message(String)
        /// A volume is on its way: nothing to say.
        case binding
    }

    /// Why a pod cannot be placed now; nil when it can.
    private func problem(of pod: Fields, _ nodes: [Fields], in cluster: Cluster) throws -> Problem? {
        guard !nodes.isEmpty else { return .message("no nodes available to schedule pods") }
        let unhelpful = "Preemption is not helpful for scheduling"
        func none(_ reason: String, counted: Bool = true, preemption: String = unhelpful) -> Problem {
            let count = nodes.count
            let reasons = counted ? "\(count) \(reason)" : reason
            return .message(
                "0/\(count) nodes are available: \(reasons). preemption: 0/\(count) nodes are available: \(count) \(preemption)."
            )
        }
        if PodScript.failure(of: pod) == .unschedulable {
            return none("Insufficient cpu", preemption: "No preemption victims found for incoming pod")
        }
        guard let node = nodes.first(where: { $0.objectName == Cluster.nodeName }) else {
            return none("node(s) had untolerated taint {node.kubernetes.io/unreachable: }")
        }
        var waits = false
        for volume in pod.spec.volumes.list {
            guard let name = volume.persistentVolumeClaim.claimName.nonEmpty else { continue }
            guard let claim = cluster.state.object(.persistentVolumeClaims, namespace: pod.objectNamespace, name)
            else { return none("persistentvolumeclaim \"\(name)\" not found", counted: false) }
            if claim.isTerminating {
                return none("persistentvolumeclaim \"\(name)\" is being deleted", counted: false)
            }
            if claim.status.phase.text == "Bound" { continue }
            guard VolumeBinding.waitsForConsumer(claim, in: cluster.state) else {
                return none("pod has unbound immediate PersistentVolumeClaims", counted: false)
            }
            waits = true
        }
        if let reason = NodeFit(pod, node, in: cluster.state).problem {
            return none(
                reason,
                preemption: reason.hasPrefix("Insufficient")
                    ? "No preemption victims found for incoming pod" : unhelpful)
        }
        guard waits else { return nil }
        try selectNode(for: pod, in: cluster)
        return .binding
    }

    /// Tells the provisioner that the claims of a pod have a consumer now.
    private func selectNode(for pod: Fields, in cluster: Cluster) throws {
        for volume in pod.spec.volumes.list {
            guard let name = volume.persistentVolumeClaim.claimName.nonEmpty,
                let claim = cluster.state.object(.persistentVolumeClaims, namespace: pod.objectNamespace, name),
                claim.status.phase.text != "Bound", var value = claim.value
            else { continue }
            value.set(
                .string(Cluster.nodeName), at: ["metadata", "annotations", VolumeBinding.selectedNode])
            try cluster.update(.persistentVolumeClaims, value)
        }
    }
}
