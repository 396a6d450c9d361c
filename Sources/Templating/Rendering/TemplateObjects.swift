// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// `.Capabilities`.
final class CapabilitiesObject: GoObject {
    private let kubeVersion: KubeVersionObject
    private let apiVersions: APIVersionsObject

    init(_ capabilities: Capabilities) {
        kubeVersion = KubeVersionObject(capabilities)
        apiVersions = APIVersionsObject(capabilities.apiVersions)
    }

    override var type: GoType { .named("*common.Capabilities", kind: .pointer) }
    override var printed: Bytes { Bytes("0xc000000000") }

    override func field(_ name: Bytes) -> GoValue? {
        switch name.text {
        case "KubeVersion": .object(kubeVersion)
        case "APIVersions": .object(apiVersions)
        case "HelmVersion":
            .map(
                GoMap([
                    (Bytes("Version"), .text("v4.2.4")), (Bytes("GitCommit"), .text("")),
                    (Bytes("GitTreeState"), .text("")), (Bytes("GoVersion"), .text("go1.26")),
                    (Bytes("KubeClientVersion"), .text("v1.36")),
                ]))
        default: nil
        }
    }
}

/// `.Capabilities.KubeVersion`.
final class KubeVersionObject: GoObject {
    private let version: String
    private let numbers: (major: String, minor: String)

    init(_ capabilities: Capabilities) {
        version = capabilities.kubeVersion
        numbers = capabilities.numbers
    }

    override var type: GoType { .named("common.KubeVersion", kind: .structure) }
    override var printed: Bytes { Bytes(version) }

    override func field(_ name: Bytes) -> GoValue? {
        switch name.text {
        case "Version": .text(version)
        case "Major": .text(numbers.major)
        case "Minor": .text(numbers.minor)
        default: nil
        }
    }

    override func method(_ name: Bytes) -> Method? {
        guard name.text == "GitVersion" || name.text == "String" else { return nil }
        return Method { [version] _ in .text(version) }
    }
}

/// `.Capabilities.APIVersions`.
final class APIVersionsObject: GoObject {
    private let versions: Set<String>

    init(_ versions: Set<String>) {
        self.versions = versions
    }

    override var type: GoType { .named("common.VersionSet", kind: .slice) }
    override var printed: Bytes { Bytes("[" + versions.sorted().joined(separator: " ") + "]") }
    override var isTrue: Bool { !versions.isEmpty }

    override func method(_ name: Bytes) -> Method? {
        guard name.text == "Has" else { return nil }
        return Method([.string]) { [versions] values in .bool(versions.contains(values.text(0).text)) }
    }
}

/// `.Chart`: Helm v4 shows the metadata as a map under Go's field names.
enum ChartObject {
    static func map(_ chart: ChartTree) -> GoMap {
        let metadata = chart.chart.metadata
        let document = metadata.document
        func text(_ key: String) -> GoValue { .text(document[key].map(ChartMetadata.text) ?? "") }
        func texts(_ key: String) -> GoValue {
            .strings((document[key]?.array ?? []).map { Bytes(ChartMetadata.text($0)) })
        }
        let annotations = document["annotations"]?.mapping ?? Mapping()
        return GoMap([
            (Bytes("Name"), .text(chart.name)), (Bytes("Version"), text("version")),
            (Bytes("AppVersion"), text("appVersion")), (Bytes("APIVersion"), text("apiVersion")),
            (Bytes("Description"), text("description")), (Bytes("Home"), text("home")), (Bytes("Icon"), text("icon")),
            (Bytes("KubeVersion"), text("kubeVersion")), (Bytes("Type"), text("type")),
            (Bytes("Condition"), text("condition")), (Bytes("Tags"), text("tags")),
            (Bytes("Deprecated"), .bool(document["deprecated"]?.bool ?? false)),
            (Bytes("Keywords"), texts("keywords")), (Bytes("Sources"), texts("sources")),
            (
                Bytes("Annotations"),
                .map(
                    GoMap(
                        annotations.map { (Bytes($0.key), GoValue.text(ChartMetadata.text($0.value))) },
                        type: .stringMap))
            ),
            (Bytes("Maintainers"), .list((document["maintainers"]?.array ?? []).map(maintainer))),
            (Bytes("Dependencies"), .list(chart.declared.map(dependency))),
            (Bytes("IsRoot"), .bool(chart.isRoot)),
        ])
    }

    private static func maintainer(_ value: Value) -> GoValue {
        func text(_ key: String) -> GoValue { .text(value[key].map(ChartMetadata.text) ?? "") }
        return .map(
            GoMap([(Bytes("Name"), text("name")), (Bytes("Email"), text("email")), (Bytes("URL"), text("url"))]))
    }

    private static func dependency(_ dependency: ChartDependency) -> GoValue {
        .map(
            GoMap([
                (Bytes("Name"), .text(dependency.name)), (Bytes("Version"), .text(dependency.version)),
                (Bytes("Repository"), .text(dependency.document["repository"].map(ChartMetadata.text) ?? "")),
                (Bytes("Condition"), .text(dependency.condition)),
                (Bytes("Tags"), .strings(dependency.tags.map { Bytes($0) })), (Bytes("Enabled"), .bool(true)),
                (Bytes("ImportValues"), .list(dependency.importValues.map { GoValue($0) })),
                (Bytes("Alias"), .text(dependency.alias)),
            ]))
    }
}
