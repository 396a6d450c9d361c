// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Where images are pulled from instead of their own registries: for those of a plan and for those that tasks name.
public struct ImageMirrors: Sendable, Hashable {
    /// What stands in front of every image without a mirror of its own: `host[:port][/path]`; empty for none.
    public let registry: String
    /// By the host of an image: what stands there instead.
    public let mirrors: [String: String]

    /// Makes the rule; hosts are compared without regard to case, and a final slash makes no difference.
    public init(registry: String = "", mirrors: [String: String] = [:]) {
        self.registry = Self.withoutSlash(registry)
        self.mirrors = Dictionary(
            mirrors.map { ($0.key.lowercased(), Self.withoutSlash($0.value)) }, uniquingKeysWith: { first, _ in first })
    }

    /// What pods name for an image: by the mirror of its host, else by `registry` and its path, else as it is.
    ///
    /// An image that lies below the registry or a mirror already stays as it is, so that the rule can be applied again. So
    /// does what is no image reference.
    public func target(of source: String) -> String {
        guard let name = ImageName(source), !isMirrored(name) else { return source }
        let rest = name.path + name.suffix
        if let mirror = mirrors[name.host] { return mirror + "/" + rest }
        return registry.isEmpty ? source : registry + "/" + rest
    }

    /// The image that a mirror has a copy of, for one that lies below a mirror: what a plan's own images came from.
    ///
    /// Nil for other images. What lies below `registry` may come from any host.
    public func origin(of image: String) -> String? {
        guard let name = ImageName(image) else { return nil }
        let full = name.host + "/" + name.path
        let sources = mirrors.filter { !$0.value.isEmpty && full.hasPrefix($0.value.lowercased() + "/") }
        // The innermost of mirrors within mirrors; the first by name of hosts that share one.
        guard let found = sources.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { return nil }
        return found.key + full.dropFirst(found.value.count) + name.suffix
    }

    private func isMirrored(_ name: ImageName) -> Bool {
        let full = name.host + "/" + name.path
        return ([registry] + mirrors.values).contains { target in
            guard !target.isEmpty else { return false }
            // A mirror for images of its own host would otherwise be put in front again and again.
            return full.hasPrefix(target.lowercased() + "/")
        }
    }

    private static func withoutSlash(_ text: String) -> String {
        text.hasSuffix("/") ? String(text.dropLast()) : text
    }
}
