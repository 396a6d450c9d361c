// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Says what users may do, by the roles that are bound to them, as RBAC does.
struct Authorizer: Sendable {
    let store: ObjectStore

    /// What came of a question, and why.
    struct Decision: Sendable {
        var isAllowed: Bool
        var reason = ""
    }

    /// Whether a user may do something.
    func decide(_ user: User, _ access: AccessAttributes) -> Decision {
        switch user.grant {
        case .everything: return Decision(isAllowed: true)
        case .rules(let rules):
            // Everybody may look at what is served, and ask who they are and what they may do.
            let isFree = access.path != nil || DefaultRoles.everybody.contains { $0.allows(access) }
            return Decision(isAllowed: isFree || rules.contains { $0.allows(access) })
        case .bindings: return decideByBindings(user, access)
        }
    }

    /// Refuses what a user may not do.
    /// - Throws: `StatusError` with the reason `Forbidden`.
    func check(_ user: User, _ access: AccessAttributes) throws {
        let decision = decide(user, access)
        guard decision.isAllowed else { throw access.refusal(for: user, reason: decision.reason) }
    }

    private func decideByBindings(_ user: User, _ access: AccessAttributes) -> Decision {
        if user.groups.contains(User.everybody), DefaultRoles.everybody.contains(where: { $0.allows(access) }) {
            return Decision(isAllowed: true)
        }
        var problems: [String] = []
        for grant in bindings(of: user, namespace: access.namespace) {
            guard let rules = rules(of: grant) else {
                problems.append(
                    "\(grant.role.kind.text.lowercased()).rbac.authorization.k8s.io \"\(grant.role.name.text)\" not found"
                )
                continue
            }
            guard rules.contains(where: { $0.allows(access) }) else { continue }
            return Decision(isAllowed: true, reason: "RBAC: allowed by \(grant.description)")
        }
        guard !problems.isEmpty else { return Decision(isAllowed: false) }
        let list = problems.count == 1 ? problems[0] : "[\(problems.joined(separator: ", "))]"
        return Decision(isAllowed: false, reason: "RBAC: \(list)")
    }

    /// All that a user may do in a namespace, as far as rules tell it.
    func rules(of user: User, namespace: String) -> [PolicyRule] {
        switch user.grant {
        case .everything: DefaultRoles.rules(of: "cluster-admin") ?? []
        case .rules(let rules):
            DefaultRoles.everybody + rules.filter { $0.namespaces?.contains(namespace) ?? true }.map(\.policy)
        case .bindings:
            DefaultRoles.everybody + bindings(of: user, namespace: namespace).flatMap { rules(of: $0) ?? [] }
        }
    }

    // MARK: Bindings

    /// A role that a binding gives a user.
    private struct Grant {
        let binding: Fields
        let subject: Fields
        var role: Fields { binding.roleRef }
        /// Empty for a binding of the whole cluster.
        var namespace: String { binding.objectNamespace }

        var description: String {
            let owner = subject.kind.text == "ServiceAccount" ? "/\(subject.namespace.nonEmpty ?? namespace)" : ""
            let place = namespace.isEmpty ? "" : "/\(namespace)"
            return "\(namespace.isEmpty ? "ClusterRoleBinding" : "RoleBinding") \"\(binding.objectName)\(place)\" of "
                + "\(role.kind.text) \"\(role.name.text)\" to \(subject.kind.text) \"\(subject.name.text)\(owner)\""
        }
    }

    private func bindings(of user: User, namespace: String) -> [Grant] {
        var bindings = store.list(.clusterRoleBindings).objects
        if !namespace.isEmpty { bindings += store.list(.roleBindings, namespace: namespace).objects }
        return bindings.compactMap { stored in
            let binding = Fields(stored.value)
            return binding.subjects.list.first { Self.applies($0, of: binding, to: user) }
                .map { Grant(binding: binding, subject: $0) }
        }
    }

    private static func applies(_ subject: Fields, of binding: Fields, to user: User) -> Bool {
        switch subject.kind.text {
        case "User": return subject.name.text == user.name
        case "Group": return user.groups.contains(subject.name.text)
        case "ServiceAccount":
            let namespace = subject.namespace.nonEmpty ?? binding.objectNamespace
            return !namespace.isEmpty && user.name == "system:serviceaccount:\(namespace):\(subject.name.text)"
        default: return false
        }
    }

    private func rules(of grant: Grant) -> [PolicyRule]? { rules(ofRole: grant.role, in: grant.namespace) }

    /// The rules of a role that a binding names; nil when there is no such role.
    func rules(ofRole role: Fields, in namespace: String) -> [PolicyRule]? {
        let name = role.name.text
        guard role.kind.text == "ClusterRole" else {
            return store.get(ObjectKey(.roles, namespace: namespace, name: name)).map(Self.rules)
        }
        var rules = DefaultRoles.rules(of: name)
        var selectors = DefaultRoles.aggregationLabel(name).map { [LabelSelector(labels: Fields([$0: "true"]))] } ?? []
        if let stored = store.get(ObjectKey(.clusterRoles, name: name)) {
            let role = Fields(stored.value)
            rules = Self.rules(stored)
            selectors = role.aggregationRule.clusterRoleSelectors.list.map { LabelSelector($0) }
        }
        guard !selectors.isEmpty else { return rules }
        // A controller of a real cluster writes them into the role.
        let aggregated = store.list(.clusterRoles).objects.filter { other in
            selectors.contains { $0.matches(Fields(other.value).metadata.labels) }
        }
        return (rules ?? []) + aggregated.flatMap(Self.rules)
    }

    private static func rules(_ role: StoredObject) -> [PolicyRule] {
        Fields(role.value).rules.list.map { PolicyRule($0) }
    }
}
