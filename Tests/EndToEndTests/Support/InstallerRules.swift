// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Values
import YAMLText

/// What the Roles of `rbac print` allow, for an account of a sandbox.
struct InstallerRules {
    var rules: [Sandbox::AccessRule] = []
    var namespaces: [String] = []

    /// Reads the manifests.
    init(_ manifests: String) throws {
        for document in try Value.yamlDocuments(Array(manifests.utf8), file: "manifests") {
            guard let kind = document["kind"]?.string, kind == "Role" || kind == "ClusterRole" else { continue }
            let namespace = document[path: "metadata", "namespace"]?.string
            if let namespace { namespaces.append(namespace) }
            for rule in document["rules"]?.array ?? [] {
                rules.append(
                    Sandbox::AccessRule(
                        verbs: rule.texts("verbs"), groups: rule.texts("apiGroups"),
                        resources: rule.texts("resources"), namespaces: namespace.map { [$0] }))
            }
        }
    }
}

extension Value {
    fileprivate func texts(_ key: String) -> [String] { self[key]?.array?.compactMap(\.string) ?? [] }
}
