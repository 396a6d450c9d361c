// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The API group and kind of an object, without the version it is served at.
public struct GroupKind: Hashable, Sendable, CustomStringConvertible {
    /// The API group; empty for the core group.
    public var group: String
    /// The kind, as in `Deployment`.
    public var kind: String

    /// Names a kind of a group; the core group is the empty string.
    public init(group: String, kind: String) {
        self.group = group
        self.kind = kind
    }

    /// Kubernetes' own spelling: `Deployment.apps`, `Secret`.
    public var description: String { group.isEmpty ? kind : "\(kind).\(group)" }
}

/// An API group at one of its versions.
public struct GroupVersion: Hashable, Sendable, CustomStringConvertible {
    /// The API group; empty for the core group.
    public var group: String
    /// The version, as in `v1` or `v1beta1`.
    public var version: String

    /// Names a version of a group; the core group is the empty string.
    public init(group: String, version: String) {
        self.group = group
        self.version = version
    }

    /// Reads an `apiVersion`: `apps/v1`, or `v1` of the core group.
    public init(apiVersion: String) {
        if let slash = apiVersion.firstIndex(of: "/") {
            group = String(apiVersion[..<slash])
            version = String(apiVersion[apiVersion.index(after: slash)...])
        } else {
            group = ""
            version = apiVersion
        }
    }

    /// The spelling of manifests: `apps/v1`, `v1`.
    public var apiVersion: String { group.isEmpty ? version : "\(group)/\(version)" }

    /// The spelling of manifests: `apps/v1`, `v1`.
    public var description: String { apiVersion }
}

/// The type of an object as a manifest states it.
public struct GroupVersionKind: Hashable, Sendable, CustomStringConvertible {
    /// The API group; empty for the core group.
    public var group: String
    /// The version, as in `v1` or `v1beta1`.
    public var version: String
    /// The kind, as in `Deployment`.
    public var kind: String

    /// Names a kind at a version of a group; the core group is the empty string.
    public init(group: String, version: String, kind: String) {
        self.group = group
        self.version = version
        self.kind = kind
    }

    /// Reads the `apiVersion` and `kind` of a manifest.
    public init(apiVersion: String, kind: String) {
        let groupVersion = GroupVersion(apiVersion: apiVersion)
        self.init(group: groupVersion.group, version: groupVersion.version, kind: kind)
    }

    /// The spelling of manifests: `apps/v1`, `v1`.
    public var apiVersion: String { groupVersion.apiVersion }

    /// The group and version without the kind.
    public var groupVersion: GroupVersion { GroupVersion(group: group, version: version) }

    /// The group and kind without the version.
    public var groupKind: GroupKind { GroupKind(group: group, kind: kind) }

    /// As in `apps/v1 Deployment`.
    public var description: String { "\(apiVersion) \(kind)" }
}
