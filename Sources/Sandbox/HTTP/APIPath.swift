// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What the path of a request names.
enum APIPath: Sendable {
    /// `/api` or `/apis`.
    case groups(isLegacy: Bool)
    /// `/apis/apps`.
    case group(String)
    /// `/api/v1`, `/apis/apps/v1`.
    case groupVersion(group: String, version: String)
    /// The objects of a resource, one of them, or a part of it.
    case resource(group: String, version: String, ResourcePath)
    /// Everything outside of the API, by its first segment.
    case other([String])

    /// The part of a path below the version.
    struct ResourcePath: Sendable {
        /// Nil when the path names no namespace.
        var namespace: String?
        var plural: String
        /// Nil for the collection.
        var name: String?
        var subresource = ""
    }

    init(_ segments: [String]) {
        let rest: ArraySlice<String>
        let (group, version): (String, String)
        switch segments.first {
        case "api":
            guard segments.count > 1 else {
                self = .groups(isLegacy: true)
                return
            }
            (group, version) = ("", segments[1])
            rest = segments.dropFirst(2)
        case "apis":
            guard segments.count > 2 else {
                self = segments.count == 1 ? .groups(isLegacy: false) : .group(segments[1])
                return
            }
            (group, version) = (segments[1], segments[2])
            rest = segments.dropFirst(3)
        default:
            self = .other(segments)
            return
        }
        guard let path = ResourcePath(Array(rest)) else {
            self = rest.isEmpty ? .groupVersion(group: group, version: version) : .other(segments)
            return
        }
        self = .resource(group: group, version: version, path)
    }
}

extension APIPath.ResourcePath {
    /// Reads what follows the version; nil for nothing and for too much.
    init?(_ segments: [String]) {
        var parts = segments[...]
        var namespace: String?
        // `namespaces/x/status` is a part of the namespace, `namespaces/x/pods` a collection in it.
        if parts.first == "namespaces", parts.count > 2,
            !(parts.count == 3 && ["status", "finalize"].contains(parts[2]))
        {
            namespace = parts[1]
            parts = parts.dropFirst(2)
        }
        // What follows a proxy is the path of something else.
        guard let plural = parts.popFirst(), parts.count <= 2 || parts.dropFirst().first == "proxy" else { return nil }
        self.init(namespace: namespace, plural: plural, name: parts.popFirst(), subresource: parts.popFirst() ?? "")
    }
}
