// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// A rule of a Role: verbs on resources of an API group, of some names or of all.
public struct RoleRule: Sendable, Hashable {
    /// The API group; empty for the core.
    public var group: String
    /// The resources, as in `pods` or `pods/log`.
    public var resources: [String]
    /// The names it is limited to; empty for all.
    public var names: [String]
    /// The verbs.
    public var verbs: [String]

    /// Makes a rule.
    public init(_ group: String, _ resources: [String], names: [String] = [], verbs: [String]) {
        self.group = group
        self.resources = resources
        self.names = names
        self.verbs = verbs
    }

    /// The rule as RBAC writes it.
    public var value: Value {
        var rule: Mapping = [
            "apiGroups": [.string(group)], "resources": .array(resources.map(Value.string)),
        ]
        if !names.isEmpty { rule["resourceNames"] = .array(names.map(Value.string)) }
        rule["verbs"] = .array(verbs.map(Value.string))
        return .mapping(rule)
    }

    /// The rules that a rendered Role or ClusterRole grants, one per API group; rules about URLs are left out.
    static func granted(by role: Value) -> [RoleRule] {
        (role["rules"]?.array ?? []).flatMap { rule -> [RoleRule] in
            func strings(_ key: String) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
            return strings("apiGroups").map { group in
                RoleRule(group, strings("resources"), names: strings("resourceNames"), verbs: strings("verbs"))
            }
        }
    }

    /// Fewer rules that grant the same: equal groups, names and verbs share one.
    static func merged(_ rules: [RoleRule]) -> [RoleRule] {
        struct Key: Hashable {
            var group: String
            var names: [String]
            var verbs: [String]
        }
        var resources: [Key: Set<String>] = [:]
        var order: [Key] = []
        for rule in rules where !rule.resources.isEmpty {
            let key = Key(group: rule.group, names: rule.names.sorted(), verbs: rule.verbs)
            if resources[key] == nil { order.append(key) }
            resources[key, default: []].formUnion(rule.resources)
        }
        return order.map { key in
            RoleRule(key.group, (resources[key] ?? []).sorted(), names: key.names, verbs: key.verbs)
        }
    }
}
