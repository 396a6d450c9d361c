// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Keeps as many pods of a ReplicaSet as its spec says.
final class ReplicaSetController: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .replicaSets: return change.isRemoval ? [] : [change.key]
        case .serviceAccounts, .resourceQuotas, .namespaces:
            // What a pod may have been refused for.
            let namespace = change.resource == .namespaces ? change.key.name : change.namespace
            return state.objects(.replicaSets, in: namespace).filter { $0.hasCondition("ReplicaFailure") }
                .map { ObjectKey(.replicaSets, of: $0) }
        case .pods:
            let owners = change.controllers(.replicaSets)
            guard owners.isEmpty, !change.isRemoval, change.object.isActivePod else { return owners }
            return state.objects(.replicaSets, in: change.namespace).filter {
                LabelSelector($0.spec.selector).matches(change.object.metadata.labels)
            }.map { ObjectKey(.replicaSets, of: $0) }
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let set = cluster.state.object(key) else { return }
        let pods = try cluster.claimPods(for: set)
        var failure: String?
        if !set.isTerminating {
            failure = try scale(set, pods.filter(\.isActivePod), in: cluster)
        }
        guard let current = cluster.state.object(key) else { return }
        try updateStatus(of: current, failure: failure, in: cluster)
    }

    /// Creates or deletes pods; returns why one could not be created.
    private func scale(_ set: Fields, _ pods: [Fields], in cluster: Cluster) throws -> String? {
        let wanted = set.spec.replicas.number ?? 1
        if pods.count > wanted {
            for pod in Self.victims(pods).prefix(pods.count - wanted) {
                try cluster.delete(.pods, pod)
                cluster.record(
                    .replicaSet, on: set, "SuccessfulDelete", "Deleted pod: \(pod.objectName)")
            }
        }
        for _ in 0..<max(0, wanted - pods.count) {
            do {
                let pod = try cluster.createPod(from: set.spec.template, owner: set)
                cluster.record(.replicaSet, on: set, "SuccessfulCreate", "Created pod: \(pod.objectName)")
            } catch let refusal as StatusError {
                cluster.record(
                    .replicaSet, on: set, warning: true, "FailedCreate", "Error creating: \(refusal.message)")
                // Most causes are seen when they go; this is for the rest.
                cluster.requeue(after: .seconds(30))
                return refusal.message
            } catch StoreError.namespace {
                return nil
            }
        }
        return nil
    }

    /// The pods in the order in which they are given up: those that serve least first, of equals the youngest.
    private static func victims(_ pods: [Fields]) -> [Fields] {
        func rank(_ pod: Fields) -> Int {
            if pod.spec.nodeName.nonEmpty == nil { return 0 }
            if pod.status.phase.text != "Running" { return 1 }
            return pod.isReadyPod ? 3 : 2
        }
        return pods.sorted { left, right in
            if rank(left) != rank(right) { return rank(left) < rank(right) }
            return left.metadata.creationTimestamp.text > right.metadata.creationTimestamp.text
        }
    }

    private func updateStatus(of set: Fields, failure: String?, in cluster: Cluster) throws {
        guard var value = set.value else { return }
        let pods = cluster.state.controlled(by: set, .pods).filter(\.isActivePod)
        let seconds = set.spec.minReadySeconds.number ?? 0
        let waits = pods.compactMap { $0.untilAvailable(minReadySeconds: seconds, cluster: cluster) }
        if let wait = waits.filter({ $0 > .zero }).min() { cluster.requeue(after: wait) }
        let labels = set.spec.template.metadata.labels.entries
        let labeled = pods.filter { pod in
            labels.allSatisfy { pod.metadata.labels.entries[$0.key] == $0.value }
        }
        var status: Value = ["replicas": .int(Int64(pods.count))]
        func count(_ field: String, _ number: Int) {
            if number > 0 { status[field] = .int(Int64(number)) }
        }
        count("fullyLabeledReplicas", labeled.count)
        count("readyReplicas", waits.count)
        count("availableReplicas", waits.filter { $0 == .zero }.count)
        status["observedGeneration"] = .int(Int64(set.metadata.generation.number ?? 1))
        status["conditions"] = set.status.conditions.value
        value["status"] = status
        if let failure {
            value.setCondition("ReplicaFailure", true, reason: "FailedCreate", message: failure, now: cluster.now)
        } else {
            value.removeCondition("ReplicaFailure")
            if value[path: "status", "conditions"]?.array?.isEmpty == true {
                value.set(nil, at: ["status", "conditions"])
            }
        }
        try cluster.update(.replicaSets, value)
    }
}
