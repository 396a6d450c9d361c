// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What objects are stored under, whatever version of the API they were written through: `deployments` of `apps`.
struct GroupResource: Hashable, Sendable, CustomStringConvertible {
    /// The API group; empty for the core.
    let group: String
    /// The lower-case plural name.
    let plural: String

    init(_ plural: String, group: String = "") {
        self.group = group
        self.plural = plural
    }

    /// As Kubernetes' messages name it: `configmaps`, `deployments.apps`.
    var description: String { group.isEmpty ? plural : "\(plural).\(group)" }
}

/// Where one object is stored.
struct ObjectKey: Hashable, Sendable {
    let resource: GroupResource
    /// The namespace; empty for objects of the whole cluster.
    let namespace: String
    let name: String

    init(_ resource: GroupResource, namespace: String = "", name: String) {
        self.resource = resource
        self.namespace = namespace
        self.name = name
    }

    /// The order of lists: by namespace, then by name.
    static func isOrdered(_ left: ObjectKey, _ right: ObjectKey) -> Bool {
        left.namespace == right.namespace
            ? left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            : left.namespace.utf8.lexicographicallyPrecedes(right.namespace.utf8)
    }
}

extension GroupResource {
    static let namespaces = GroupResource("namespaces")
    static let nodes = GroupResource("nodes")
    static let pods = GroupResource("pods")
    static let services = GroupResource("services")
    static let endpoints = GroupResource("endpoints")
    static let configMaps = GroupResource("configmaps")
    static let secrets = GroupResource("secrets")
    static let events = GroupResource("events")
    static let serviceAccounts = GroupResource("serviceaccounts")
    static let persistentVolumes = GroupResource("persistentvolumes")
    static let persistentVolumeClaims = GroupResource("persistentvolumeclaims")
    static let replicationControllers = GroupResource("replicationcontrollers")
    static let deployments = GroupResource("deployments", group: "apps")
    static let replicaSets = GroupResource("replicasets", group: "apps")
    static let statefulSets = GroupResource("statefulsets", group: "apps")
    static let daemonSets = GroupResource("daemonsets", group: "apps")
    static let controllerRevisions = GroupResource("controllerrevisions", group: "apps")
    static let jobs = GroupResource("jobs", group: "batch")
    static let cronJobs = GroupResource("cronjobs", group: "batch")
    static let ingresses = GroupResource("ingresses", group: "networking.k8s.io")
    static let ingressClasses = GroupResource("ingressclasses", group: "networking.k8s.io")
    static let endpointSlices = GroupResource("endpointslices", group: "discovery.k8s.io")
    static let storageClasses = GroupResource("storageclasses", group: "storage.k8s.io")
    static let leases = GroupResource("leases", group: "coordination.k8s.io")
    static let podDisruptionBudgets = GroupResource("poddisruptionbudgets", group: "policy")
    static let horizontalPodAutoscalers = GroupResource("horizontalpodautoscalers", group: "autoscaling")
    static let roles = GroupResource("roles", group: "rbac.authorization.k8s.io")
    static let roleBindings = GroupResource("rolebindings", group: "rbac.authorization.k8s.io")
    static let clusterRoles = GroupResource("clusterroles", group: "rbac.authorization.k8s.io")
    static let clusterRoleBindings = GroupResource("clusterrolebindings", group: "rbac.authorization.k8s.io")
    static let customResourceDefinitions = GroupResource("customresourcedefinitions", group: "apiextensions.k8s.io")
}
