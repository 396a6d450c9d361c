// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The roles that every cluster has, as far as they matter to those who deploy; the sandbox does not store them.
enum DefaultRoles {
    /// What everybody may who has shown who they are: look at what is served, and ask about themselves.
    static let everybody = [
        PolicyRule(
            verbs: ["get"],
            paths: [
                "/api", "/api/*", "/apis", "/apis/*", "/healthz", "/livez", "/openapi", "/openapi/*", "/readyz",
                "/version", "/version/",
            ]),
        PolicyRule(
            verbs: ["create"], groups: ["authorization.k8s.io"],
            resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"]),
        PolicyRule(verbs: ["create"], groups: ["authentication.k8s.io"], resources: ["selfsubjectreviews"]),
    ]

    /// The label of the ClusterRoles whose rules a role has beside its own; nil for a role that takes in no others.
    static func aggregationLabel(_ name: String) -> String? {
        ["admin", "edit", "view"].contains(name) ? "rbac.authorization.k8s.io/aggregate-to-\(name)" : nil
    }

    /// The rules of a ClusterRole that every cluster has; nil for others.
    static func rules(of name: String) -> [PolicyRule]? {
        switch name {
        case "cluster-admin":
            [PolicyRule(verbs: ["*"], groups: ["*"], resources: ["*"]), PolicyRule(verbs: ["*"], paths: ["*"])]
        case "view": [reading(seen)]
        case "edit": edited
        case "admin": edited + administered
        default: nil
        }
    }

    private static let readVerbs = ["get", "list", "watch"]
    private static let writeVerbs = ["create", "delete", "deletecollection", "patch", "update"]
    private static let groups = [
        "", "apps", "autoscaling", "batch", "discovery.k8s.io", "networking.k8s.io", "policy",
    ]

    private static let written = [
        "configmaps", "endpoints", "persistentvolumeclaims", "pods", "replicationcontrollers",
        "replicationcontrollers/scale", "serviceaccounts", "services", "daemonsets", "deployments",
        "deployments/rollback", "deployments/scale", "replicasets", "replicasets/scale", "statefulsets",
        "statefulsets/scale", "horizontalpodautoscalers", "cronjobs", "jobs", "ingresses", "networkpolicies",
        "poddisruptionbudgets",
    ]

    private static let seen =
        written + [
            "bindings", "events", "limitranges", "namespaces", "namespaces/status", "pods/log", "pods/status",
            "replicationcontrollers/status", "resourcequotas", "resourcequotas/status", "services/status",
            "persistentvolumeclaims/status", "controllerrevisions", "daemonsets/status", "deployments/status",
            "replicasets/status", "statefulsets/status", "horizontalpodautoscalers/status", "cronjobs/status",
            "jobs/status", "ingresses/status", "poddisruptionbudgets/status", "endpointslices",
        ]

    private static func reading(_ resources: [String]) -> PolicyRule {
        PolicyRule(verbs: readVerbs, groups: groups, resources: resources)
    }

    private static let edited = [
        reading(
            seen + ["pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "secrets", "services/proxy"]),
        PolicyRule(verbs: ["impersonate"], groups: [""], resources: ["serviceaccounts"]),
        PolicyRule(
            verbs: writeVerbs, groups: groups,
            resources: written + [
                "events", "secrets", "pods/attach", "pods/exec", "pods/portforward", "pods/proxy", "services/proxy",
            ]),
        PolicyRule(verbs: ["create"], groups: [""], resources: ["pods/eviction", "serviceaccounts/token"]),
        PolicyRule(verbs: readVerbs + writeVerbs, groups: ["coordination.k8s.io"], resources: ["leases"]),
    ]

    private static let administered = [
        PolicyRule(verbs: ["create"], groups: ["authorization.k8s.io"], resources: ["localsubjectaccessreviews"]),
        PolicyRule(
            verbs: readVerbs + writeVerbs, groups: ["rbac.authorization.k8s.io"],
            resources: ["rolebindings", "roles"]),
    ]
}
