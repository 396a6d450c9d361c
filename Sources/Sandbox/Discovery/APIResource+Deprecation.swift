// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension APIResource {
    /// What a real server tells whoever still uses a version that is going away; nil for all others.
    ///
    /// Warnings came with release 1.19.
    func deprecationWarning(minor: Int) -> String? {
        guard minor >= 19 else { return nil }
        if plural == "endpoints", group.isEmpty {
            return minor >= 33 ? "v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice" : nil
        }
        guard let (deprecated, removed, successor) = Self.deprecations["\(groupVersion) \(plural)"],
            minor >= deprecated
        else { return nil }
        return "\(groupVersion) \(kind) is deprecated in v1.\(deprecated)+, unavailable in v1.\(removed)+; "
            + "use \(successor) \(kind)"
    }

    private static let deprecations: [String: (deprecated: Int, removed: Int, successor: String)] = {
        var table: [String: (Int, Int, String)] = [
            "policy/v1beta1 poddisruptionbudgets": (21, 25, "policy/v1"),
            "batch/v1beta1 cronjobs": (21, 25, "batch/v1"),
            "discovery.k8s.io/v1beta1 endpointslices": (21, 25, "discovery.k8s.io/v1"),
            "coordination.k8s.io/v1beta1 leases": (19, 22, "coordination.k8s.io/v1"),
            "autoscaling/v2beta2 horizontalpodautoscalers": (23, 26, "autoscaling/v2"),
        ]
        for plural in ["roles", "rolebindings", "clusterroles", "clusterrolebindings"] {
            table["rbac.authorization.k8s.io/v1beta1 \(plural)"] = (17, 22, "rbac.authorization.k8s.io/v1")
        }
        return table
    }()
}
