// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What a command line asks for.
public enum Invocation<Context: Sendable>: Sendable {
    /// A command, filled in and validated.
    case run(any ProgramCommand<Context>)
    /// The text of a help page.
    case help(String)
}

/// Reads command lines by a tree of commands.
///
/// Options may stand before the command's words (`iflearnerctl -n x cluster list`) when they are among `shared`, the
/// parameters that every command has; `--` ends the options; `-nf x`, `-ojson`, `--set=a=1` and `--wait=false` are understood.
public struct CommandParser<Context: Sendable>: Sendable {
    private let root: CommandTree<Context>
    private let shared: [ParameterDescription]

    /// A parser of a tree; `shared` are the parameters every command has.
    public init(_ root: CommandTree<Context>, shared: [ParameterDescription] = []) {
        self.root = root
        self.shared = shared
    }

    /// Reads the words after the program's name.
    public func parse(_ arguments: [String]) throws(UsageError) -> Invocation<Context> {
        var tree = root
        var path = [root.manual.name]
        var early: [String] = []
        var rest = arguments[...]
        while case .group(_, let members) = tree {
            guard let word = rest.first else { return .help(HelpPage(tree, path: path, shared: shared).text) }
            if word == "--help" || word == "-h" { return .help(HelpPage(tree, path: path, shared: shared).text) }
            rest = rest.dropFirst()
            if word == "help", path.count == 1 {
                rest.append("--help")
                continue
            }
            if word.hasPrefix("-") {
                early += try sharedOption(word, &rest, path)
                continue
            }
            guard let next = tree.member(word) else { throw unknown(word, among: members, path) }
            if case .elsewhere(_, let advice) = next {
                let words = (path.dropFirst() + [word]).joined(separator: " ")
                throw said(UsageError("there is no '\(words)' here", hint: advice), path)
            }
            tree = next
            path.append(next.manual.name)
        }
        guard case .command(let type) = tree else { return .help(HelpPage(tree, path: path, shared: shared).text) }
        if asksForHelp(rest) { return .help(HelpPage(tree, path: path, shared: shared).text) }
        return .run(try command(type, early + rest, path))
    }

    private func asksForHelp(_ words: ArraySlice<String>) -> Bool {
        words.prefix { $0 != "--" }.contains { $0 == "--help" || $0 == "-h" }
    }

    private func sharedOption(
        _ word: String, _ rest: inout ArraySlice<String>, _ path: [String]
    ) throws(UsageError) -> [String] {
        let name = word.prefix { $0 != "=" }
        let known = shared.first { "--\($0.name)" == name || $0.short.map { "-\($0)" } == word }
        guard let known else {
            throw said(
                UsageError(
                    "unknown option '\(name)' before a command",
                    hint: nearest(String(name), among: shared.filter { !$0.isHidden }).map { "did you mean '\($0)'?" }),
                path)
        }
        guard known.kind == .option, !word.contains("=") else { return [word] }
        guard let value = rest.popFirst() else { throw said(UsageError("'\(word)' needs a value"), path) }
        return [word, value]
    }

    private func command<C: ProgramCommand>(
        _ type: C.Type, _ words: [String], _ path: [String]
    ) throws(UsageError) -> any ProgramCommand<Context> where C.Context == Context {
        do {
            var line = CommandLineWords<C>(words)
            let command = try line.parse()
            try command.validate()
            return command
        } catch {
            throw said(error, path)
        }
    }

    private func unknown(
        _ word: String, among members: [CommandTree<Context>], _ path: [String]
    ) -> UsageError {
        let names = members.filter { !$0.manual.isHidden }.map(\.manual.name)
        let hint =
            nearestWord(word, among: names).map { "did you mean '\($0)'?" } ?? "one of \(names.joined(separator: ", "))"
        return said(UsageError("unknown command '\(word)'", hint: hint), path)
    }

    private func said(_ error: UsageError, _ path: [String]) -> UsageError {
        var error = error
        error.command = path.joined(separator: " ")
        return error
    }
}
