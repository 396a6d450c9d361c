// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import JobOperator
import Processes
import Values
import YAMLText

/// `iflearnerjob describe`: everything about training jobs, as they are right now.
struct IflearnerJobDescribe: ProgramCommand {
    static let manual = Manual(
        "describe", summary: "Show training jobs: parties, conditions, what was made for them, events",
        examples: [
            .init("iflearnerctl iflearnerjob describe job1", "By name; its beginning does as well."),
            .init("iflearnerctl ij describe 0f8fad5bd9cb469fa165", "By the id of the task, as flow shows it."),
            .init("iflearnerctl ij describe job1 -o json", "The same for programs."),
        ])
    static let parameters: [Parameter<IflearnerJobDescribe>] =
        [
            .positionals(
                "NAME", \.names, "The jobs' names or tasks, or beginnings of them.", required: true,
                completion: .names(of: NameLookup.iflearnerJobs))
        ]
        + GlobalOptions.lifted(\.global)

    var names: [String] = []
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        var descriptions: [IflearnerJobDescription] = []
        for name in names {
            let job = try await connection.iflearnerJob(name)
            let inspection = try await JobInspection(of: job, client: connection.client, time: context.time)
            descriptions.append(IflearnerJobDescription(inspection, now: context.time.wall()))
        }
        print(descriptions, to: context.output)
        return .success
    }

    /// One job is a document of its own; several are a list of them.
    private func print(_ descriptions: [IflearnerJobDescription], to output: Output) {
        if let only = descriptions.first, descriptions.count == 1 {
            return output.describe(only.lines, record: only.json, name: only.name, format: global.output)
        }
        let all = Value.array(descriptions.map(\.json))
        switch global.output ?? .table {
        case .name: for description in descriptions { output.result(description.name) }
        case .json: output.result(all.jsonString(.pretty))
        case .yaml: output.resultText(all.yamlString(keys: .given))
        case .table, .wide:
            for (index, description) in descriptions.enumerated() {
                if index > 0 { output.result("") }
                for line in description.lines { output.result(line) }
            }
        }
    }
}
