// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Processes
import Terminal

/// The live table of jobs that are watched: a row per job, and of a single one a row per party.
struct TrainingTable {
    private let overviews: [JobOverview]
    private let showsNamespaces: Bool
    private let showsParties: Bool

    init(_ overviews: [JobOverview], showsNamespaces: Bool, showsParties: Bool) {
        self.overviews = overviews
        self.showsNamespaces = showsNamespaces
        self.showsParties = showsParties
    }

    func lines(at now: Timestamp, coloured: Bool) -> [String] {
        let headings = ["NAME", "ROLE", "PHASE", "EPOCH", "PARTIES", "LASTCHANGE", "MESSAGE"]
        let table = TextTable(
            (showsNamespaces ? ["NAMESPACE"] : []) + headings,
            overviews.map { overview in
                (showsNamespaces ? [overview.job.key.namespace] : []) + cells(of: overview, at: now)
            })
        var lines = table.lines.enumerated().map { index, line in
            if index == 0 { return Style.faint.applied(to: line, enabled: coloured) }
            guard coloured, let style = Self.style(of: overviews[index - 1]) else { return line }
            let word = overviews[index - 1].phaseText
            return line.replacing(" \(word)", with: " " + style.applied(to: word, enabled: true), maxReplacements: 1)
        }
        if showsParties, let parties = overviews.first?.training?.progress.parties, !parties.isEmpty {
            lines.append("")
            let rows = parties.map { party in
                [party.name, party.isComplete ? "complete" : party.isReady ? "ready" : "not ready", "\(party.epoch)"]
            }
            lines += TextTable(["PARTY", "STATE", "EPOCH"], rows).lines
        }
        return lines
    }

    private func cells(of overview: JobOverview, at now: Timestamp) -> [String] {
        let progress = overview.training?.progress
        let trouble = overview.trouble.map { $0.message.isEmpty ? $0.reason : "\($0.reason): \($0.message)" }
        return [
            overview.job.key.name, overview.job.roleText, overview.phaseText,
            progress?.epochText ?? "-", progress?.partiesText ?? "-",
            overview.training?.lastChangeTime.map { (now - $0).age } ?? "-", trouble ?? overview.silence ?? "",
        ]
    }

    private static func style(of overview: JobOverview) -> Style? {
        if overview.isStalled == true || overview.job.phase == "Failed" { return .bad }
        if overview.isCompleted == true || overview.job.phase == "Succeeded" { return .good }
        return overview.job.isRunning ? nil : .caution
    }
}
