// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto

/// Who sends a request, and what they may do.
struct User: Sendable {
    let name: String
    let groups: [String]
    /// What is allowed; nil for everything.
    let rules: [AccessRule]?

    /// Whether the user may do something to a resource; `namespace` is nil for all of the cluster.
    func isAllowed(_ verb: String, group: String, resource: String, name: String = "", namespace: String?) -> Bool {
        guard let rules else { return true }
        return rules.contains { $0.allows(verb, group: group, resource: resource, name: name, namespace: namespace) }
    }
}

/// Something a user may do, as a rule of RBAC says it.
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

    func allows(_ verb: String, group: String, resource: String, name: String, namespace: String?) -> Bool {
        func covers(_ list: [String], _ value: String) -> Bool { list.contains("*") || list.contains(value) }
        guard covers(verbs, verb), covers(groups, group) else { return false }
        let part = resource.split(separator: "/").dropFirst().first.map { "*/\($0)" }
        guard covers(resources, resource) || part.map(resources.contains) == true else { return false }
        guard let namespaces else { return true }
        return namespace.map(namespaces.contains) ?? false
    }
}

/// The tokens that are let in, and whose they are.
struct Authentication: Sendable {
    let users: [(token: String, user: User)]

    /// The user of an `Authorization` header.
    func user(_ header: String?) -> User? {
        guard let header, header.lowercased().hasPrefix("bearer ") else { return nil }
        let token = header.dropFirst(7).drop { $0 == " " }
        return users.first { ConstantTime.equal($0.token.utf8, token.utf8) }?.user
    }
}
