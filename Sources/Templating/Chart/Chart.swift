// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// A Helm chart in memory.
public struct Chart: Sendable {
    /// What `Chart.yaml` says.
    public var metadata: ChartMetadata
    /// The defaults of `values.yaml`.
    public var values: Mapping
    /// The text of `values.schema.json`.
    public var schema: [UInt8]?
    /// The files below `templates/`.
    public var templates: [ChartFile]
    /// The other files, for `.Files`.
    public var files: [ChartFile]
    /// The charts below `charts/`.
    public var dependencies: [Chart]

    /// The name that values and paths use.
    public var name: String { metadata.name }

    /// The custom resource definitions below `crds/`, of this chart and of its dependencies, with full paths.
    public func crds(below parent: String = "") -> [ChartFile] {
        let root = parent + name
        let own = files.filter { file in
            file.path.hasPrefix("crds/")
                && [".yaml", ".yml", ".json"].contains { file.path.hasSuffix($0) }
        }
        return own.map { ChartFile(path: root + "/" + $0.path, bytes: $0.bytes) }
            + dependencies.flatMap { $0.crds(below: root + "/charts/") }
    }
}
