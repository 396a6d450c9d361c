// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Something a configured account may do, as a rule of RBAC says it.
public struct AccessRule: Sendable {
    /// The verbs; `*` for all.
    public var verbs: [String]
    /// The API groups; the core is the empty text, `*` for all.
    public var groups: [String]
    /// The plural names, parts as `pods/log`; `*` for all.
    public var resources: [String]
    /// The namespaces; nil for all and for what belongs to the whole cluster.
    public var namespaces: [String]?

    /// Makes a rule.
    public init(verbs: [String], groups: [String], resources: [String], namespaces: [String]? = nil) {
        self.verbs = verbs
        self.groups = groups
        self.resources = resources
        self.namespaces = namespaces
    }

    /// The same as a role says it.
    var policy: PolicyRule { PolicyRule(verbs: verbs, groups: groups, resources: resources) }

    func allows(_ access: AccessAttributes) -> Bool {
        guard policy.allows(access) else { return false }
        return namespaces.map { $0.contains(access.namespace) } ?? true
    }
}
