// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What a client that accepts `as=Table` asked for.
struct TableOptions: Sendable, Equatable {
    /// What each row carries beside its cells: the `includeObject` parameter.
    enum IncludedObject: String, Sendable {
        /// Nothing.
        case none = "None"
        /// The metadata, as `PartialObjectMetadata`.
        case metadata = "Metadata"
        /// The whole object.
        case object = "Object"
    }

    /// The version of `meta.k8s.io` that the client accepts: `v1` or `v1beta1`.
    var version = "v1"
    /// What each row carries.
    var includeObject = IncludedObject.metadata
    /// Whether to say what the columns are: false for all but the first event of a watch.
    var includeColumns = true
}

/// Writes `meta.k8s.io` tables, what `kubectl get` prints.
struct TablePrinter: Sendable {
    private let layout: TableLayout

    /// A printer for a kind that Kubernetes serves itself, by API group (`""` for the core) and plural name.
    init(group: String, resource: String) {
        layout = .builtIn(group: group, resource: resource)
    }

    /// A printer for a custom resource, by the `additionalPrinterColumns` of its served version; none mean name and age.
    init(printerColumns: [Value]) {
        layout = .custom(printerColumns)
    }

    /// The table of some objects.
    ///
    /// - Parameters:
    ///   - objects: Complete objects, with `kind` and `apiVersion`.
    ///   - listMetadata: The `metadata` of the list: resourceVersion, continue.
    ///   - now: What ages are counted to.
    ///   - options: What the client asked for.
    /// - Returns: An object of kind `Table`.
    func table(of objects: [Value], listMetadata: Value, now: Timestamp, options: TableOptions = TableOptions())
        -> Value
    {
        let apiVersion: Value = "meta.k8s.io/\(options.version)"
        let rows: [Value] = objects.map { object in
            var row: Value = ["cells": .array(layout.cells(Fields(object), now))]
            if let conditions = Self.conditions(of: Fields(object)) { row["conditions"] = conditions }
            switch options.includeObject {
            case .none: row["object"] = .null
            case .metadata:
                row["object"] = [
                    "kind": "PartialObjectMetadata", "apiVersion": apiVersion, "metadata": object["metadata"] ?? [:],
                ]
            case .object: row["object"] = object
            }
            return row
        }
        return [
            "kind": "Table", "apiVersion": apiVersion, "metadata": listMetadata,
            "columnDefinitions": options.includeColumns ? .array(layout.columns.map(\.definition)) : .array([]),
            "rows": .array(rows),
        ]
    }

    /// What the server says of rows that are over: pods that have ended.
    private static func conditions(of object: Fields) -> Value? {
        guard object.kind.text == "Pod", object.apiVersion.text == "v1" else { return nil }
        let message: Value
        switch object.status.phase.text {
        case "Succeeded": message = "The pod has completed successfully."
        case "Failed": message = "The pod failed."
        default: return nil
        }
        let reason: Value = .string(object.status.phase.text)
        return [["type": "Completed", "status": "True", "reason": reason, "message": message]]
    }
}
