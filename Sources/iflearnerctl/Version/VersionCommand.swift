// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Values
import YAMLText

/// `version`: this program's, and the server's when one was asked for.
struct VersionCommand: ProgramCommand {
    static let manual = Manual(
        "version", summary: "Print the version",
        examples: [
            .init("iflearnerctl version --short", "The version alone, for scripts."),
            .init("iflearnerctl version -o json", "Version, charts and supported Kubernetes releases."),
        ])
    static let parameters: [Parameter<VersionCommand>] =
        [.flag("short", nil, \.short, "Print the version alone.")] + GlobalOptions.lifted(\.global)

    var short = false
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let facts: Value = [
            "version": .string(ToolVersion.current), "chart": .string(ToolVersion.chart),
            "kubernetes": .string("1.\(KubernetesRelease.oldestMinor) to 1.\(KubernetesRelease.newestMinor)"),
        ]
        switch global.output {
        case .json: context.output.result(facts.jsonString(.pretty))
        case .yaml: context.output.resultText(facts.yamlString(keys: .given))
        case _ where short: context.output.result(ToolVersion.current)
        default:
            context.output.result("iflearnerctl \(ToolVersion.current)")
            context.output.result("chart iflearner-flow \(ToolVersion.chart)")
            context.output.result(
                "Kubernetes 1.\(KubernetesRelease.oldestMinor) to 1.\(KubernetesRelease.newestMinor)")
        }
        return .success
    }
}
