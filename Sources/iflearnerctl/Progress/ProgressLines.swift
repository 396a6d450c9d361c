// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Records
import Rollout
import Terminal

/// Progress for where there is no terminal: a line per change, and one at least every so often (P-1).
struct ProgressLines: Sendable {
    private let start: Timestamp
    private var shown: [String: JobProgress.Row] = [:]

    init(start: Timestamp) { self.start = start }

    /// The lines for what changed since the last call; reasons alone count as a change only when they are new.
    mutating func changes(in progress: JobProgress, at now: Timestamp) -> [String] {
        var lines: [String] = []
        for row in progress.rows where shown[row.name] != row {
            let before = shown[row.name]
            shown[row.name] = row
            let isNews =
                before?.status != row.status || (before?.reasons.first != row.reasons.first && !row.reasons.isEmpty)
            if isNews, row.status != .pending { lines.append(line(row, at: now)) }
        }
        return lines
    }

    /// The line that says what is being waited for, although nothing changed.
    func heartbeat(of progress: JobProgress, at now: Timestamp) -> String {
        let busy = progress.rows.filter { !$0.status.isFinal && $0.status != .pending }
        guard let row = busy.first(where: { $0.status != .blocked }) ?? busy.first else {
            return "waiting \(clock(now))"
        }
        return "waiting " + line(row, at: now)
    }

    private func line(_ row: JobProgress.Row, at now: Timestamp) -> String {
        var text = "\(clock(now)) \(row.name): \(row.status.rawValue)"
        if row.total > 0 { text += " \(row.done)/\(row.total)" }
        if let reason = row.reasons.first { text += " - \(reason)" }
        return escapedForTerminal(text)
    }

    private func clock(_ now: Timestamp) -> String {
        let seconds = max(0, Int((now - start).components.seconds))
        let (minutes, rest) = (seconds / 60, seconds % 60)
        return (minutes < 10 ? "0" : "") + "\(minutes):" + (rest < 10 ? "0" : "") + "\(rest)"
    }
}
