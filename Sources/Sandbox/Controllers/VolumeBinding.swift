// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Binds claims to volumes: to ones that exist, or to new ones of a StorageClass; releases volumes whose claim is gone.
final class VolumeBinding: Controller {
    static let selectedNode = "volume.kubernetes.io/selected-node"
    private static let classAnnotation = "volume.beta.kubernetes.io/storage-class"
    private static let protection = "kubernetes.io/pvc-protection"
    /// The provisioner that the sandbox plays; those of other classes never answer.
    private static let provisioner = "sandbox.iflearnerctl.io/provisioner"

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        func pending(_ namespace: String?) -> [ObjectKey] {
            state.objects(.persistentVolumeClaims, in: namespace).filter { $0.status.phase.text != "Bound" }
                .map { ObjectKey(.persistentVolumeClaims, of: $0) }
        }
        switch change.resource {
        case .persistentVolumeClaims:
            let volume = change.object.spec.volumeName.nonEmpty.map { [ObjectKey(.persistentVolumes, name: $0)] } ?? []
            return (change.isRemoval ? [] : [change.key]) + volume
        case .persistentVolumes: return (change.isRemoval ? [] : [change.key]) + pending(nil)
        case .storageClasses: return pending(nil)
        case .pods:
            // A claim in use is protected until its last pod is gone.
            guard change.isRemoval || change.object.isFinishedPod else { return [] }
            return change.object.spec.volumes.list.compactMap { $0.persistentVolumeClaim.claimName.nonEmpty }
                .map { ObjectKey(.persistentVolumeClaims, namespace: change.namespace, name: $0) }
        default: return []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let object = cluster.state.object(key) else { return }
        if key.resource == .persistentVolumes { return try reconcile(volume: object, in: cluster) }
        if object.isTerminating { return try release(object, in: cluster) }
        try protect(object, in: cluster)
        guard let claim = cluster.state.object(key), claim.status.phase.text != "Bound" else { return }
        try bind(claim, in: cluster)
    }

    /// The class of a claim; nil when it says that it wants none or does not say.
    static func storageClass(of claim: Fields) -> String? {
        claim.metadata.annotations[classAnnotation].nonEmpty ?? claim.spec.storageClassName.nonEmpty
    }

    /// Whether a claim stays unbound until a pod that uses it is scheduled.
    static func waitsForConsumer(_ claim: Fields, in state: ClusterState) -> Bool {
        guard let name = storageClass(of: claim), let storageClass = state.object(.storageClasses, name) else {
            return false
        }
        return storageClass.volumeBindingMode.text == "WaitForFirstConsumer"
    }

    // MARK: Claims

    private func protect(_ claim: Fields, in cluster: Cluster) throws {
        let finalizers = claim.metadata.finalizers.list.compactMap(\.value)
        guard !finalizers.contains(.string(Self.protection)), var value = claim.value else { return }
        value.set(.array(finalizers + [.string(Self.protection)]), at: ["metadata", "finalizers"])
        try cluster.update(.persistentVolumeClaims, value)
    }

    private func release(_ claim: Fields, in cluster: Cluster) throws {
        let finalizers = claim.metadata.finalizers.list.compactMap(\.value)
        guard finalizers.contains(.string(Self.protection)), var value = claim.value else { return }
        let isUsed = cluster.state.scan(.pods, in: claim.objectNamespace).contains { pod in
            !pod.isFinishedPod
                && pod.spec.volumes.list.contains { $0.persistentVolumeClaim.claimName.text == claim.objectName }
        }
        guard !isUsed else { return }
        let others = finalizers.filter { $0 != .string(Self.protection) }
        value.set(others.isEmpty ? nil : .array(others), at: ["metadata", "finalizers"])
        try cluster.update(.persistentVolumeClaims, value)
    }

    private func bind(_ claim: Fields, in cluster: Cluster) throws {
        if claim.status.phase.nonEmpty == nil { try setPhase("Pending", of: claim, in: cluster) }
        guard let claim = cluster.state.object(ObjectKey(.persistentVolumeClaims, of: claim)) else { return }
        let className = Self.storageClass(of: claim) ?? ""
        if let name = claim.spec.volumeName.nonEmpty {
            guard let volume = cluster.state.object(.persistentVolumes, name), isFree(volume, for: claim) else {
                return
            }
            return try connect(claim, volume, in: cluster)
        }
        let isWaiting =
            Self.waitsForConsumer(claim, in: cluster.state)
            && !claim.metadata.annotations[Self.selectedNode].exists
        if isWaiting {
            return cluster.recordOnce(
                .volumes, on: claim, "WaitForFirstConsumer",
                "waiting for first consumer to be created before binding")
        }
        if let volume = match(for: claim, className, in: cluster.state) {
            return try connect(claim, volume, in: cluster)
        }
        guard !className.isEmpty else {
            return cluster.recordOnce(
                .volumes, on: claim, "FailedBinding",
                "no persistent volumes available for this claim and no storage class is set")
        }
        guard let storageClass = cluster.state.object(.storageClasses, className) else {
            return cluster.recordOnce(
                .volumes, on: claim, warning: true, "ProvisioningFailed",
                "storageclass.storage.k8s.io \"\(className)\" not found")
        }
        guard storageClass.provisioner.text == Self.provisioner else {
            let name = storageClass.provisioner.text
            if name == "kubernetes.io/no-provisioner" {
                return cluster.recordOnce(
                    .volumes, on: claim, "FailedBinding",
                    "no persistent volumes available for this claim and no storage class is set")
            }
            return cluster.recordOnce(
                .volumes, on: claim, "ExternalProvisioning",
                "Waiting for a volume to be created either by the external provisioner '\(name)' or manually by the system administrator. If volume creation is delayed, please verify that the provisioner is running and correctly registered."
            )
        }
        try provision(claim, storageClass, in: cluster)
    }

    private func isFree(_ volume: Fields, for claim: Fields) -> Bool {
        guard !volume.isTerminating else { return false }
        let reference = volume.spec.claimRef
        guard reference.exists else { return volume.status.phase.text != "Released" }
        return reference.name.text == claim.objectName && reference.namespace.text == claim.objectNamespace
            && (reference.uid.nonEmpty ?? claim.objectUID) == claim.objectUID
    }

    /// The smallest free volume that satisfies a claim, one reserved for it before others.
    private func match(for claim: Fields, _ className: String, in state: ClusterState) -> Fields? {
        let wanted = claim.spec.resources.requests.storage.value.flatMap(Quantity.init) ?? .zero
        let modes = Set(claim.spec.accessModes.list.map(\.text))
        let candidates = state.objects(.persistentVolumes).filter { volume in
            guard isFree(volume, for: claim) else { return false }
            let size = volume.spec.capacity.storage.value.flatMap(Quantity.init) ?? .zero
            return volume.spec.storageClassName.text == className && size >= wanted
                && modes.isSubset(of: volume.spec.accessModes.list.map(\.text))
                && (volume.spec.volumeMode.nonEmpty ?? "Filesystem") == (claim.spec.volumeMode.nonEmpty ?? "Filesystem")
                && LabelSelector(claim.spec.selector).matches(volume.metadata.labels)
        }
        return candidates.min { left, right in
            if left.spec.claimRef.exists != right.spec.claimRef.exists { return left.spec.claimRef.exists }
            let sizes = [left, right].map { $0.spec.capacity.storage.value.flatMap(Quantity.init) ?? .zero }
            return sizes[0] < sizes[1]
        }
    }

    private func provision(_ claim: Fields, _ storageClass: Fields, in cluster: Cluster) throws {
        let name = "pvc-\(claim.objectUID)"
        if cluster.state.object(.persistentVolumes, name) == nil {
            try cluster.create(
                .persistentVolumes,
                [
                    "metadata": [
                        "name": .string(name), "finalizers": ["kubernetes.io/pv-protection"],
                        "annotations": ["pv.kubernetes.io/provisioned-by": .string(Self.provisioner)],
                    ],
                    "spec": [
                        "capacity": ["storage": claim.spec.resources.requests.storage.value ?? "1Gi"],
                        "accessModes": claim.spec.accessModes.value ?? ["ReadWriteOnce"],
                        "hostPath": ["path": .string("/var/lib/sandbox/\(name)"), "type": "DirectoryOrCreate"],
                        "claimRef": Self.reference(to: claim),
                        "persistentVolumeReclaimPolicy": .string(storageClass.reclaimPolicy.nonEmpty ?? "Delete"),
                        "storageClassName": .string(storageClass.objectName),
                        "volumeMode": .string(claim.spec.volumeMode.nonEmpty ?? "Filesystem"),
                    ], "status": ["phase": "Available"],
                ])
            cluster.record(
                .provisioner, on: claim, "ProvisioningSucceeded", "Successfully provisioned volume \(name)")
        }
        guard let volume = cluster.state.object(.persistentVolumes, name) else { return }
        try connect(claim, volume, in: cluster)
    }

    private static func reference(to claim: Fields) -> Value {
        [
            "apiVersion": "v1", "kind": "PersistentVolumeClaim", "namespace": .string(claim.objectNamespace),
            "name": .string(claim.objectName), "uid": .string(claim.objectUID),
            "resourceVersion": .string(claim.metadata.resourceVersion.text),
        ]
    }

    private func connect(_ claim: Fields, _ volume: Fields, in cluster: Cluster) throws {
        if var value = volume.value {
            if volume.spec.claimRef.uid.text != claim.objectUID {
                value.set(Self.reference(to: claim), at: ["spec", "claimRef"])
            }
            value.set("Bound", at: ["status", "phase"])
            try cluster.update(.persistentVolumes, value)
        }
        guard var value = claim.value else { return }
        value.set(.string(volume.objectName), at: ["spec", "volumeName"])
        value.set("yes", at: ["metadata", "annotations", "pv.kubernetes.io/bind-completed"])
        if !claim.spec.volumeName.exists {
            value.set("yes", at: ["metadata", "annotations", "pv.kubernetes.io/bound-by-controller"])
        }
        value["status"] = [
            "phase": "Bound", "accessModes": volume.spec.accessModes.value ?? [],
            "capacity": volume.spec.capacity.value ?? [:],
        ]
        try cluster.update(.persistentVolumeClaims, value)
    }

    private func setPhase(_ phase: String, of claim: Fields, in cluster: Cluster) throws {
        guard var value = claim.value else { return }
        value.set(.string(phase), at: ["status", "phase"])
        try cluster.update(.persistentVolumeClaims, value)
    }

    // MARK: Volumes

    private func reconcile(volume: Fields, in cluster: Cluster) throws {
        guard var value = volume.value else { return }
        let reference = volume.spec.claimRef
        let claim = cluster.state.object(
            .persistentVolumeClaims, namespace: reference.namespace.text, reference.name.text)
        let isHeld = claim.map { reference.uid.nonEmpty == nil || $0.objectUID == reference.uid.text } ?? false
        if volume.isTerminating {
            guard !isHeld else { return }
            let others = volume.metadata.finalizers.list.filter { $0.text != "kubernetes.io/pv-protection" }
            value.set(others.isEmpty ? nil : .array(others.compactMap(\.value)), at: ["metadata", "finalizers"])
            return try cluster.update(.persistentVolumes, value)
        }
        let phase = volume.status.phase.text
        if phase.isEmpty || phase == "Pending" {
            value.set("Available", at: ["status", "phase"])
            return try cluster.update(.persistentVolumes, value)
        }
        guard phase == "Bound", !isHeld else { return }
        value.set("Released", at: ["status", "phase"])
        try cluster.update(.persistentVolumes, value)
        guard volume.spec.persistentVolumeReclaimPolicy.text == "Delete",
            let released = cluster.state.object(ObjectKey(.persistentVolumes, of: volume))
        else { return }
        try cluster.delete(.persistentVolumes, released)
    }
}
