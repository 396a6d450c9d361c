// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// What can be known of a built-in kind without asking a server.
enum ResourceNames {
    /// The plural of a kind by Kubernetes' own rule (`UnsafeGuessKindToResource` of k8s.io/apimachinery), which holds for every
    /// built-in kind but Endpoints.
    static func plural(of kind: String) -> String {
        let word = kind.lowercased()
        if word == "endpoints" { return word }
        if word.hasSuffix("s") { return word + "es" }
        if word.hasSuffix("y") { return word.dropLast() + "ies" }
        return word + "s"
    }

    /// Whether objects of the kind lie outside namespaces; custom resources count as namespaced.
    static func isClusterScoped(_ kind: GroupKind) -> Bool {
        switch (kind.group, kind.kind) {
        case ("", "Namespace"), ("", "Node"), ("", "PersistentVolume"),
            ("apiextensions.k8s.io", "CustomResourceDefinition"), ("apiregistration.k8s.io", "APIService"),
            ("rbac.authorization.k8s.io", "ClusterRole"), ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
            ("networking.k8s.io", "IngressClass"), ("scheduling.k8s.io", "PriorityClass"),
            ("storage.k8s.io", "StorageClass"), ("storage.k8s.io", "CSIDriver"), ("node.k8s.io", "RuntimeClass"),
            ("policy", "PodSecurityPolicy"):
            true
        case ("admissionregistration.k8s.io", _): true
        default: false
        }
    }
}
