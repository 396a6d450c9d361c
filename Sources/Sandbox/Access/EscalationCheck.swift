// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Refuses roles and bindings that would give more away than their writer has, as RBAC does.
struct EscalationCheck: Sendable {
    let authorizer: Authorizer
    let user: User
    let resource: GroupResource
    let namespace: String
    let minor: Int

    /// The check of writes of a resource by a user; nil where there is nothing to check.
    init?(_ user: User, _ resource: GroupResource, namespace: String, authorizer: Authorizer, minor: Int) {
        let granting: [GroupResource] = [.roles, .clusterRoles, .roleBindings, .clusterRoleBindings]
        guard granting.contains(resource) else { return nil }
        if case .everything = user.grant { return nil }
        self.user = user
        self.resource = resource
        self.namespace = namespace
        self.authorizer = authorizer
        self.minor = minor
    }

    /// Looks at an object that shall be written.
    /// - Throws: `StatusError` when the user may not give away what it gives.
    func check(_ object: Value, replacing current: Value?) throws {
        if let current, Self.essence(object) == Self.essence(current) { return }
        let object = Fields(object)
        let name = object.metadata.name.text
        guard resource == .roleBindings || resource == .clusterRoleBindings else {
            guard !may("escalate", resource, name) else { return }
            return try check(object.rules.list.map { PolicyRule($0) }, name)
        }
        let role = object.roleRef
        let kind: GroupResource = role.kind.text == "ClusterRole" ? .clusterRoles : .roles
        guard !may("bind", kind, role.name.text) else { return }
        guard let rules = authorizer.rules(ofRole: role, in: namespace) else {
            // Newer releases name the collection that was written to.
            throw StatusError.notFound(minor >= 36 ? resource : kind, role.name.text)
        }
        try check(rules, name)
    }

    /// What of an object counts: what the garbage collector needs to change may be changed by anybody.
    private static func essence(_ object: Value) -> Value {
        var object = object
        for field in ["ownerReferences", "finalizers", "managedFields", "resourceVersion"] {
            object.set(nil, at: ["metadata", field])
        }
        return object
    }

    private func may(_ verb: String, _ resource: GroupResource, _ name: String) -> Bool {
        authorizer.decide(
            user,
            AccessAttributes(
                verb: verb, group: resource.group, resource: resource.plural, name: name, namespace: namespace)
        ).isAllowed
    }

    private func check(_ rules: [PolicyRule], _ name: String) throws {
        let own = authorizer.rules(of: user, namespace: namespace)
        let lacking = rules.flatMap(\.parts).filter { part in !own.contains { $0.covers(part) } }
        guard !lacking.isEmpty else { return }
        let groups = user.groups.map { "\"\($0)\"" }.joined(separator: " ")
        throw StatusError.forbidden(
            resource, name: name,
            "user \"\(user.name)\" (groups=[\(groups)]) is attempting to grant RBAC permissions not currently held:\n"
                + PolicyRule.list(lacking))
    }
}

extension PolicyRule {
    /// A rule for every single thing that the rule allows.
    fileprivate var parts: [PolicyRule] {
        verbs.flatMap { verb -> [PolicyRule] in
            guard paths.isEmpty else { return paths.map { PolicyRule(verbs: [verb], paths: [$0]) } }
            return groups.flatMap { group in
                resources.flatMap { resource -> [PolicyRule] in
                    let rule = PolicyRule(verbs: [verb], groups: [group], resources: [resource])
                    guard !names.isEmpty else { return [rule] }
                    return names.map { name in
                        var rule = rule
                        rule.names = [name]
                        return rule
                    }
                }
            }
        }
    }

    /// Whether the rule allows all that a part of another one does.
    fileprivate func covers(_ part: PolicyRule) -> Bool {
        func covers(_ list: [String], _ values: [String]) -> Bool {
            list.contains("*") || values.allSatisfy(list.contains)
        }
        guard covers(verbs, part.verbs) else { return false }
        if let path = part.paths.first {
            return paths.contains { own in
                own == "*" || own == path || own.hasSuffix("*") && path.hasPrefix(own.dropLast())
            }
        }
        guard paths.isEmpty, covers(groups, part.groups) else { return false }
        let subresource = part.resources.first?.split(separator: "/", maxSplits: 1).dropFirst().first
        let isPart = subresource.map { resources.contains("*/\($0)") } ?? false
        guard covers(resources, part.resources) || isPart else { return false }
        return names.isEmpty || !part.names.isEmpty && part.names.allSatisfy(names.contains)
    }

    /// Parts as a server lists them: a line for each resource, its verbs together.
    fileprivate static func list(_ parts: [PolicyRule]) -> String {
        var lines: [String: [String]] = [:]
        for part in parts {
            func field(_ title: String, _ values: [String]) -> String? {
                values.isEmpty ? nil : "\(title):[\(values.map { "\"\($0)\"" }.joined(separator: " "))]"
            }
            let fields = [
                field("APIGroups", part.groups), field("Resources", part.resources),
                field("NonResourceURLs", part.paths), field("ResourceNames", part.names),
            ]
            lines[fields.compactMap(\.self).joined(separator: ", "), default: []] += part.verbs
        }
        return lines.sorted { $0.key < $1.key }.map { line in
            "{\(line.key), Verbs:[\(line.value.map { "\"\($0)\"" }.joined(separator: " "))]}"
        }.joined(separator: "\n")
    }
}
