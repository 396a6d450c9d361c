// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a text may cost before it is refused.
///
/// A few hundred bytes of YAML can stand for gigabytes (an alias bomb), and any text may come from a stranger.
public struct YAMLLimits: Sendable, Hashable {
    /// The largest text, in bytes; a larger one is refused before it is read.
    public var bytes: Int
    /// How deep lists and mappings may be nested, aliases included.
    public var depth: Int
    /// How many nodes all aliases of one document may stand for together.
    public var aliasedNodes: Int

    /// Makes limits.
    public init(bytes: Int, depth: Int, aliasedNodes: Int) {
        self.bytes = bytes
        self.depth = depth
        self.aliasedNodes = aliasedNodes
    }

    /// For files a person writes: 1 MiB, depth 64, 10 000 aliased nodes.
    public static let plan = YAMLLimits(bytes: 1 << 20, depth: 64, aliasedNodes: 10_000)
    /// For manifests, values and kubeconfigs: 64 MiB, depth 200, 100 000 aliased nodes.
    public static let manifests = YAMLLimits(bytes: 64 << 20, depth: 200, aliasedNodes: 100_000)
}
