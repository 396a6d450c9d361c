// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension GroupResource {
    static let resourceQuotas = GroupResource("resourcequotas")
    static let priorityClasses = GroupResource("priorityclasses", group: "scheduling.k8s.io")

    /// What objects of the collections that controllers write say as `apiVersion` and `kind`; nil for the others.
    var kind: (apiVersion: String, name: String)? { Self.kinds[self] }

    private static let kinds: [GroupResource: (apiVersion: String, name: String)] = [
        .pods: ("v1", "Pod"), .services: ("v1", "Service"), .endpoints: ("v1", "Endpoints"), .events: ("v1", "Event"),
        .configMaps: ("v1", "ConfigMap"), .serviceAccounts: ("v1", "ServiceAccount"), .namespaces: ("v1", "Namespace"),
        .nodes: ("v1", "Node"), .persistentVolumes: ("v1", "PersistentVolume"),
        .persistentVolumeClaims: ("v1", "PersistentVolumeClaim"), .deployments: ("apps/v1", "Deployment"),
        .replicaSets: ("apps/v1", "ReplicaSet"), .statefulSets: ("apps/v1", "StatefulSet"),
        .daemonSets: ("apps/v1", "DaemonSet"), .controllerRevisions: ("apps/v1", "ControllerRevision"),
        .jobs: ("batch/v1", "Job"), .cronJobs: ("batch/v1", "CronJob"), .leases: ("coordination.k8s.io/v1", "Lease"),
        .endpointSlices: ("discovery.k8s.io/v1", "EndpointSlice"), .ingresses: ("networking.k8s.io/v1", "Ingress"),
        .storageClasses: ("storage.k8s.io/v1", "StorageClass"),
        .priorityClasses: ("scheduling.k8s.io/v1", "PriorityClass"),
        .podDisruptionBudgets: ("policy/v1", "PodDisruptionBudget"),
        .customResourceDefinitions: ("apiextensions.k8s.io/v1", "CustomResourceDefinition"),
    ]
}

extension ObjectKey {
    /// The key of an object of a known collection.
    init(_ resource: GroupResource, of object: Fields) {
        self.init(resource, namespace: object.metadata.namespace.text, name: object.metadata.name.text)
    }
}
