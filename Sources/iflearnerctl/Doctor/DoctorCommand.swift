// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Processes
import Rollout
import Terminal
import Values
import YAMLText

/// `doctor`: what would stand in the way of an installation.
struct DoctorCommand: ProgramCommand {
    static let manual = Manual(
        "doctor", summary: "Check whether the cluster can take a plan; nothing is written",
        discussion: "A check that may not be read ends as skip, never as a failure. Exits with 4 when a check fails.",
        examples: [
            .init("iflearnerctl doctor", "The connection, the server and its storage."),
            .init("iflearnerctl doctor -f cluster.yaml", "Rights, APIs, Secrets, ports and nodes for a plan too."),
        ])
    static let parameters: [Parameter<DoctorCommand>] =
        [
            .option("file", "f", \.file, "FILE", "The plan; - reads standard input.", completion: .files),
            .options("set", nil, \.settings, "PATH=VALUE", "Set a value of the plan."),
        ] + GlobalOptions.lifted(\.global)

    var file: String?
    var settings: [String] = []
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let plan = try file.map { try PlanOptions(file: $0, settings: settings).plan(warningsTo: context.output) }
        let connection = try await context.connect(global)
        let preflight = Preflight(client: connection.client, time: context.time)
        var checks = connection.checks(at: context.time.wall())
        checks += try await preflight.clusterChecks(skippingStorage: plan != nil)
        if let plan, let file {
            let renderer = PlanRenderer(
                catalog: try await connection.client.discovery.catalog(), version: try await connection.client.version()
            )
            checks += try await preflight.planChecks(try renderer.renderOffline(plan, file: file))
        }
        switch global.output {
        case .json: context.output.result(Value.array(checks.map(\.json)).jsonString(.pretty))
        case .yaml: context.output.resultText(Value.array(checks.map(\.json)).yamlString(keys: .given))
        default: print(checks, to: context.output)
        }
        let failed = checks.contains { $0.verdict == .fail }
        return CommandStatus(rawValue: Int32((failed ? ExitCode.preflight : .success).rawValue))
    }

    private func print(_ checks: [PreflightCheck], to output: Output) {
        let widest = checks.map(\.name.count).max() ?? 0
        for check in checks {
            let word = check.verdict.rawValue + String(repeating: " ", count: 4 - check.verdict.rawValue.count)
            let name = check.name + String(repeating: " ", count: widest - check.name.count)
            let style: Style =
                switch check.verdict {
                case .ok: .good
                case .warn: .caution
                case .fail: .bad
                case .skip: .faint
                }
            output.result(
                "\(style.applied(to: word, enabled: output.resultsAreColoured))  \(name)  \(escapedForTerminal(check.message))"
            )
            for line in check.remedy.split(separator: "\n") {
                output.result("      \(escapedForTerminal(String(line)))")
            }
        }
    }
}
