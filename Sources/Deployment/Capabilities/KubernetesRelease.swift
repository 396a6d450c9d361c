// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A minor release of Kubernetes and the API versions it serves: what discovery would say, for rendering without a cluster.
///
/// Source: the lifecycle data of k8s.io/api (`zz_generated.prerelease-lifecycle.go`), for the kinds charts use.
public struct KubernetesRelease: Sendable, Hashable, Comparable {
    /// The minor number: 33 for Kubernetes 1.33.
    public let minor: Int
    /// The whole version with its `v`, as the server or the user gave it, such as `v1.33.4`.
    public let version: String

    /// The oldest minor release that is supported.
    public static let oldestMinor = 18
    /// The newest minor release whose API versions are known here; later ones are taken to serve the same.
    public static let newestMinor = 36

    /// What rendering assumes when neither a cluster nor the user says.
    public static let assumed = KubernetesRelease(minor: 33)

    /// The first patch release of a minor one.
    public init(minor: Int) {
        self.minor = minor
        version = "v1.\(minor).0"
    }

    /// Reads `1.33`, `v1.33.4` or a vendor's `v1.27.3-gke.100`; nil when it is not a version of Kubernetes 1.
    public init?(_ text: String) {
        let bare = text.hasPrefix("v") ? text.dropFirst() : text[...]
        let parts = bare.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0] == "1", let minor = Int(parts[1].prefix { $0.isNumber }),
            parts.allSatisfy({ $0.first?.isNumber == true })
        else { return nil }
        self.minor = minor
        version = parts.count == 2 ? "v1.\(minor).0" : "v\(bare)"
    }

    /// Orders by the minor number.
    public static func < (left: Self, right: Self) -> Bool { left.minor < right.minor }

    /// Every `group/version` and `group/version/Kind` that is served, sorted: what `.Capabilities.APIVersions` holds.
    public var apiVersions: [String] {
        var found: Set<String> = []
        for range in ServedKinds.all where range.contains(minor) {
            found.insert(range.groupVersion)
            for kind in range.kinds { found.insert("\(range.groupVersion)/\(kind)") }
        }
        return found.sorted()
    }
}
