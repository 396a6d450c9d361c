// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ConfigModel

/// `__docs PAGE`: prints a generated page of `docs/`; `scripts/generate-docs` writes them all.
struct DocumentCommand: ProgramCommand {
    static let manual = Manual("__docs", summary: "Print a generated page of the documentation", isHidden: true)
    static let parameters: [Parameter<DocumentCommand>] = [.positional("PAGE", \.page, "The page.")]

    enum Page: String, CaseIterable, ArgumentValue {
        /// `docs/commands.md`.
        case commands
        /// `docs/plan.md`.
        case plan
        /// `docs/cluster.schema.json`.
        case schema
    }

    var page = Page.commands

    func run(in context: AppContext) async throws -> CommandStatus {
        switch page {
        case .commands:
            context.output.resultText(
                commandTree.referencePage(shared: GlobalOptions.parameters.map(\.description)))
        case .plan: context.output.resultText(PlanReference.text)
        case .schema: context.output.resultText(PlanJSONSchema.text)
        }
        return .success
    }
}
