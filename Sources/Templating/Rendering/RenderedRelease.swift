// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// What a chart renders to.
public struct RenderedRelease: Sendable {
    /// The manifests in the order in which Helm installs them.
    public var manifests: [RenderedManifest]
    /// The manifests that are Helm hooks, in the same order.
    public var hooks: [RenderedManifest]
    /// The text of the root chart's `NOTES.txt`.
    public var notes: String
    /// The files of `crds/`, as they are.
    public var crds: [ChartFile]
    /// Things Helm would warn about.
    public var warnings: [String]

    /// The output of `helm template`; `includesCRDs` is its `--include-crds`, `includesHooks: false` its `--no-hooks`.
    public func text(includesCRDs: Bool = false, includesHooks: Bool = true) -> [UInt8] {
        var main = Bytes()
        if includesCRDs {
            for file in crds { main += Self.chunk(file.path, file.bytes) }
        }
        for manifest in manifests { main += Self.chunk(manifest.source, manifest.text) }
        var result = StringFunctions.trimmingSpace(main) + [0x0A]
        if includesHooks {
            for hook in hooks { result += Self.chunk(hook.source, hook.text) }
        }
        return result
    }

    private static func chunk(_ source: String, _ text: Bytes) -> Bytes {
        Bytes("---\n# Source: \(source)\n") + text + [0x0A]
    }
}

/// One document of a rendered template.
public struct RenderedManifest: Sendable {
    /// The template, from the root chart's name on, as in `# Source:`.
    public var source: String
    /// The kind; empty for a document of comments.
    public var kind: String
    /// The text, as rendered.
    public var text: [UInt8]
    /// The document; null when it holds only comments.
    public var value: Value
    /// The events at which Helm runs it as a hook; empty for an ordinary manifest.
    public var hookEvents: [String]

    /// The name of the object.
    public var name: String { value["metadata"]?["name"]?.string ?? "" }
}
