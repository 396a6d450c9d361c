// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// An object that a component waits for.
struct WaitTarget: Sendable {
    /// The object's address.
    var key: ObjectKey
    /// What the answer to our last write said, or how the object was when it was found unchanged.
    var written: KubernetesObject?

    /// Kinds that change by themselves and are therefore watched; others are ready once they are written.
    private static let watchedKinds: Set<GroupKind> = [
        GroupKind(group: "apps", kind: "Deployment"), GroupKind(group: "apps", kind: "StatefulSet"),
        GroupKind(group: "apps", kind: "DaemonSet"), GroupKind(group: "apps", kind: "ReplicaSet"),
        GroupKind(group: "batch", kind: "Job"), GroupKind(group: "", kind: "Pod"),
        GroupKind(group: "", kind: "PersistentVolumeClaim"), GroupKind(group: "", kind: "Namespace"),
        GroupKind(group: "apiextensions.k8s.io", kind: "CustomResourceDefinition"),
        GroupKind(group: "apiregistration.k8s.io", kind: "APIService"),
        GroupKind(group: "git.iflytek.com", kind: "IflearnerJob"),
    ]

    private static let podOwners: Set<String> = ["Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job"]

    /// Whether the object's state is followed by watching.
    var isWatched: Bool { Self.watchedKinds.contains(key.kind.groupKind) }

    /// Whether a ready answer must hold for a moment: pods may fall over right after they were ready.
    var isWorkload: Bool { Self.podOwners.contains(key.kind.kind) && key.kind.kind != "Job" }

    /// What has to be watched to judge the object.
    var collections: Set<ClusterObserver.Collection> {
        guard isWatched else { return [] }
        func collection(_ kind: GroupVersionKind) -> ClusterObserver.Collection {
            ClusterObserver.Collection(kind: kind, namespace: key.namespace)
        }
        var collections: Set = [collection(key.kind)]
        if Self.podOwners.contains(key.kind.kind) { collections.formUnion([collection(.pod), collection(.event)]) }
        if key.kind.kind == "Deployment" { collections.insert(collection(.replicaSet)) }
        if key.kind.kind == "PersistentVolumeClaim" { collections.insert(collection(.event)) }
        return collections
    }
}
