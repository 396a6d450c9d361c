// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Processes
import Records
import Rollout
import Values

/// The last line of `-o json` on a command that waits: how it ended and with which exit code (P-2).
struct ResultLine {
    private let context: AppContext
    private let isWanted: Bool

    /// The line of a command with an output format that follows its job, or does not.
    init(_ context: AppContext, format: OutputFormat?, isWaiting: Bool) {
        self.context = context
        isWanted = format == .json && isWaiting
    }

    /// Runs a command; what it throws ends in a line as well.
    func closing(_ body: () async throws -> CommandStatus) async throws -> CommandStatus {
        do {
            return try await body()
        } catch {
            print(ErrorReport(error).result)
            throw error
        }
    }

    /// Prints the line, with what else there is to know.
    func print(_ result: JobResult, job: String = "", target: String = "", adding fields: Mapping = [:]) {
        guard isWanted else { return }
        let line = EventLine(
            time: context.time.wall(), sequence: 0, job: job, target: target, event: .result(result))
        var json = line.json
        for (key, value) in fields { json[key] = value }
        context.output.result(json.jsonString())
    }
}
