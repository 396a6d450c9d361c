// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension APICatalog {
    /// The media types that ask for aggregated discovery, newest first, with plain JSON for servers that have none.
    static let aggregatedAccept =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    /// Adds the groups of an `APIGroupDiscoveryList`; false for any other document.
    mutating func add(aggregated document: Value) -> Bool {
        guard document["kind"]?.string == "APIGroupDiscoveryList" else { return false }
        for group in document["items"]?.array ?? [] {
            let name = group[path: "metadata", "name"]?.string ?? ""
            for version in group["versions"]?.array ?? [] { add(version, group: name) }
        }
        return true
    }

    private mutating func add(_ version: Value, group: String) {
        guard let name = version["version"]?.string else { return }
        let groupVersion = GroupVersion(group: group, version: name)
        let found = (version["resources"]?.array ?? []).compactMap { Self.resource($0, in: groupVersion) }
        if version["freshness"]?.string == "Stale", found.isEmpty {
            broken[groupVersion] = "the aggregated API server behind it does not answer"
            return
        }
        groupVersions.append(groupVersion)
        resources += found
    }

    private static func resource(_ value: Value, in groupVersion: GroupVersion) -> APIResource? {
        guard let plural = value["resource"]?.string, let kind = value[path: "responseKind", "kind"]?.string,
            !kind.isEmpty
        else { return nil }
        // The response kind of `namespaces/finalize` and the like may be of another group; the resource's own is not.
        return APIResource(
            kind: GroupVersionKind(group: groupVersion.group, version: groupVersion.version, kind: kind),
            plural: plural, isNamespaced: value["scope"]?.string == "Namespaced",
            verbs: Set((value["verbs"]?.array ?? []).compactMap(\.string)),
            subresources: Set((value["subresources"]?.array ?? []).compactMap { $0["subresource"]?.string }))
    }
}
