// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A resource of the API as requests address it: the plural in the path, with its group and version.
public struct GroupVersionResource: Hashable, Sendable, CustomStringConvertible {
    /// The API group; empty for the core group.
    public var group: String
    /// The version, as in `v1`.
    public var version: String
    /// The plural name, as in `deployments`.
    public var resource: String

    /// Names a resource at a version of a group; the core group is the empty string.
    public init(group: String, version: String, resource: String) {
        self.group = group
        self.version = version
        self.resource = resource
    }

    /// As in `deployments.v1.apps`, `secrets.v1`.
    public var description: String { group.isEmpty ? "\(resource).\(version)" : "\(resource).\(version).\(group)" }
}

/// What discovery tells about one kind: how to address it and what can be done with it.
public struct APIResource: Hashable, Sendable {
    /// The kind as it is served.
    public var kind: GroupVersionKind
    /// The name in request paths, as in `deployments`.
    public var plural: String
    /// Whether objects live in namespaces.
    public var isNamespaced: Bool
    /// What the server offers: `get`, `list`, `watch`, `create`, `patch` ...
    public var verbs: Set<String>
    /// Names below an object, as in `status` and `scale`.
    public var subresources: Set<String>

    /// Describes a kind; `verbs` and `subresources` are those that discovery reports.
    public init(
        kind: GroupVersionKind, plural: String, isNamespaced: Bool, verbs: Set<String> = [],
        subresources: Set<String> = []
    ) {
        self.kind = kind
        self.plural = plural
        self.isNamespaced = isNamespaced
        self.verbs = verbs
        self.subresources = subresources
    }

    /// The resource as requests address it.
    public var resource: GroupVersionResource {
        GroupVersionResource(group: kind.group, version: kind.version, resource: plural)
    }

    /// The path of the collection, of one object or of its subresource, percent-encoded.
    ///
    /// A namespaced resource without a namespace gives the collection over all namespaces; the namespace is left out
    /// for a cluster-scoped one.
    public func path(namespace: String? = nil, name: String? = nil, subresource: String? = nil) -> String {
        var path = kind.group.isEmpty ? "/api/\(kind.version)" : "/apis/\(kind.group)/\(kind.version)"
        if isNamespaced, let namespace { path += "/namespaces/" + PercentEncoding.pathSegment(namespace) }
        path += "/" + plural
        if let name { path += "/" + PercentEncoding.pathSegment(name) }
        if let subresource { path += "/" + PercentEncoding.pathSegment(subresource) }
        return path
    }
}
