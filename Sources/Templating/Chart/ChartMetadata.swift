// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// What `Chart.yaml` says.
public struct ChartMetadata: Sendable, Hashable {
    /// The chart's name.
    public var name: String
    /// The chart's version.
    public var version: String
    /// The version of what the chart installs.
    public var appVersion: String
    /// The Kubernetes versions it works with, as a constraint; empty for all.
    public var kubeVersion: String
    /// Whether it is a library: templates for other charts, none of its own.
    public var isLibrary: Bool
    /// What it depends on.
    public var dependencies: [ChartDependency]
    /// Everything that the file holds.
    public var document: Mapping
    /// Whether values of the parent switch it by this path, as declared by the parent's dependency.
    var condition = ""
    var tags = ""

    init(_ document: Mapping, requirements: Mapping?) throws(ChartError) {
        self.document = document
        func text(_ key: String) -> String { document[key].map(ChartMetadata.text) ?? "" }
        name = text("name")
        version = text("version")
        appVersion = text("appVersion")
        kubeVersion = text("kubeVersion")
        isLibrary = text("type") == "library"
        let declared = requirements?["dependencies"] ?? document["dependencies"]
        dependencies = (declared?.array ?? []).compactMap(\.mapping).map(ChartDependency.init)
        guard document["apiVersion"] != nil else {
            throw ChartError("validation: chart.metadata.apiVersion is required")
        }
        guard !name.isEmpty else { throw ChartError("validation: chart.metadata.name is required") }
        guard name.utf8.allSatisfy({ $0 != UInt8(ascii: "/") && $0 != 0x5C }), name != ".", name != ".." else {
            throw ChartError("validation: chart.metadata.name \"\(name)\" is invalid")
        }
        guard !version.isEmpty else { throw ChartError("validation: chart.metadata.version is required") }
        guard ["", "application", "library"].contains(text("type")) else {
            throw ChartError("validation: chart.metadata.type must be application or library")
        }
    }

    static func text(_ value: Value) -> String {
        switch value {
        case .string(let text): text
        case .int(let number): String(number)
        case .double(let number): GoFloat.shortest(number).text
        case .bool(let flag): flag ? "true" : "false"
        default: ""
        }
    }
}

/// A dependency as `Chart.yaml` declares it.
public struct ChartDependency: Sendable, Hashable {
    /// The name of the chart.
    public var name: String
    /// The versions that will do.
    public var version: String
    /// Paths of values; the first that is a bool says whether the dependency is rendered.
    public var condition: String
    /// Names of tags that switch it.
    public var tags: [String]
    /// The name under which it is used.
    public var alias: String
    /// What its values hand to the parent.
    public var importValues: [Value]
    /// Everything declared.
    var document: Mapping

    init(_ document: Mapping) {
        self.document = document
        func text(_ key: String) -> String { document[key].map(ChartMetadata.text) ?? "" }
        name = text("name")
        version = text("version")
        condition = text("condition")
        alias = text("alias")
        tags = (document["tags"]?.array ?? []).map(ChartMetadata.text)
        importValues = document["import-values"]?.array ?? []
    }
}
