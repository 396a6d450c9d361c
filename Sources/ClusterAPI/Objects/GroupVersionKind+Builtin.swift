// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension GroupVersionKind {
    /// `v1 Namespace`.
    public static let namespace = GroupVersionKind(apiVersion: "v1", kind: "Namespace")
    /// `v1 Secret`.
    public static let secret = GroupVersionKind(apiVersion: "v1", kind: "Secret")
    /// `v1 ConfigMap`.
    public static let configMap = GroupVersionKind(apiVersion: "v1", kind: "ConfigMap")
    /// `v1 Service`.
    public static let service = GroupVersionKind(apiVersion: "v1", kind: "Service")
    /// `v1 Pod`.
    public static let pod = GroupVersionKind(apiVersion: "v1", kind: "Pod")
    /// `v1 Event`.
    public static let event = GroupVersionKind(apiVersion: "v1", kind: "Event")
    /// `v1 Node`.
    public static let node = GroupVersionKind(apiVersion: "v1", kind: "Node")
    /// `v1 PersistentVolumeClaim`.
    public static let persistentVolumeClaim = GroupVersionKind(apiVersion: "v1", kind: "PersistentVolumeClaim")
    /// `apps/v1 Deployment`.
    public static let deployment = GroupVersionKind(apiVersion: "apps/v1", kind: "Deployment")
    /// `apps/v1 ReplicaSet`.
    public static let replicaSet = GroupVersionKind(apiVersion: "apps/v1", kind: "ReplicaSet")
    /// `apps/v1 StatefulSet`.
    public static let statefulSet = GroupVersionKind(apiVersion: "apps/v1", kind: "StatefulSet")
    /// `apps/v1 DaemonSet`.
    public static let daemonSet = GroupVersionKind(apiVersion: "apps/v1", kind: "DaemonSet")
    /// `batch/v1 Job`.
    public static let job = GroupVersionKind(apiVersion: "batch/v1", kind: "Job")
    /// `coordination.k8s.io/v1 Lease`.
    public static let lease = GroupVersionKind(apiVersion: "coordination.k8s.io/v1", kind: "Lease")
    /// `apiextensions.k8s.io/v1 CustomResourceDefinition`.
    public static let customResourceDefinition = GroupVersionKind(
        apiVersion: "apiextensions.k8s.io/v1", kind: "CustomResourceDefinition")
}
