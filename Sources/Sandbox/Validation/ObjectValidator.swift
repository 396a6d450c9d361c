// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Collects what is wrong with an object, in the order in which the API server looks at it.
///
/// One extension per topic checks its part; objects come normalized and with defaults filled in.
struct ObjectValidator {
    private(set) var errors: [FieldError] = []

    /// What is wrong with an object that is to be created; its kind's rules and those of its metadata.
    static func create(_ object: Value, kind: BuiltInTypes.Kind, isNamespaced: Bool) -> [FieldError] {
        var validator = ObjectValidator()
        let fields = Fields(object)
        validator.checkMetadata(fields.metadata, rule: nameRule(kind), isNamespaced: isNamespaced)
        validator.checkKind(kind, fields, old: nil)
        return validator.errors
    }

    /// What is wrong with an object that is to replace another one.
    static func update(_ object: Value, from old: Value, kind: BuiltInTypes.Kind) -> [FieldError] {
        var validator = ObjectValidator()
        let (fields, oldFields) = (Fields(object), Fields(old))
        validator.checkMetadataUpdate(fields.metadata, old: oldFields.metadata)
        validator.checkKind(kind, fields, old: oldFields)
        return validator.errors
    }

    /// The rule for names of a kind.
    static func nameRule(_ kind: BuiltInTypes.Kind) -> (String) -> [String] {
        switch kind.kind {
        case "Namespace": NameRules.label
        case "Service": NameRules.serviceLabel
        case "Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding": NameRules.pathSegment
        default: NameRules.subdomain
        }
    }

    mutating func add(_ error: FieldError) { errors.append(error) }
    mutating func add(_ more: [FieldError]) { errors += more }

    /// Reports every message about a value.
    mutating func check(_ messages: [String], _ path: FieldPath, _ value: Value) {
        for message in messages { add(.invalid(path, value, message)) }
    }

    mutating func checkNonNegative(_ field: Fields, _ path: FieldPath) {
        guard let number = field.number, number < 0 else { return }
        add(.invalid(path, field.value, "must be greater than or equal to 0"))
    }

    mutating func checkPositive(_ field: Fields, _ path: FieldPath) {
        guard let number = field.number, number <= 0 else { return }
        add(.invalid(path, field.value, "must be greater than 0"))
    }

    /// Reports a text that is none of the allowed ones; an absent one only when required.
    mutating func checkChoice(_ field: Fields, _ path: FieldPath, _ allowed: [String], isRequired: Bool = true) {
        if field.text.isEmpty {
            if isRequired { add(.required(path)) }
        } else if !allowed.contains(field.text) {
            add(.notSupported(path, field.value, allowed))
        }
    }

    /// Reports a field that changed though it may not.
    mutating func checkImmutable(_ new: Fields, _ old: Fields, _ path: FieldPath) {
        guard new.value != old.value else { return }
        add(.invalid(path, new.value, "field is immutable"))
    }

    mutating func checkPortNumberOrName(_ field: Fields, _ path: FieldPath) {
        if let number = field.number {
            check(NameRules.portNumber(number), path, .int(Int64(number)))
        } else {
            check(NameRules.portName(field.text), path, .string(field.text))
        }
    }

    /// Checks a number or percentage of pods.
    mutating func checkIntOrPercent(_ field: Fields, _ path: FieldPath) {
        guard field.exists else { return }
        if let text = field.value?.string {
            check(NameRules.percent(text), path, .string(text))
        } else {
            checkNonNegative(field, path)
        }
    }
}

extension StatusError {
    /// The error of an object that is not valid.
    static func invalid(_ object: Value, apiVersion: String, kind: String, _ errors: [FieldError]) -> StatusError {
        let group = apiVersion.contains("/") ? String(apiVersion.prefix { $0 != "/" }) : ""
        return .invalid(
            group: group, kind: kind, name: object[path: "metadata", "name"]?.string ?? "", errors)
    }
}
