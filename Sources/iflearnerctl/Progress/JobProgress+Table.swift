// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Records
import Terminal

extension JobProgress {
    private static let headings = ["COMPONENT", "STATUS", "OBJECTS", "ELAPSED", "WAITING FOR"]

    /// The live table: a row per component in plan order, with its oldest blocker.
    func table(at now: Timestamp, coloured: Bool) -> [String] {
        let table = TextTable(
            Self.headings,
            rows.map { row in
                [
                    row.name, row.status.rawValue, row.total == 0 ? "" : "\(row.done)/\(row.total)",
                    row.elapsed(at: now)?.elapsed ?? "", row.reasons.first ?? "",
                ]
            })
        return table.lines.enumerated().map { index, line in
            if index == 0 { return Style.faint.applied(to: line, enabled: coloured) }
            guard coloured, let style = rows[index - 1].style else { return line }
            let word = rows[index - 1].status.rawValue
            return line.replacing(" \(word)", with: " " + style.applied(to: word, enabled: true), maxReplacements: 1)
        }
    }
}

extension JobProgress.Row {
    /// How long it took, or has taken so far.
    func elapsed(at now: Timestamp) -> Duration? { started.map { (ended ?? now) - $0 } }

    fileprivate var style: Style? {
        switch status {
        case .success: .good
        case .failed: .bad
        case .applying, .pruning, .planning, .waiting: .caution
        case .pending, .blocked, .skipped, .canceled, .rolledBack: .faint
        }
    }
}
