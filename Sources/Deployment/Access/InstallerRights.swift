// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Values

/// What whoever installs a deployment must be allowed, computed from the rendered objects themselves: `rbac print --for installer`.
///
/// RBAC lets nobody grant what he does not hold, so the rules of the rendered Roles are among the installer's.
public struct InstallerRights: Sendable {
    private static let managing = ["get", "list", "watch", "create", "patch", "delete"]

    /// The deployment's name.
    public let deployment: String
    /// The rules per namespace.
    public let namespaced: [(namespace: String, rules: [RoleRule])]
    /// The rules for objects outside namespaces.
    public let clusterWide: [RoleRule]

    /// Computes the rights.
    ///
    /// - Parameters:
    ///   - deployment: the deployment's name.
    ///   - namespace: its namespace, where its records are.
    ///   - objects: everything it renders that this installer writes.
    ///   - createsNamespace: whether the installer makes the namespace.
    public init(deployment: String, namespace: String, objects: [KubernetesObject], createsNamespace: Bool) {
        self.deployment = deployment
        var perNamespace: [String: [RoleRule]] = [namespace: Self.records(deployment) + Self.observation]
        var order = [namespace]
        var clusterWide: [RoleRule] = []
        if createsNamespace {
            clusterWide.append(RoleRule("", ["namespaces"], verbs: ["get", "create", "patch", "delete"]))
        }
        for object in objects {
            let kind = object.groupVersionKind
            let rule = RoleRule(kind.group, [ResourceNames.plural(of: kind.kind)], verbs: Self.managing)
            let grants = ["Role", "ClusterRole"].contains(kind.kind) ? RoleRule.granted(by: object.value) : []
            if ResourceNames.isClusterScoped(kind.groupKind) {
                clusterWide += [rule] + grants
            } else {
                let place = object.namespace ?? namespace
                if perNamespace[place] == nil { order.append(place) }
                perNamespace[place, default: []] += [rule] + grants
            }
        }
        namespaced = order.map { ($0, RoleRule.merged(perNamespace[$0] ?? [])) }
        self.clusterWide = RoleRule.merged(clusterWide)
    }

    /// The records, the lock and the preflight questions.
    private static func records(_ deployment: String) -> [RoleRule] {
        [
            RoleRule("", ["secrets"], verbs: managing + ["update"]),
            RoleRule("coordination.k8s.io", ["leases"], verbs: ["get", "create", "update", "patch", "delete"]),
        ]
    }

    /// What waiting, describing and logs look at.
    private static var observation: [RoleRule] {
        [
            RoleRule("", ["pods", "events"], verbs: ["get", "list", "watch"]),
            RoleRule("", ["pods/log"], verbs: ["get"]),
            RoleRule("apps", ["replicasets"], verbs: ["get", "list", "watch"]),
            RoleRule("discovery.k8s.io", ["endpointslices"], verbs: ["get", "list", "watch"]),
        ]
    }

    /// The Roles and RoleBindings, and the ClusterRole with its binding where something lies outside namespaces, for a subject.
    public func manifests(for subject: AccessSubject) -> [Value] {
        let name = "iflearnerctl-installer-\(deployment)"
        var documents = namespaced.flatMap { place, rules -> [Value] in
            [
                Self.role("Role", name, namespace: place, rules),
                Self.binding("RoleBinding", to: "Role", name, namespace: place, subject),
            ]
        }
        if !clusterWide.isEmpty {
            documents += [
                Self.role("ClusterRole", name, namespace: nil, clusterWide),
                Self.binding("ClusterRoleBinding", to: "ClusterRole", name, namespace: nil, subject),
            ]
        }
        return documents
    }

    private static func metadata(_ name: String, _ namespace: String?) -> Value {
        var metadata: Mapping = ["name": .string(name)]
        if let namespace { metadata["namespace"] = .string(namespace) }
        return .mapping(metadata)
    }

    private static func role(_ kind: String, _ name: String, namespace: String?, _ rules: [RoleRule]) -> Value {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": metadata(name, namespace),
            "rules": .array(rules.map(\.value)),
        ]
    }

    private static func binding(
        _ kind: String, to role: String, _ name: String, namespace: String?, _ subject: AccessSubject
    ) -> Value {
        [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": metadata(name, namespace),
            "roleRef": ["apiGroup": "rbac.authorization.k8s.io", "kind": .string(role), "name": .string(name)],
            "subjects": [subject.value],
        ]
    }
}

/// Whom a binding is for.
public enum AccessSubject: Sendable, Hashable {
    /// A user by name.
    case user(String)
    /// A group by name.
    case group(String)
    /// A service account.
    case serviceAccount(namespace: String, name: String)

    /// The subject as RBAC writes it.
    public var value: Value {
        switch self {
        case .user(let name):
            ["apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": .string(name)]
        case .group(let name):
            ["apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": .string(name)]
        case .serviceAccount(let namespace, let name):
            ["kind": "ServiceAccount", "name": .string(name), "namespace": .string(namespace)]
        }
    }
}
