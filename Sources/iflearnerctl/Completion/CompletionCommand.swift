// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments

/// `completion SHELL`: the script that a shell sources.
struct CompletionCommand: ProgramCommand {
    static let manual = Manual(
        "completion", summary: "Print the completion script of a shell",
        examples: [
            .init("source <(iflearnerctl completion bash)", "Complete in this shell."),
            .init(
                "iflearnerctl completion fish > ~/.config/fish/completions/iflearnerctl.fish", "Complete in every fish."
            ),
        ])
    static let parameters: [Parameter<CompletionCommand>] =
        [.positional("SHELL", \.shell, "bash, zsh or fish.")] + GlobalOptions.lifted(\.global)

    var shell = Shell.bash
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        context.output.result(shell.script(for: "iflearnerctl"))
        return .success
    }
}

/// What the scripts ask: the words so far, the last of them being completed.
struct CompleteCommand: ProgramCommand {
    static let manual = Manual("__complete", summary: "Answer a completion script", isHidden: true)
    static let parameters: [Parameter<CompleteCommand>] = [.positionals("WORDS", \.words, "The words so far.")]

    var words: [String] = []

    func run(in context: AppContext) async throws -> CommandStatus {
        var completion = Completion(
            commandTree, words: words, shared: GlobalOptions.parameters.map(\.description))
        if let kind = completion.kindToLookUp {
            let names = await NameLookup(words: words, context: context).names(of: kind)
            completion.candidates += names.filter { $0.word.hasPrefix(words.last ?? "") }
        }
        for line in completion.lines { context.output.result(line) }
        return .success
    }
}
