// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Templating

/// What discovery of a Kubernetes version lists, as far as the charts' kinds are concerned (`facts/iflearner.md` §6).
enum Discovery {
    static let minors = 18...37

    /// The kinds whose group version changed, with the minors that serve them.
    private static let moving: [(version: String, kind: String, minors: ClosedRange<Int>)] = [
        ("batch/v1beta1", "CronJob", 8...24), ("batch/v1", "CronJob", 21...99),
        ("policy/v1beta1", "PodDisruptionBudget", 5...24), ("policy/v1", "PodDisruptionBudget", 21...99),
        ("networking.k8s.io/v1beta1", "IngressClass", 18...21), ("networking.k8s.io/v1", "IngressClass", 19...99),
        ("networking.k8s.io/v1beta1", "Ingress", 14...21), ("networking.k8s.io/v1", "Ingress", 19...99),
        ("extensions/v1beta1", "Ingress", 1...21),
        // Group versions that came back for other kinds.
        ("networking.k8s.io/v1beta1", "IPAddress", 31...36), ("admissionregistration.k8s.io/v1beta1", "X", 28...36),
    ]

    private static let lasting: [(version: String, kinds: [String])] = [
        (
            "v1",
            [
                "Pod", "Service", "ConfigMap", "Secret", "ServiceAccount", "PersistentVolume", "PersistentVolumeClaim",
                "Namespace",
            ]
        ),
        ("apps/v1", ["Deployment", "StatefulSet", "DaemonSet"]), ("batch/v1", ["Job"]),
        ("rbac.authorization.k8s.io/v1", ["Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"]),
        ("networking.k8s.io/v1", ["NetworkPolicy"]), ("apiextensions.k8s.io/v1", ["CustomResourceDefinition"]),
        ("admissionregistration.k8s.io/v1", ["ValidatingWebhookConfiguration"]),
    ]

    /// What a server of that minor version lists: group versions, and kinds in them.
    static func capabilities(minor: Int) -> Capabilities {
        var versions: Set<String> = []
        for (version, kinds) in lasting { versions.formUnion([version] + kinds.map { version + "/" + $0 }) }
        for (version, kind, minors) in moving where minors.contains(minor) {
            versions.formUnion([version, version + "/" + kind])
        }
        return Capabilities(kubeVersion: "v1.\(minor).3", apiVersions: versions)
    }
}
