// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Keeps a pod of every DaemonSet on every node that it wants.
final class DaemonSetController: Controller {
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .daemonSets: change.isRemoval ? [] : [change.key]
        case .pods, .controllerRevisions: change.controllers(.daemonSets)
        case .nodes: state.objects(.daemonSets).map { ObjectKey(.daemonSets, of: $0) }
        default: []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let set = cluster.state.object(key), !set.isTerminating else { return }
        let history = RevisionHistory(of: set, in: cluster)
        let target = try history.present()
        let hash = target.metadata.labels[RevisionHistory.hashLabel].text
        let wanted = cluster.state.objects(.nodes).filter { isEligible($0, for: set, cluster) }.map(\.objectName)
        for pod in cluster.state.controlled(by: set, .pods) where pod.isFinishedPod && !pod.isTerminating {
            try cluster.delete(.pods, pod)
            cluster.record(
                .daemonSet, on: set, warning: true, "FailedDaemonPod",
                "Found failed daemon pod \(key.namespace)/\(pod.objectName) on node \(pod.spec.nodeName.text), will try to kill it"
            )
        }
        for name in wanted where !pods(of: set, cluster).contains(where: { node(of: $0) == name }) {
            try createPod(set, hash: hash, node: name, in: cluster)
        }
        for pod in pods(of: set, cluster) where !wanted.contains(node(of: pod)) && !pod.isTerminating {
            try cluster.delete(.pods, pod)
            cluster.record(.daemonSet, on: set, "SuccessfulDelete", "Deleted pod: \(pod.objectName)")
        }
        try update(set, hash: hash, wanted: wanted.count, in: cluster)
        try updateStatus(set, hash: hash, wanted: wanted, in: cluster)
        try history.prune(keeping: [target.objectName])
    }

    private func pods(of set: Fields, _ cluster: Cluster) -> [Fields] { cluster.state.controlled(by: set, .pods) }

    /// The node that a pod is on, or for which it was made.
    private func node(of pod: Fields) -> String {
        let terms = pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
        return pod.spec.nodeName.nonEmpty ?? terms.list.first?.matchFields.list.first?["values"].list.first?.text ?? ""
    }

    private func isEligible(_ node: Fields, for set: Fields, _ cluster: Cluster) -> Bool {
        var pod: Value = ["spec": set.spec.template.spec.value ?? [:]]
        addTolerations(to: &pod)
        return NodeFit(Fields(pod), node, in: cluster.state).isEligible
    }

    private func addTolerations(to pod: inout Value) {
        var tolerations = Fields(pod).spec.tolerations.list.compactMap(\.value)
        for (name, effect) in [
            ("not-ready", "NoExecute"), ("unreachable", "NoExecute"), ("disk-pressure", "NoSchedule"),
            ("memory-pressure", "NoSchedule"), ("pid-pressure", "NoSchedule"), ("unschedulable", "NoSchedule"),
        ] {
            tolerations.append([
                "key": .string("node.kubernetes.io/\(name)"), "operator": "Exists", "effect": .string(effect),
            ])
        }
        pod.set(.array(tolerations), at: ["spec", "tolerations"])
    }

    private func createPod(_ set: Fields, hash: String, node: String, in cluster: Cluster) throws {
        do {
            let pod = try cluster.createPod(from: set.spec.template, owner: set) { pod in
                pod.set(.string(hash), at: ["metadata", "labels", RevisionHistory.hashLabel])
                pod.set(
                    .string("\(set.metadata.generation.number ?? 1)"),
                    at: ["metadata", "labels", "pod-template-generation"])
                let field: Value = ["key": "metadata.name", "operator": "In", "values": [.string(node)]]
                pod.set(
                    [["matchFields": [field]]],
                    at: [
                        "spec", "affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution",
                        "nodeSelectorTerms",
                    ])
                addTolerations(to: &pod)
            }
            cluster.record(.daemonSet, on: set, "SuccessfulCreate", "Created pod: \(pod.objectName)")
        } catch let refusal as StatusError {
            cluster.record(
                .daemonSet, on: set, warning: true, "FailedCreate", "Error creating: \(refusal.message)")
            cluster.requeue(after: .seconds(30))
        }
    }

    private func update(_ set: Fields, hash: String, wanted: Int, in cluster: Cluster) throws {
        guard set.spec.updateStrategy.type.text != "OnDelete" else { return }
        let rolling = set.spec.updateStrategy.rollingUpdate
        let tolerated = max(
            1, RolloutLimits.number(rolling.maxUnavailable, of: wanted, otherwise: 1, roundingUp: true))
        let all = pods(of: set, cluster)
        var missing = wanted - all.filter { $0.isReadyPod }.count
        for pod in all where pod.metadata.labels[RevisionHistory.hashLabel].text != hash && !pod.isTerminating {
            // One that does not serve can go at once.
            if pod.isReadyPod {
                guard missing < tolerated else { continue }
                missing += 1
            }
            try cluster.delete(.pods, pod)
            cluster.record(.daemonSet, on: set, "SuccessfulDelete", "Deleted pod: \(pod.objectName)")
        }
    }

    private func updateStatus(_ set: Fields, hash: String, wanted: [String], in cluster: Cluster) throws {
        guard let now = cluster.state.object(ObjectKey(.daemonSets, of: set)), var value = now.value else { return }
        let all = pods(of: set, cluster).filter { !$0.isTerminating }
        let placed = all.filter { wanted.contains(node(of: $0)) }
        let seconds = set.spec.minReadySeconds.number ?? 0
        let waits = placed.compactMap { $0.untilAvailable(minReadySeconds: seconds, cluster: cluster) }
        if let wait = waits.filter({ $0 > .zero }).min() { cluster.requeue(after: wait) }
        let available = waits.filter { $0 == .zero }.count
        let updated = placed.filter { $0.metadata.labels[RevisionHistory.hashLabel].text == hash }.count
        var status: Value = [
            "currentNumberScheduled": .int(Int64(placed.count)),
            "numberMisscheduled": .int(Int64(all.count - placed.count)),
            "desiredNumberScheduled": .int(Int64(wanted.count)), "numberReady": .int(Int64(waits.count)),
            "observedGeneration": .int(Int64(set.metadata.generation.number ?? 1)),
        ]
        for (field, number) in [
            ("updatedNumberScheduled", updated), ("numberAvailable", available),
            ("numberUnavailable", wanted.count - available),
        ] where number > 0 { status[field] = .int(Int64(number)) }
        value["status"] = status
        try cluster.update(.daemonSets, value)
    }
}
