// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Kinds that every server since Kubernetes 1.18 serves: they need no discovery.
///
/// A server that answers otherwise is believed: on "not found" of the API the client asks discovery.
enum WellKnownResources {
    static func resource(for kind: GroupVersionKind) -> APIResource? { table[kind] }

    private static let table: [GroupVersionKind: APIResource] = {
        var table: [GroupVersionKind: APIResource] = [:]
        for (apiVersion, isNamespaced, kinds) in kinds {
            for (kind, plural) in kinds {
                let kind = GroupVersionKind(apiVersion: apiVersion, kind: kind)
                table[kind] = APIResource(kind: kind, plural: plural, isNamespaced: isNamespaced)
            }
        }
        return table
    }()

    private static let kinds: [(String, Bool, [(String, String)])] = [
        (
            "v1", true,
            [
                ("ConfigMap", "configmaps"), ("Endpoints", "endpoints"), ("Event", "events"),
                ("LimitRange", "limitranges"), ("PersistentVolumeClaim", "persistentvolumeclaims"), ("Pod", "pods"),
                ("ResourceQuota", "resourcequotas"), ("Secret", "secrets"), ("Service", "services"),
                ("ServiceAccount", "serviceaccounts"),
            ]
        ),
        ("v1", false, [("Namespace", "namespaces"), ("Node", "nodes"), ("PersistentVolume", "persistentvolumes")]),
        (
            "apps/v1", true,
            [
                ("ControllerRevision", "controllerrevisions"), ("DaemonSet", "daemonsets"),
                ("Deployment", "deployments"), ("ReplicaSet", "replicasets"), ("StatefulSet", "statefulsets"),
            ]
        ),
        ("batch/v1", true, [("Job", "jobs")]),
        ("coordination.k8s.io/v1", true, [("Lease", "leases")]),
        ("rbac.authorization.k8s.io/v1", true, [("Role", "roles"), ("RoleBinding", "rolebindings")]),
        (
            "rbac.authorization.k8s.io/v1", false,
            [("ClusterRole", "clusterroles"), ("ClusterRoleBinding", "clusterrolebindings")]
        ),
        ("networking.k8s.io/v1", true, [("NetworkPolicy", "networkpolicies")]),
        ("storage.k8s.io/v1", false, [("StorageClass", "storageclasses")]),
        ("apiextensions.k8s.io/v1", false, [("CustomResourceDefinition", "customresourcedefinitions")]),
        (
            "admissionregistration.k8s.io/v1", false,
            [
                ("MutatingWebhookConfiguration", "mutatingwebhookconfigurations"),
                ("ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
            ]
        ),
        (
            "authorization.k8s.io/v1", false,
            [
                ("SelfSubjectAccessReview", "selfsubjectaccessreviews"),
                ("SelfSubjectRulesReview", "selfsubjectrulesreviews"),
            ]
        ),
    ]
}
