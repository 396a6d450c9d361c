// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ObjectValidator {
    private static let annotationLimit = 256 * 1024

    mutating func checkMetadata(_ metadata: Fields, rule: (String) -> [String], isNamespaced: Bool) {
        let path = FieldPath("metadata")
        let prefix = metadata.generateName.text
        if !prefix.isEmpty {
            // A prefix may end with a hyphen: what is generated follows it.
            let checked = prefix.hasSuffix("-") ? prefix.dropLast() + "a" : Substring(prefix)
            check(rule(String(checked)), path["generateName"], .string(prefix))
        }
        let name = metadata.name.text
        if name.isEmpty {
            add(.required(path["name"], "name or generateName is required"))
        } else {
            check(rule(name), path["name"], .string(name))
        }
        let namespace = metadata.namespace.text
        if isNamespaced {
            if namespace.isEmpty {
                add(.required(path["namespace"]))
            } else {
                check(NameRules.label(namespace), path["namespace"], .string(namespace))
            }
        } else if !namespace.isEmpty {
            add(.forbidden(path["namespace"], "not allowed on this type"))
        }
        checkCommon(metadata)
        checkFinalizers(metadata.finalizers, path["finalizers"])
    }

    mutating func checkMetadataUpdate(_ new: Fields, old: Fields) {
        let path = FieldPath("metadata")
        if old.deletionTimestamp.exists {
            let known = old.finalizers.list.map(\.text)
            let added = new.finalizers.list.map(\.text).filter { !known.contains($0) }.sorted()
            if !added.isEmpty {
                let names = added.map { Value.string($0).jsonString() }.joined(separator: ", ")
                add(
                    .forbidden(
                        path["finalizers"],
                        "no new finalizers can be added if the object is being deleted, found new finalizers "
                            + "[]string{\(names)}"))
            }
        }
        for field in [
            "name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds",
        ] {
            checkImmutable(new[field], old[field], path[field])
        }
        checkCommon(new)
    }

    private mutating func checkCommon(_ metadata: Fields) {
        let path = FieldPath("metadata")
        checkLabels(metadata.labels, path["labels"])
        checkAnnotations(metadata.annotations, path["annotations"])
        checkOwners(metadata.ownerReferences, path["ownerReferences"])
    }

    mutating func checkLabels(_ labels: Fields, _ path: FieldPath) {
        for (key, value) in labels.entries.sortedByKey {
            check(NameRules.qualifiedName(key), path, .string(key))
            check(NameRules.labelValue(value.string ?? ""), path, value)
        }
    }

    mutating func checkAnnotations(_ annotations: Fields, _ path: FieldPath) {
        var size = 0
        for (key, value) in annotations.entries.sortedByKey {
            check(NameRules.qualifiedName(key.lowercased()), path, .string(key))
            size += key.utf8.count + (value.string?.utf8.count ?? 0)
        }
        if size > Self.annotationLimit { add(.tooLong(path, limit: Self.annotationLimit)) }
    }

    private mutating func checkOwners(_ owners: Fields, _ path: FieldPath) {
        var controller: String?
        for (index, owner) in owners.list.enumerated() {
            for field in ["apiVersion", "kind", "name", "uid"] where owner[field].text.isEmpty {
                add(.required(path[index][field], "must not be empty"))
            }
            if owner.apiVersion.text.split(separator: "/", omittingEmptySubsequences: false).count > 2 {
                add(
                    .invalid(
                        path[index]["apiVersion"], owner.apiVersion.value, "must be <group>/<version> or <version>"))
            }
            guard owner.controller.isTrue else { continue }
            let name = "\(owner.kind.text)/\(owner.name.text)"
            if let controller {
                add(
                    .invalid(
                        path, owners.value,
                        "Only one reference can have Controller set to true. Found \"true\" in references for \(controller) "
                            + "and \(name)"))
            } else {
                controller = name
            }
        }
    }

    private mutating func checkFinalizers(_ finalizers: Fields, _ path: FieldPath) {
        let names = finalizers.list.map(\.text)
        for name in names { check(NameRules.qualifiedName(name), path, .string(name)) }
        if names.contains("orphan"), names.contains("foregroundDeletion") {
            add(.invalid(path, finalizers.value, "finalizer orphan and foregroundDeletion cannot be both set"))
        }
    }

    mutating func checkLabelSelector(_ selector: Fields, _ path: FieldPath) {
        checkLabels(selector.matchLabels, path["matchLabels"])
        for (index, expression) in selector.matchExpressions.list.enumerated() {
            let path = path["matchExpressions"][index]
            checkExpression(expression, path)
            for (index, value) in expression.values.list.enumerated() {
                check(NameRules.labelValue(value.text), path["values"][index], .string(value.text))
            }
        }
    }

    /// Checks a requirement on labels: its key, its operator, and how many values go with that.
    ///
    /// Only nodes are also selected by numbers (`Gt`, `Lt`).
    mutating func checkExpression(_ expression: Fields, _ path: FieldPath, comparesNumbers: Bool = false) {
        let values = expression.values.list
        switch expression["operator"].text {
        case "In", "NotIn":
            if values.isEmpty {
                add(.required(path["values"], "must be specified when `operator` is 'In' or 'NotIn'"))
            }
        case "Exists", "DoesNotExist":
            if !values.isEmpty {
                add(.forbidden(path["values"], "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
            }
        case "Gt" where comparesNumbers, "Lt" where comparesNumbers:
            if values.count != 1 {
                add(.required(path["values"], "must be specified single value when `operator` is 'Lt' or 'Gt'"))
            }
        case let other: add(.invalid(path["operator"], .string(other), "not a valid selector operator"))
        }
        check(NameRules.qualifiedName(expression.key.text), path["key"], .string(expression.key.text))
    }
}

/// Whether labels are among those that a selector selects.
enum LabelMatch {
    static func matches(_ selector: Fields, _ labels: Mapping) -> Bool {
        let direct = selector.matchLabels.entries.allSatisfy { labels[$0.key] == $0.value }
        return direct
            && selector.matchExpressions.list.allSatisfy { expression in
                let value = labels[expression.key.text]?.string
                let values = expression.values.list.map(\.text)
                return switch expression["operator"].text {
                case "In": value.map { values.contains($0) } ?? false
                case "NotIn": value.map { !values.contains($0) } ?? true
                case "Exists": value != nil
                case "DoesNotExist": value == nil
                default: false
                }
            }
    }

    static func isEmpty(_ selector: Fields) -> Bool {
        selector.matchLabels.entries.isEmpty && selector.matchExpressions.list.isEmpty
    }
}
