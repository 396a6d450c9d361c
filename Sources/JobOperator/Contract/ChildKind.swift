// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI

/// What the controller makes for a job; every one has the job's name and namespace (C2).
public enum ChildKind: String, Sendable, Hashable, CaseIterable {
    case pod
    case service
    case ingress
    /// Guards a running aggregator against eviction, where the policy asks for it.
    case disruptionBudget

    /// The API group, plural and kind: the version is a matter of discovery (D1).
    public var groupKind: GroupKind {
        switch self {
        case .pod: GroupKind(group: "", kind: "Pod")
        case .service: GroupKind(group: "", kind: "Service")
        case .ingress: GroupKind(group: "networking.k8s.io", kind: "Ingress")
        case .disruptionBudget: GroupKind(group: "policy", kind: "PodDisruptionBudget")
        }
    }

    /// The kind's name, for messages.
    public var kind: String { groupKind.kind }
}
