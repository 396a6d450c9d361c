// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A rule of a role.
struct PolicyRule: Sendable {
    var verbs: [String]
    var groups: [String] = []
    var resources: [String] = []
    /// The names it is limited to; none for all, and for those that a request does not tell.
    var names: [String] = []
    var paths: [String] = []

    init(verbs: [String], groups: [String], resources: [String]) {
        self.verbs = verbs
        self.groups = groups
        self.resources = resources
    }

    init(verbs: [String], paths: [String]) {
        self.verbs = verbs
        self.paths = paths
    }

    /// Reads a rule of a stored role.
    init(_ rule: Fields) {
        verbs = rule.verbs.list.map(\.text)
        groups = rule.apiGroups.list.map(\.text)
        resources = rule.resources.list.map(\.text)
        names = rule.resourceNames.list.map(\.text)
        paths = rule.nonResourceURLs.list.map(\.text)
    }

    func allows(_ access: AccessAttributes) -> Bool {
        func covers(_ list: [String], _ value: String) -> Bool { list.contains("*") || list.contains(value) }
        guard covers(verbs, access.verb) else { return false }
        if let path = access.path {
            return paths.contains { pattern in
                pattern == "*" || pattern == path || pattern.hasSuffix("*") && path.hasPrefix(pattern.dropLast())
            }
        }
        guard covers(groups, access.group) else { return false }
        let isPart = !access.subresource.isEmpty && resources.contains("*/\(access.subresource)")
        guard covers(resources, access.combined) || isPart else { return false }
        return names.isEmpty || names.contains(access.name)
    }

    /// As a review of rules tells it.
    var value: Value {
        func texts(_ list: [String]) -> Value { .array(list.map { .string($0) }) }
        var value: Value = ["verbs": texts(verbs)]
        guard paths.isEmpty else {
            value["nonResourceURLs"] = texts(paths)
            return value
        }
        value["apiGroups"] = texts(groups)
        value["resources"] = texts(resources)
        if !names.isEmpty { value["resourceNames"] = texts(names) }
        return value
    }
}
