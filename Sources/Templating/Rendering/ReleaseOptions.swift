// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What templates know about the release they are rendered for.
public struct ReleaseOptions: Sendable, Hashable {
    /// The name of the release.
    public var name: String
    /// The namespace its objects go to unless they say otherwise.
    public var namespace: String
    /// Whether an earlier revision exists.
    public var isUpgrade: Bool
    /// The revision, from 1.
    public var revision: Int

    /// Options of a release.
    public init(name: String, namespace: String, isUpgrade: Bool = false, revision: Int = 1) {
        self.name = name
        self.namespace = namespace
        self.isUpgrade = isUpgrade
        self.revision = revision
    }
}
