// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Everything that a server serves, as one discovery told it.
public struct APICatalog: Sendable, Hashable {
    /// The groups and their versions, the preferred version of a group first.
    public var groupVersions: [GroupVersion]
    /// The kinds, in the order of `groupVersions`.
    public var resources: [APIResource]
    /// Groups that could not be asked, with the reason: aggregated API servers that are down.
    public var broken: [GroupVersion: String]

    /// Makes a catalog.
    public init(
        groupVersions: [GroupVersion] = [], resources: [APIResource] = [], broken: [GroupVersion: String] = [:]
    ) {
        self.groupVersions = groupVersions
        self.resources = resources
        self.broken = broken
    }

    /// The resource of a kind at exactly this version; nil when it is not served.
    public func resource(for kind: GroupVersionKind) -> APIResource? {
        resources.first { $0.kind == kind }
    }

    /// The versions at which a kind is served, the server's preferred one first.
    public func versions(of kind: GroupKind) -> [String] {
        resources.filter { $0.kind.groupKind == kind }.map(\.kind.version)
    }

    /// The resource of a kind at the server's preferred version; nil when it is not served.
    public func preferredResource(for kind: GroupKind) -> APIResource? {
        resources.first { $0.kind.groupKind == kind }
    }

    /// What charts ask `.Capabilities.APIVersions` for: `apps/v1` and `apps/v1/Deployment`, of all that is served.
    public var capabilities: [String] {
        groupVersions.map(\.apiVersion) + resources.map { "\($0.kind.apiVersion)/\($0.kind.kind)" }
    }
}
