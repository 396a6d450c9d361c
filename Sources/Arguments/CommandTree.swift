// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A word of the command line: a command, a group of them, or one that does not exist here and says what to do instead.
public indirect enum CommandTree<Context: Sendable>: Sendable {
    /// Something to run.
    case command(any ProgramCommand<Context>.Type)
    /// A noun with verbs.
    case group(Manual, [CommandTree])
    /// A name that users of another tool would try, with the advice they get.
    case elsewhere(name: String, advice: String)

    /// What the help says of it.
    public var manual: Manual {
        switch self {
        case .command(let type): type.manual
        case .group(let manual, _): manual
        case .elsewhere(let name, let advice): Manual(name, summary: advice, isHidden: true)
        }
    }

    /// The members of a group.
    public var members: [CommandTree] {
        if case .group(_, let members) = self { members } else { [] }
    }

    /// The parameters of a command; none of a group.
    public var parameters: [ParameterDescription] {
        func descriptions<C: ProgramCommand>(_ type: C.Type) -> [ParameterDescription] {
            C.parameters.map(\.description)
        }
        guard case .command(let type) = self else { return [] }
        return descriptions(type)
    }

    /// The member of a name or alias.
    func member(_ word: String) -> CommandTree? {
        members.first { $0.manual.name == word || $0.manual.aliases.contains(word) }
    }

    /// Every command below with the words that lead to it, in order; hidden ones left out.
    public func commands(after path: [String] = []) -> [(path: [String], tree: CommandTree)] {
        if manual.isHidden { return [] }
        let words = path + [manual.name]
        return [(words, self)] + members.flatMap { $0.commands(after: words) }
    }
}
