// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension APICatalog {
    /// The groups and versions of `/api` (`APIVersions`) or `/apis` (`APIGroupList`), preferred versions first.
    static func groupVersions(legacy document: Value) -> [GroupVersion] {
        if document["kind"]?.string == "APIVersions" {
            return (document["versions"]?.array ?? []).compactMap(\.string).map { GroupVersion(group: "", version: $0) }
        }
        return (document["groups"]?.array ?? []).flatMap { group -> [GroupVersion] in
            let versions = (group["versions"]?.array ?? []).compactMap { $0["groupVersion"]?.string }
            let preferred = group[path: "preferredVersion", "groupVersion"]?.string
            let ordered = versions.filter { $0 == preferred } + versions.filter { $0 != preferred }
            return ordered.map(GroupVersion.init(apiVersion:))
        }
    }

    /// Adds the kinds of an `APIResourceList`.
    mutating func add(_ groupVersion: GroupVersion, legacy document: Value) {
        groupVersions.append(groupVersion)
        var subresources: [String: Set<String>] = [:]
        var found: [APIResource] = []
        for entry in document["resources"]?.array ?? [] {
            guard let name = entry["name"]?.string, let kind = entry["kind"]?.string else { continue }
            let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
            if parts.count == 2 {
                subresources[parts[0], default: []].insert(parts[1])
                continue
            }
            found.append(
                APIResource(
                    kind: GroupVersionKind(group: groupVersion.group, version: groupVersion.version, kind: kind),
                    plural: name, isNamespaced: entry["namespaced"]?.bool ?? false,
                    verbs: Set((entry["verbs"]?.array ?? []).compactMap(\.string))))
        }
        for index in found.indices { found[index].subresources = subresources[found[index].plural] ?? [] }
        resources += found
    }
}
