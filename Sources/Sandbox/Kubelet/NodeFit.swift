// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Whether a pod fits on a node, in the words of the scheduler.
struct NodeFit {
    private let pod: Fields
    private let node: Fields
    private let state: ClusterState

    init(_ pod: Fields, _ node: Fields, in state: ClusterState) {
        self.pod = pod
        self.node = node
        self.state = state
    }

    /// Whether the node's labels and taints let the pod in, whatever else runs there.
    var isEligible: Bool { matchesSelector && untoleratedTaint == nil }

    private var untoleratedTaint: Fields? {
        node.spec.taints.list.first { taint in
            ["NoSchedule", "NoExecute"].contains(taint.effect.text)
                && !tolerates(taint.key.text, taint["value"].text, taint.effect.text)
        }
    }

    /// What keeps the pod off the node, as it follows the number of nodes; nil when nothing does.
    var problem: String? {
        if node.spec.unschedulable.isTrue, !tolerates("node.kubernetes.io/unschedulable", "", "NoSchedule") {
            return "node(s) were unschedulable"
        }
        if !matchesSelector { return "node(s) didn't match Pod's node affinity/selector" }
        if let taint = untoleratedTaint {
            return "node(s) had untolerated taint {\(taint.key.text): \(taint["value"].text)}"
        }
        let usage = state.usage(ofNode: node.objectName)
        let ports = NodeUsage.hostPorts(of: pod)
        if ports.contains(where: { usage.ports[$0] != nil }) {
            return "node(s) didn't have free ports for the requested pod ports"
        }
        if isRepelled(besides: usage) { return "node(s) didn't match pod anti-affinity rules" }
        return shortage(besides: usage)
    }

    private var matchesSelector: Bool {
        let labels = node.metadata.labels.entries
        for (key, value) in pod.spec.nodeSelector.entries where labels[key] != value { return false }
        let terms = pod.spec.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms
        guard !terms.list.isEmpty else { return true }
        return terms.list.contains { term in
            let expressions = term.matchExpressions.list
            let fields = term.matchFields.list
            return !(expressions.isEmpty && fields.isEmpty)
                && expressions.allSatisfy { LabelSelector.satisfies($0, labels[$0.key.text]?.string) }
                && fields.allSatisfy { LabelSelector.satisfies($0, node.objectName) }
        }
    }

    private func tolerates(_ key: String, _ value: String, _ effect: String) -> Bool {
        pod.spec.tolerations.list.contains { toleration in
            guard ["", effect].contains(toleration.effect.text) else { return false }
            guard let wanted = toleration.key.nonEmpty else { return toleration["operator"].text == "Exists" }
            return wanted == key
                && (toleration["operator"].text == "Exists" || toleration["value"].text == value)
        }
    }

    private func isRepelled(besides usage: NodeUsage) -> Bool {
        guard NodeUsage.isChoosy(pod) else { return usage.choosy.compactMap(state.object).contains(where: isRepelled) }
        return state.scan(.pods).contains {
            !$0.isFinishedPod && $0.spec.nodeName.text == node.objectName && isRepelled(by: $0)
        }
    }

    /// Whether this pod or another one refuses to be where the other is; one node makes every topology the same.
    private func isRepelled(by other: Fields) -> Bool {
        func repels(_ pod: Fields, _ other: Fields) -> Bool {
            let terms = pod.spec.affinity.podAntiAffinity.requiredDuringSchedulingIgnoredDuringExecution.list
            return terms.contains { term in
                let namespaces = term.namespaces.list.map(\.text)
                let isNear =
                    term.namespaceSelector.exists
                    || (namespaces.isEmpty ? [pod.objectNamespace] : namespaces).contains(other.objectNamespace)
                return isNear && LabelSelector(term.labelSelector).matches(other.metadata.labels)
            }
        }
        return repels(pod, other) || repels(other, pod)
    }

    private func shortage(besides usage: NodeUsage) -> String? {
        if let most = node.status.allocatable.pods.value.flatMap(Quantity.init),
            Quantity(.int(Int64(usage.podCount + 1))).map({ $0 > most }) ?? false
        {
            return "Too many pods"
        }
        for resource in NodeUsage.resources {
            let wanted = PodResources(pod.spec).request(resource)
            guard !wanted.isZero, let all = node.status.allocatable[resource].value.flatMap(Quantity.init) else {
                continue
            }
            if usage.request(resource) + wanted > all { return "Insufficient \(resource)" }
        }
        return nil
    }
}
