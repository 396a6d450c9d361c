// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension TableLayout {
    /// The layout that a CRD's `additionalPrinterColumns` describe; without any, name and age.
    static func custom(_ printerColumns: [Value]) -> TableLayout {
        var columns = [TableColumn.objectName]
        var paths: [JSONPath?] = []
        let described: [Value] =
            printerColumns.isEmpty
            ? [["name": "Age", "type": "date", "jsonPath": ".metadata.creationTimestamp"]] : printerColumns
        for column in described.map({ Fields($0) }) {
            columns.append(
                TableColumn(
                    name: column.name.text, type: column.type.text, format: column.format.text,
                    help: column.description.text, priority: column.priority.number ?? 0))
            paths.append(JSONPath(column.jsonPath.nonEmpty ?? column.JSONPath.text))
        }
        let types = columns.dropFirst().map(\.type)
        return TableLayout(exactly: columns) { [paths] object, now in
            let cells = zip(paths, types).map { path, type in
                // As in Kubernetes, a column shows the first thing its path finds.
                guard let found = path?.values(in: object.value ?? .null).first else { return Value.null }
                return cell(found, type: type, now: now)
            }
            return [.string(object.metadata.name.text)] + cells
        }
    }

    private static func cell(_ value: Value, type: String, now: Timestamp) -> Value {
        switch type {
        case "integer": value.double.map { .int(Int64($0)) } ?? .null
        case "number": value.double.map { .double($0) } ?? .null
        case "boolean": value.bool.map { .bool($0) } ?? .null
        case "date":
            value.string.map { text in
                .string(Timestamp(text).map { HumanDuration.text(now - $0) } ?? "<invalid>")
            } ?? .null
        default: .string(JSONPath.text(value))
        }
    }
}
