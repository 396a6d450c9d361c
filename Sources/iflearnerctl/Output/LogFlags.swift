// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Processes
import Rollout
import Terminal

/// The options of commands that print the logs of containers: kubectl's.
struct LogFlags: Sendable {
    var follow = false
    var since: Duration?
    var tail: Int?
    var previous = false
    var timestamps = false

    /// The options as parameters of a command that holds them; `help` says what following means there.
    static func lifted<Root>(
        _ path: any WritableKeyPath<Root, LogFlags> & Sendable, follow help: String
    ) -> [Parameter<Root>] {
        let parameters: [Parameter<LogFlags>] = [
            .flag("follow", "f", \.follow, help),
            .option("since", nil, \.since, "DURATION", "Only lines of the last while, such as 10m."),
            .option("tail", nil, \.tail, "N", "Only the last N lines of each container."),
            .flag("previous", "p", \.previous, "The run before the last restart."),
            .flag("timestamps", nil, \.timestamps, "Print when each line was written."),
        ]
        return parameters.map { $0.lifted(path) }
    }

    /// Which part of a log is read.
    func options(now: Timestamp) -> LogOptions {
        LogOptions(follow: follow, tail: tail, since: since.map { now + (Duration.zero - $0) }, previous: previous)
    }

    /// Prints the logs of containers, and with `follow` goes on.
    func print(
        _ containers: [ComponentLogs.Container], of reader: ComponentLogs, prefixed: Bool, in context: AppContext
    ) async throws {
        try await reader.read(containers, interval: context.timing.recordInterval) { line in
            context.output.result(text(of: line, prefixed: prefixed, escaped: context.output.isTerminal))
        } failed: { container, error in
            context.output.message("\(container.pod.name) \(container.name): \(RolloutError(error))")
        }
    }

    private func text(of line: LogLine, prefixed: Bool, escaped: Bool) -> String {
        var text = prefixed ? "[\(line.pod) \(line.container)] " : ""
        if timestamps { text += line.timestamp + " " }
        return text + (escaped ? escapedTextForTerminal(line.text) : line.text)
    }
}
