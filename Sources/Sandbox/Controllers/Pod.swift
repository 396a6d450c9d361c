// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension Fields {
    /// Whether the pod has ended for good.
    var isFinishedPod: Bool { ["Succeeded", "Failed"].contains(self.status.phase.text) }

    /// Whether the pod counts for its controller: neither ended nor being deleted.
    var isActivePod: Bool { !isFinishedPod && !isTerminating }

    /// Whether the pod takes traffic.
    var isReadyPod: Bool { hasCondition("Ready") && !isTerminating }

    /// How long the pod must stay ready until it counts as available; nil when it is not ready, zero when it is.
    func untilAvailable(minReadySeconds: Int, cluster: Cluster) -> Duration? {
        guard isReadyPod else { return nil }
        guard minReadySeconds > 0 else { return .zero }
        guard let since = condition("Ready").lastTransitionTime.time else { return nil }
        // What is compared is wall-clock time, which runs no faster in a faster cluster.
        let needed = cluster.pace.scaled(.seconds(minReadySeconds))
        let passed = cluster.now - since
        return passed >= needed ? .zero : (needed - passed) * max(cluster.pace.scale, 1)
    }
}

extension Cluster {
    /// Creates a pod from a template, after admission.
    ///
    /// - Parameters:
    ///   - template: A `PodTemplateSpec`.
    ///   - owner: The controller of the pod.
    ///   - name: The name; nil makes one from the owner's.
    ///   - adjust: Sets what is particular to this pod.
    /// - Returns: The pod.
    /// - Throws: `StatusError` when admission refuses it, `StoreError`.
    @discardableResult
    func createPod(
        from template: Fields, owner: Fields, name: String? = nil, adjust: (inout Value) -> Void = { _ in }
    ) throws -> Fields {
        var metadata: Value = [:]
        if let labels = template.metadata.labels.value { metadata["labels"] = labels }
        if let annotations = template.metadata.annotations.value { metadata["annotations"] = annotations }
        if let finalizers = template.metadata.finalizers.value { metadata["finalizers"] = finalizers }
        metadata["name"] = .string(
            name ?? "\(owner.objectName.prefix(57))-\(SecureRandom.text(5, from: .kubernetesName))")
        if name == nil { metadata["generateName"] = .string("\(owner.objectName)-") }
        metadata["namespace"] = .string(owner.objectNamespace)
        metadata["ownerReferences"] = [owner.ownerReference]
        var pod: Value = ["metadata": metadata, "spec": template.spec.value ?? [:], "status": ["phase": "Pending"]]
        adjust(&pod)
        try admission.admitPod(&pod)
        return try create(.pods, pod)
    }

    /// The pods that a controller's selector may adopt are adopted, those that it no longer selects are released.
    ///
    /// - Returns: The pods that the owner controls.
    /// - Throws: `StoreError`.
    func claimPods(for owner: Fields) throws -> [Fields] {
        let selector = LabelSelector(owner.spec.selector)
        if !owner.isTerminating, !selector.isEmpty {
            for pod in state.scan(.pods, in: owner.objectNamespace)
            where pod.controllerReference == nil && pod.isActivePod && selector.matches(pod.metadata.labels) {
                var value = pod.value ?? .null
                let references = pod.metadata.ownerReferences.list.compactMap(\.value)
                value.set(.array(references + [owner.ownerReference]), at: ["metadata", "ownerReferences"])
                try update(.pods, value)
            }
        }
        var claimed: [Fields] = []
        for pod in state.controlled(by: owner, .pods) {
            if selector.matches(pod.metadata.labels) {
                claimed.append(pod)
            } else if !pod.isTerminating {
                var value = pod.value ?? .null
                let others = pod.metadata.ownerReferences.list.filter { $0.uid.text != owner.objectUID }
                value.set(
                    others.isEmpty ? nil : .array(others.compactMap(\.value)), at: ["metadata", "ownerReferences"])
                try update(.pods, value)
            }
        }
        return claimed
    }
}
