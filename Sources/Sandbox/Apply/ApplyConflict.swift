// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Fields that an applier wants to change and others own.
struct ApplyConflicts: Error {
    /// The fields by owner.
    var fields: [ManagedFields.Manager: FieldSet]

    /// All of the fields.
    var allFields: FieldSet { fields.values.reduce(FieldSet()) { $0.union($1) } }

    /// The conflicts without some fields.
    func excluding(_ excluded: FieldSet) -> ApplyConflicts {
        ApplyConflicts(fields: fields.mapValues { $0.subtracting(excluded) }.filter { !$0.value.isEmpty })
    }

    /// The error of the API: 409 with one cause per field.
    var status: StatusError {
        let byManager = fields.map { manager, fields in
            (name: Self.shown(manager), paths: fields.paths.map { $0.map(\.description).joined() })
        }.sorted { $0.name < $1.name }
        let causes = byManager.flatMap { manager in
            manager.paths.map {
                StatusError.Cause(reason: "FieldManagerConflict", message: "conflict with \(manager.name)", field: $0)
            }
        }
        var message = "Apply failed with 1 conflict: \(causes.first?.message ?? ""): \(causes.first?.field ?? "")"
        if causes.count != 1 {
            let lines = byManager.flatMap { manager in
                ["conflicts with \(manager.name):"] + manager.paths.map { "- \($0)" }
            }
            message = "Apply failed with \(causes.count) conflicts: " + lines.joined(separator: "\n")
        }
        return StatusError(
            code: 409, reason: "Conflict", message: message, details: StatusError.Details(causes: causes))
    }

    private static func shown(_ manager: ManagedFields.Manager) -> String {
        var text = Value.string(manager.name).jsonString()
        if !manager.subresource.isEmpty {
            text += " with subresource " + Value.string(manager.subresource).jsonString()
        }
        if manager.operation == .update { text += " using \(manager.apiVersion)" }
        return text
    }
}
