// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// How the objects of one kind become rows: its columns, and the cells below them.
struct TableLayout: Sendable {
    /// The columns, wide ones included.
    var columns: [TableColumn]
    /// The cells of an object, as many as there are columns.
    var cells: @Sendable (_ object: Fields, _ now: Timestamp) -> [Value]

    /// A layout that begins with the name and ends with the age, before any wide columns.
    init(
        _ columns: [TableColumn], wide: [TableColumn] = [],
        cells: @escaping @Sendable (_ object: Fields, _ now: Timestamp) -> [Value],
        wideCells: @escaping @Sendable (_ object: Fields) -> [Value] = { _ in [] }
    ) {
        self.columns = [.objectName] + columns + [.age] + wide
        self.cells = { object, now in
            let age = HumanDuration.since(object.metadata.creationTimestamp.time, now: now)
            return [.string(object.metadata.name.text)] + cells(object, now) + [.string(age)] + wideCells(object)
        }
    }

    /// A layout whose cells are all told.
    init(exactly columns: [TableColumn], cells: @escaping @Sendable (_ object: Fields, _ now: Timestamp) -> [Value]) {
        self.columns = columns
        self.cells = cells
    }

    /// Name and time of creation: the layout of kinds that have none of their own.
    static let fallback = TableLayout(exactly: [.objectName, .createdAt]) { object, _ in
        [.string(object.metadata.name.text), .string(object.metadata.creationTimestamp.text)]
    }

    /// Name and age.
    static let nameAndAge = TableLayout([], cells: { _, _ in [] })

    /// The layout of a served kind.
    static func builtIn(group: String, resource: String) -> TableLayout {
        layouts["\(group)/\(resource)"] ?? fallback
    }

    private static let layouts: [String: TableLayout] = [
        "/pods": .pods,
        "/replicationcontrollers": .replicationControllers,
        "/podtemplates": .podTemplates,
        "apps/deployments": .deployments,
        "apps/replicasets": .replicaSets,
        "apps/statefulsets": .statefulSets,
        "apps/daemonsets": .daemonSets,
        "apps/controllerrevisions": .controllerRevisions,
        "batch/jobs": .jobs,
        "batch/cronjobs": .cronJobs,
        "autoscaling/horizontalpodautoscalers": .horizontalPodAutoscalers,
        "policy/poddisruptionbudgets": .podDisruptionBudgets,
        "/services": .services,
        "/endpoints": .endpoints,
        "discovery.k8s.io/endpointslices": .endpointSlices,
        "networking.k8s.io/ingresses": .ingresses,
        "extensions/ingresses": .ingresses,
        "networking.k8s.io/ingressclasses": .ingressClasses,
        "networking.k8s.io/networkpolicies": .networkPolicies,
        "networking.k8s.io/ipaddresses": .ipAddresses,
        "networking.k8s.io/servicecidrs": .serviceCIDRs,
        "/persistentvolumeclaims": .persistentVolumeClaims,
        "/persistentvolumes": .persistentVolumes,
        "storage.k8s.io/storageclasses": .storageClasses,
        "storage.k8s.io/csidrivers": .csiDrivers,
        "storage.k8s.io/csinodes": .csiNodes,
        "storage.k8s.io/volumeattachments": .volumeAttachments,
        "storage.k8s.io/volumeattributesclasses": .volumeAttributesClasses,
        "/nodes": .nodes,
        "/namespaces": .namespaces,
        "/componentstatuses": .componentStatuses,
        "/events": .events,
        "events.k8s.io/events": .events,
        "coordination.k8s.io/leases": .leases,
        "scheduling.k8s.io/priorityclasses": .priorityClasses,
        "node.k8s.io/runtimeclasses": .runtimeClasses,
        "apiregistration.k8s.io/apiservices": .apiServices,
        "certificates.k8s.io/certificatesigningrequests": .certificateSigningRequests,
        "/configmaps": .configMaps,
        "/secrets": .secrets,
        "/serviceaccounts": .nameAndAge,
        "/resourcequotas": .resourceQuotas,
        "rbac.authorization.k8s.io/rolebindings": .roleBindings,
        "rbac.authorization.k8s.io/clusterrolebindings": .roleBindings,
        "admissionregistration.k8s.io/mutatingwebhookconfigurations": .webhookConfigurations,
        "admissionregistration.k8s.io/validatingwebhookconfigurations": .webhookConfigurations,
        "admissionregistration.k8s.io/validatingadmissionpolicies": .admissionPolicies(counting: "validations"),
        "admissionregistration.k8s.io/mutatingadmissionpolicies": .admissionPolicies(counting: "mutations"),
        "admissionregistration.k8s.io/validatingadmissionpolicybindings": .admissionPolicyBindings,
        "admissionregistration.k8s.io/mutatingadmissionpolicybindings": .admissionPolicyBindings,
        "flowcontrol.apiserver.k8s.io/flowschemas": .flowSchemas,
        "flowcontrol.apiserver.k8s.io/prioritylevelconfigurations": .priorityLevels,
        "resource.k8s.io/deviceclasses": .nameAndAge,
        "resource.k8s.io/resourceclaimtemplates": .nameAndAge,
        "resource.k8s.io/resourceclaims": .resourceClaims,
        "resource.k8s.io/resourceslices": .resourceSlices,
    ]
}
