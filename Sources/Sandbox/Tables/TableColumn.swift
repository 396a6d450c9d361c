// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One column of a table: what `columnDefinitions` says of it.
struct TableColumn: Sendable, Equatable {
    /// The heading, in the server's spelling; clients print it in capitals.
    var name: String
    /// The OpenAPI type of the cells.
    var type = "string"
    /// `name` for the column that identifies the object, else empty or a CRD's own format.
    var format = ""
    /// What the column means, where somebody has said so.
    var help = ""
    /// 0 for the narrow table, greater for the columns that only `-o wide` shows.
    var priority = 0

    /// The column that every table begins with.
    static let objectName = TableColumn(
        name: "Name", format: "name",
        help: "Name must be unique within a namespace. Is required when creating resources.")
    /// The column that most tables end with.
    static let age = TableColumn(name: "Age", help: "The time since the object was created.")
    /// The column of kinds without cells of their own.
    static let createdAt = TableColumn(name: "Created At", type: "date", help: "When the object was created.")

    /// Text columns of the narrow table.
    static func text(_ names: String...) -> [TableColumn] { names.map { TableColumn(name: $0) } }
    /// Number columns of the narrow table.
    static func numbers(_ names: String...) -> [TableColumn] { names.map { TableColumn(name: $0, type: "integer") } }
    /// Text columns that only the wide table shows.
    static func wide(_ names: String...) -> [TableColumn] { names.map { TableColumn(name: $0, priority: 1) } }

    /// The entry of `columnDefinitions`.
    var definition: Value {
        [
            "name": .string(name), "type": .string(type), "format": .string(format), "description": .string(help),
            "priority": .int(Int64(priority)),
        ]
    }
}
