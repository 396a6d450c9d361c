// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The order in which Helm v4 installs kinds; unknown kinds come last, by name.
enum InstallOrder {
    private static let kinds: [String] = [
        "PriorityClass", "Namespace", "NetworkPolicy", "ResourceQuota", "LimitRange", "PodSecurityPolicy",
        "PodDisruptionBudget", "ServiceAccount", "Secret", "SecretList", "ConfigMap", "StorageClass",
        "PersistentVolume", "PersistentVolumeClaim", "CustomResourceDefinition", "ClusterRole", "ClusterRoleList",
        "ClusterRoleBinding", "ClusterRoleBindingList", "Role", "RoleList", "RoleBinding", "RoleBindingList",
        "Service", "DaemonSet", "Pod", "ReplicationController", "ReplicaSet", "Deployment",
        "HorizontalPodAutoscaler", "StatefulSet", "Job", "CronJob", "IngressClass", "Ingress", "APIService",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration",
    ]

    private static let ranks = Dictionary(uniqueKeysWithValues: zip(kinds, kinds.indices))

    /// The manifests in installation order; equals keep theirs.
    static func sorted(_ manifests: [RenderedManifest]) -> [RenderedManifest] {
        manifests.enumerated().sorted { left, right in
            let (first, second) = (ranks[left.element.kind], ranks[right.element.kind])
            switch (first, second) {
            case (let first?, let second?): return first == second ? left.offset < right.offset : first < second
            case (_?, nil): return true
            case (nil, _?): return false
            case (nil, nil):
                return left.element.kind == right.element.kind
                    ? left.offset < right.offset : left.element.kind < right.element.kind
            }
        }.map(\.element)
    }
}
