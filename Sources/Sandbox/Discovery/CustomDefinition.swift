// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A CustomResourceDefinition as the server uses it; made anew when the definition changes.
final class CustomDefinition: Sendable {
    /// The definition object this was made of.
    let object: StoredObject
    /// The versions that are served, the preferred one first.
    let versions: [Version]

    /// One served version.
    struct Version: Sendable {
        let name: String
        /// The structural schema below `schema.openAPIV3Schema`, if there is one.
        let schema: Value?
        let printerColumns: [Value]
        let hasStatus: Bool
        /// `specReplicasPath`, `statusReplicasPath` and `labelSelectorPath` of the scale subresource.
        let scale: Value?
        /// The schema of its objects, compiled.
        let structuralSchema: StructuralSchema
        /// The type of its objects.
        var type: TypeSchema { structuralSchema.type }
    }

    init(_ object: StoredObject) {
        self.object = object
        let versions = object.value[path: "spec", "versions"]?.array ?? []
        self.versions = versions.filter { $0["served"]?.bool == true }
            .map { version in
                Version(
                    name: version["name"]?.string ?? "", schema: version[path: "schema", "openAPIV3Schema"],
                    printerColumns: version["additionalPrinterColumns"]?.array ?? [],
                    hasStatus: version[path: "subresources", "status"] != nil,
                    scale: version[path: "subresources", "scale"],
                    structuralSchema: StructuralSchema(version[path: "schema", "openAPIV3Schema"]))
            }
            .sorted { APIVersionOrder.isOrdered($0.name, $1.name) }
    }

    func version(_ name: String) -> Version? { versions.first { $0.name == name } }

    /// Whether its kinds are served: its names were accepted and it was established.
    var isEstablished: Bool {
        object.value[path: "status", "conditions"]?.array?
            .contains { $0["type"]?.string == "Established" && $0["status"]?.string == "True" } == true
    }

    /// What its versions serve.
    var resources: [APIResource] {
        let spec = object.value["spec"] ?? [:]
        let names = object.value[path: "status", "acceptedNames"] ?? spec["names"] ?? [:]
        let group = spec["group"]?.string ?? ""
        let kind = names["kind"]?.string ?? ""
        func texts(_ key: String) -> [String] { names[key]?.array?.compactMap(\.string) ?? [] }
        return versions.map { version in
            var subresources: [APIResource.Subresource] = []
            if version.hasStatus {
                subresources.append(
                    APIResource.Subresource(
                        name: "status", kind: kind, group: group, version: version.name,
                        verbs: ["get", "patch", "update"]))
            }
            if version.scale != nil {
                subresources.append(
                    APIResource.Subresource(
                        name: "scale", kind: "Scale", group: "autoscaling", version: "v1",
                        verbs: ["get", "patch", "update"]))
            }
            return APIResource(
                group: group, version: version.name, plural: names["plural"]?.string ?? "",
                singular: names["singular"]?.string ?? kind.lowercased(), kind: kind,
                listKind: names["listKind"]?.string ?? kind + "List",
                isNamespaced: spec["scope"]?.string == "Namespaced", shortNames: texts("shortNames"),
                categories: texts("categories"),
                verbs: ["delete", "deletecollection", "get", "list", "patch", "create", "update", "watch"],
                subresources: subresources, definition: self)
        }
    }
}

/// Kubernetes' order of version names: stable before beta before alpha, newer before older, others last by name.
enum APIVersionOrder {
    static func isOrdered(_ left: String, _ right: String) -> Bool {
        switch (rank(left), rank(right)) {
        case (let left?, let right?): left.lexicographicallyPrecedes(right)
        case (_?, nil): true
        case (nil, _?): false
        case (nil, nil): left < right
        }
    }

    /// Numbers that sort as the versions do; nil for a name that is not `v1`, `v1beta1` or `v1alpha1`.
    private static func rank(_ name: String) -> [Int]? {
        guard name.hasPrefix("v") else { return nil }
        let digits = name.dropFirst().prefix { $0.isNumber }
        guard let major = Int(digits) else { return nil }
        let rest = name.dropFirst(1 + digits.count)
        if rest.isEmpty { return [0, -major, 0] }
        for (stage, word) in [(1, "beta"), (2, "alpha")] where rest.hasPrefix(word) {
            guard let minor = Int(rest.dropFirst(word.count)) else { return nil }
            return [stage, -major, -minor]
        }
        return nil
    }
}
