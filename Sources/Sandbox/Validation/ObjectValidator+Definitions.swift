// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    private static let spec = FieldPath("spec")

    mutating func checkDefinition(_ object: Fields, old: Fields?) {
        let (spec, path) = (object.spec, Self.spec)
        let name = object.metadata.name.text
        let required = "\(spec.names.plural.text).\(spec.group.text)"
        if name != required {
            add(.invalid(FieldPath("metadata.name"), .string(name), "must be spec.names.plural+\".\"+spec.group"))
        }
        if spec.group.text.isEmpty {
            add(.required(path["group"]))
        } else {
            check(NameRules.subdomain(spec.group.text), path["group"], .string(spec.group.text))
            if !spec.group.text.contains(".") {
                add(.invalid(path["group"], spec.group.value, "should be a domain with at least one dot"))
            }
        }
        checkChoice(spec.scope, path["scope"], ["Cluster", "Namespaced"])
        checkVersions(spec)
        checkDefinitionNames(spec.names, path["names"])
        if let old, old.hasCondition("Established") {
            checkImmutable(spec.scope, old.spec.scope, path["scope"])
            checkImmutable(spec.names.kind, old.spec.names.kind, path["names"]["kind"])
        }
        if let old {
            checkImmutable(spec.group, old.spec.group, path["group"])
            checkImmutable(spec.names.plural, old.spec.names.plural, path["names"]["plural"])
        }
    }

    private mutating func checkVersions(_ spec: Fields) {
        let path = Self.spec["versions"]
        let versions = spec.versions.list
        if versions.isEmpty { add(.required(path, "must have exactly one version marked as storage version")) }
        var names: Set<String> = []
        for (index, version) in versions.enumerated() {
            let path = path[index]
            check(NameRules.serviceLabel(version.name.text), path["name"], .string(version.name.text))
            if !names.insert(version.name.text).inserted {
                add(.invalid(path["name"], version.name.value, "must contain unique version names"))
            }
            let schema = version.schema.openAPIV3Schema
            guard schema.exists else {
                add(.required(path["schema"]["openAPIV3Schema"], "schemas are required"))
                continue
            }
            add(StructuralSchemaCheck.problems(in: schema.value ?? [:], at: path["schema"]["openAPIV3Schema"]))
            for (index, column) in version.additionalPrinterColumns.list.enumerated() {
                checkPrinterColumn(column, path["additionalPrinterColumns"][index])
            }
        }
        if !versions.isEmpty, versions.count(where: { $0.storage.isTrue }) != 1 {
            add(.invalid(path, spec.versions.value, "must have exactly one version marked as storage version"))
        }
    }

    private mutating func checkPrinterColumn(_ column: Fields, _ path: FieldPath) {
        if column.name.text.isEmpty { add(.required(path["name"])) }
        let types = ["boolean", "date", "integer", "number", "string"]
        if column.type.text.isEmpty {
            add(.required(path["type"], "must be one of \(types.joined(separator: ","))"))
        } else if !types.contains(column.type.text) {
            add(.invalid(path["type"], column.type.value, "must be one of \(types.joined(separator: ","))"))
        }
        let query = column.jsonPath.text
        if query.isEmpty {
            add(.required(path["jsonPath"]))
        } else if !query.hasPrefix(".") {
            add(.invalid(path["jsonPath"], .string(query), "must be a simple json path starting with ."))
        }
    }

    private mutating func checkDefinitionNames(_ names: Fields, _ path: FieldPath) {
        for field in ["plural", "singular", "kind", "listKind"] {
            let text = names[field].text
            if text.isEmpty {
                if field == "plural" || field == "kind" { add(.required(path[field])) }
            } else {
                check(NameRules.serviceLabel(text.lowercased()), path[field], .string(text))
            }
        }
        for field in ["shortNames", "categories"] {
            for (index, name) in names[field].list.enumerated() {
                check(NameRules.serviceLabel(name.text), path[field][index], .string(name.text))
            }
        }
        if !names.kind.text.isEmpty, names.kind.text == names.listKind.text {
            add(.invalid(path["listKind"], names.listKind.value, "kind and listKind may not be the same"))
        }
    }
}
