// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import JobOperator
import Processes
import Terminal

/// Looks up in the cluster what a shell offers for a name: quickly or not at all, and never with an error.
struct NameLookup: Sendable {
    /// The kind of ``ParameterDescription/Completion/names(of:)`` for IflearnerJobs.
    static let iflearnerJobs = "iflearnerjobs"
    /// How long whoever presses a key may have to wait.
    private static let patience = Duration.seconds(2)

    private let global: GlobalOptions
    private let context: AppContext

    /// Reads from the words so far which cluster and namespace are meant.
    init(words: [String], context: AppContext) {
        self.context = context
        var options = GlobalOptions()
        options.requestTimeout = Self.patience
        var rest = words.dropLast()
        while let word = rest.popFirst() {
            let parts = word.split(separator: "=", maxSplits: 1).map(String.init)
            let path: WritableKeyPath<GlobalOptions, String?>
            switch parts.first {
            case "--kubeconfig": path = \.kubeconfig
            case "--context": path = \.context
            case "--namespace", "-n": path = \.namespace
            case "--sandbox":
                options.sandbox = true
                continue
            default: continue
            }
            options[keyPath: path] = parts.count == 2 ? parts[1] : rest.popFirst()
        }
        global = options
    }

    /// The names of a kind; none where the cluster does not say in time.
    func names(of kind: String) async -> [Completion.Candidate] {
        guard kind == Self.iflearnerJobs else { return [] }
        return await withTaskGroup(of: [Completion.Candidate].self) { group in
            group.addTask {
                // Whoever completes a word wants no explanations: the command itself gives them.
                (try? await iflearnerJobs()) ?? []
            }
            group.addTask {
                try? await context.time.sleep(Self.patience)
                return []
            }
            defer { group.cancelAll() }
            return await group.next() ?? []
        }
    }

    private func iflearnerJobs() async throws -> [Completion.Candidate] {
        let connection = try await context.connect(global)
        return try await connection.jobFinder().jobs().map { job in
            let overview = JobOverview(job)
            return Completion.Candidate(
                word: escapedForTerminal(job.key.name),
                meaning: escapedForTerminal("\(job.roleText) \(overview.phaseText)"))
        }
    }
}
