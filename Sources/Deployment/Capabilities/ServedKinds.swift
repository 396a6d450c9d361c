// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Kinds of one group and version with the minor releases that serve them.
struct ServedKinds: Sendable {
    let groupVersion: String
    let kinds: [String]
    /// The first minor release; 0 for one that every supported release has.
    let first: Int
    /// The last minor release; nil where it is still served.
    let last: Int?

    init(_ groupVersion: String, _ kinds: [String], first: Int = 0, last: Int? = nil) {
        self.groupVersion = groupVersion
        self.kinds = kinds
        self.first = first
        self.last = last
    }

    func contains(_ minor: Int) -> Bool { minor >= first && minor <= last ?? .max }

    static let all: [ServedKinds] = [
        ServedKinds(
            "v1",
            [
                "Binding", "ConfigMap", "Endpoints", "Event", "LimitRange", "Namespace", "Node", "PersistentVolume",
                "PersistentVolumeClaim", "Pod", "PodTemplate", "ReplicationController", "ResourceQuota", "Secret",
                "Service", "ServiceAccount",
            ]),
        ServedKinds("apps/v1", ["ControllerRevision", "DaemonSet", "Deployment", "ReplicaSet", "StatefulSet"]),
        ServedKinds("batch/v1", ["Job"]),
        ServedKinds("batch/v1", ["CronJob"], first: 21),
        ServedKinds("batch/v1beta1", ["CronJob"], last: 24),
        ServedKinds("autoscaling/v1", ["HorizontalPodAutoscaler", "Scale"]),
        ServedKinds("autoscaling/v2beta1", ["HorizontalPodAutoscaler"], last: 24),
        ServedKinds("autoscaling/v2beta2", ["HorizontalPodAutoscaler"], last: 25),
        ServedKinds("autoscaling/v2", ["HorizontalPodAutoscaler"], first: 23),
        ServedKinds("extensions/v1beta1", ["Ingress"], last: 21),
        ServedKinds("networking.k8s.io/v1", ["NetworkPolicy"]),
        ServedKinds("networking.k8s.io/v1", ["Ingress", "IngressClass"], first: 19),
        ServedKinds("networking.k8s.io/v1", ["IPAddress", "ServiceCIDR"], first: 33),
        ServedKinds("networking.k8s.io/v1beta1", ["Ingress", "IngressClass"], last: 21),
        ServedKinds("policy/v1beta1", ["PodDisruptionBudget", "PodSecurityPolicy"], last: 24),
        ServedKinds("policy/v1", ["PodDisruptionBudget"], first: 21),
        ServedKinds("policy/v1", ["Eviction"], first: 22),
        ServedKinds("rbac.authorization.k8s.io/v1", rbac),
        ServedKinds("rbac.authorization.k8s.io/v1beta1", rbac, last: 21),
        ServedKinds("apiextensions.k8s.io/v1", ["CustomResourceDefinition"]),
        ServedKinds("apiextensions.k8s.io/v1beta1", ["CustomResourceDefinition"], last: 21),
        ServedKinds("admissionregistration.k8s.io/v1", webhooks),
        ServedKinds("admissionregistration.k8s.io/v1", policies, first: 30),
        ServedKinds("admissionregistration.k8s.io/v1beta1", webhooks, last: 21),
        ServedKinds("apiregistration.k8s.io/v1", ["APIService"]),
        ServedKinds("apiregistration.k8s.io/v1beta1", ["APIService"], last: 21),
        ServedKinds("authentication.k8s.io/v1", ["TokenReview"]),
        ServedKinds("authentication.k8s.io/v1", ["SelfSubjectReview"], first: 28),
        ServedKinds("authentication.k8s.io/v1beta1", ["TokenReview"], last: 21),
        ServedKinds("authorization.k8s.io/v1", reviews),
        ServedKinds("authorization.k8s.io/v1beta1", reviews, last: 21),
        ServedKinds("certificates.k8s.io/v1", ["CertificateSigningRequest"], first: 19),
        ServedKinds("certificates.k8s.io/v1beta1", ["CertificateSigningRequest"], last: 21),
        ServedKinds("coordination.k8s.io/v1", ["Lease"]),
        ServedKinds("coordination.k8s.io/v1beta1", ["Lease"], last: 21),
        ServedKinds("discovery.k8s.io/v1beta1", ["EndpointSlice"], last: 24),
        ServedKinds("discovery.k8s.io/v1", ["EndpointSlice"], first: 21),
        ServedKinds("events.k8s.io/v1beta1", ["Event"], last: 24),
        ServedKinds("events.k8s.io/v1", ["Event"], first: 19),
        ServedKinds("node.k8s.io/v1beta1", ["RuntimeClass"], last: 24),
        ServedKinds("node.k8s.io/v1", ["RuntimeClass"], first: 20),
        ServedKinds("scheduling.k8s.io/v1", ["PriorityClass"]),
        ServedKinds("scheduling.k8s.io/v1beta1", ["PriorityClass"], last: 21),
        ServedKinds("storage.k8s.io/v1", ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"]),
        ServedKinds("storage.k8s.io/v1", ["CSIStorageCapacity"], first: 24),
        ServedKinds("storage.k8s.io/v1beta1", ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment"], last: 21),
        ServedKinds("flowcontrol.apiserver.k8s.io/v1", ["FlowSchema", "PriorityLevelConfiguration"], first: 29),
    ]

    private static let rbac = ["ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding"]
    private static let webhooks = ["MutatingWebhookConfiguration", "ValidatingWebhookConfiguration"]
    private static let policies = ["ValidatingAdmissionPolicy", "ValidatingAdmissionPolicyBinding"]
    private static let reviews = [
        "LocalSubjectAccessReview", "SelfSubjectAccessReview", "SelfSubjectRulesReview", "SubjectAccessReview",
    ]
}
