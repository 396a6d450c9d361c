// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import FoundationEssentials
import Processes
import Records
import Rollout
import Terminal
import Values

/// `job logs`: every event of a job whose worker ran on this machine, else the states of its record.
struct JobLogs: ProgramCommand {
    static let manual = Manual(
        "logs", summary: "Print the events of a job",
        discussion:
            "The whole log is kept on the machine whose worker did the job; elsewhere the record's states are printed.",
        examples: [
            .init("iflearnerctl job logs fe846176", "A line per event."),
            .init("iflearnerctl job logs fe846176 -o json", "The events as JSON lines."),
        ])
    static let parameters: [Parameter<JobLogs>] =
        [.positional("ID", \.id, "The job's id, or its beginning.")] + GlobalOptions.lifted(\.global)

    var id = ""
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let record = try await connection.job(id).record
        let path = try context.stateDirectory().jobLog(record.id)
        guard let log = FileManager.default.contents(atPath: path) else {
            context.output.message("the worker of this job ran elsewhere: these are the states of its record")
            for state in record.states {
                context.output.result("\(state.time.rfc3339) \(escapedForTerminal(state.text))")
            }
            return .success
        }
        for line in String(decoding: log, as: UTF8.self).split(separator: "\n") {
            context.output.result(global.output == .json ? String(line) : Self.text(of: String(line)))
        }
        return .success
    }

    /// An event for people; what is no event, such as a worker's last words, is printed as it is.
    private static func text(of line: String) -> String {
        guard let event = try? Value(json: line), let time = event["ts"]?.string else {
            return escapedForTerminal(line)
        }
        let words = ["type", "component", "object", "action", "state", "reason", "message"].compactMap {
            event[$0]?.string
        }.filter { !$0.isEmpty }
        return escapedForTerminal("\(time) \(words.joined(separator: " "))")
    }
}
