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

    /// The versions that the controller speaks, the one to prefer first.
    private var versions: [String] {
        switch self {
        case .pod, .service: ["v1"]
        case .ingress, .disruptionBudget: ["v1", "v1beta1"]
        }
    }

    /// The kind at the version to speak with a server: Ingresses are `v1beta1` below Kubernetes 1.19 (D1).
    ///
    /// - Throws: `DiscoveryError` when the server serves none of the versions, also after asking again.
    public func served(by client: ClusterClient) async throws -> GroupVersionKind {
        let known = versions.map { GroupVersionKind(group: groupKind.group, version: $0, kind: kind) }
        if known.count > 1 {
            let catalog = try await client.discovery.catalog()
            if let found = known.first(where: { catalog.resource(for: $0) != nil }) { return found }
        }
        return try await client.discovery.resource(for: known[0]).kind
    }
}
