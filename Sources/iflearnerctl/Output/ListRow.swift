// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Terminal
import Values
import YAMLText

typealias Moment = Timestamp

/// A row of a list: how it looks to people, and what it is to programs.
protocol ListRow {
    /// The headings.
    static var headings: [String] { get }
    /// The headings that `-o wide` adds.
    static var wideHeadings: [String] { get }
    /// What `-o name` prints.
    var name: String { get }
    /// The namespace, shown first where a list goes over several; nil leaves it out.
    var namespace: String? { get }
    /// The cells under the headings.
    func cells(at now: Moment) -> [String]
    /// The cells under the wide headings.
    var wideCells: [String] { get }
    /// The documented JSON.
    var json: Value { get }
}

extension ListRow {
    /// The list is of one namespace, or a column tells.
    var namespace: String? { nil }
    /// Nothing more.
    static var wideHeadings: [String] { [] }
    /// Nothing more.
    var wideCells: [String] { [] }
}

extension Output {
    /// Prints a list in the format that was asked for; an empty table says so on standard error.
    func list<Row: ListRow>(_ rows: [Row], format: OutputFormat?, now: Moment, nothing: String) {
        switch format ?? .table {
        case .name: for row in rows { result(row.name) }
        case .json: result(Value.array(rows.map(\.json)).jsonString(.pretty))
        case .yaml: resultText(Value.array(rows.map(\.json)).yamlString(keys: .given))
        case .table, .wide:
            guard !rows.isEmpty else { return message(nothing) }
            let isWide = format == .wide
            let isWithNamespaces = rows.contains { $0.namespace != nil }
            let table = TextTable(
                (isWithNamespaces ? ["NAMESPACE"] : []) + Row.headings + (isWide ? Row.wideHeadings : []),
                rows.map { row in
                    (isWithNamespaces ? [row.namespace ?? ""] : []) + row.cells(at: now) + (isWide ? row.wideCells : [])
                })
            for line in table.lines { result(line) }
        }
    }

    /// Prints one thing: its description for people, or its whole record.
    func describe(_ lines: [String], record: Value, name: String, format: OutputFormat?) {
        switch format ?? .table {
        case .name: result(name)
        case .json: result(record.jsonString(.pretty))
        case .yaml: resultText(record.yamlString(keys: .given))
        case .table, .wide: for line in lines { result(line) }
        }
    }
}
