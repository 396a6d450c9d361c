// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing
import Values

/// What a run of the program printed and how it ended.
struct Finished: Sendable, CustomStringConvertible {
    /// What was typed.
    var line: String
    /// How it ended.
    var status: Processes::ExitStatus
    /// Standard output.
    var output: String
    /// Standard error.
    var errors: String
    /// From start to end.
    var duration: Duration

    /// The run as a terminal would show it.
    var description: String {
        "$ iflearnerctl \(line)\n\(output)\(errors.isEmpty ? "" : "-- standard error\n\(errors)")-- \(status)"
    }

    /// Whether standard output or standard error holds a text.
    func says(_ text: String) -> Bool { output.contains(text) || errors.contains(text) }

    /// The lines of standard output.
    var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: true).map(String.init) }

    /// Standard output as JSON.
    func json() throws -> Value { try Value(json: output) }

    /// Standard output as a line of JSON each.
    func jsonLines() throws -> [Value] { try lines.map { try Value(json: $0) } }

    /// The job's id of `create job success, job id=...`.
    func job(sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
        let prefix = "create job success, job id="
        let line = lines.first { $0.hasPrefix(prefix) }
        return String(try #require(line, "\(self)", sourceLocation: sourceLocation).dropFirst(prefix.count))
    }
}

/// Expects a run to end with a code, and shows the whole of it otherwise.
func expect(
    _ run: Finished, code: Int32 = 0, says texts: String..., sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(run.status == .code(code), "\(run)", sourceLocation: sourceLocation)
    for text in texts { #expect(run.says(text), "'\(text)' is missing\n\(run)", sourceLocation: sourceLocation) }
}
