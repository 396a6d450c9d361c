// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The help of a command or a group, at most 80 columns wide.
public struct HelpPage: Sendable {
    private static let width = 80
    private let manual: Manual
    private let path: [String]
    private let members: [Manual]
    private let own: [ParameterDescription]
    private let shared: [ParameterDescription]

    /// The page of the tree reached by the words `path`; `shared` parameters are listed apart.
    public init<Context>(_ tree: CommandTree<Context>, path: [String], shared: [ParameterDescription]) {
        manual = tree.manual
        self.path = path
        members = tree.members.map(\.manual).filter { !$0.isHidden }
        let names = Set(shared.map(\.name))
        let visible = tree.parameters.filter { !$0.isHidden }
        own = visible.filter { !names.contains($0.name) }
        self.shared = shared.filter { !$0.isHidden }
    }

    /// The page, without a final newline.
    public var text: String {
        var sections = [manual.summary]
        if !manual.discussion.isEmpty { sections.append(Self.wrapped(manual.discussion, indentation: 0)) }
        sections.append("Usage:\n  " + usage)
        if !manual.aliases.isEmpty { sections.append("Aliases:\n  " + manual.aliases.joined(separator: ", ")) }
        if !manual.examples.isEmpty { sections.append("Examples:\n" + examples) }
        if !members.isEmpty {
            sections.append("Commands:\n" + Self.columns(members.map { ($0.name, $0.summary) }))
        }
        let positionals = own.filter { $0.kind == .positional }
        if !positionals.isEmpty {
            sections.append("Arguments:\n" + Self.columns(positionals.map { ($0.name, Self.help(of: $0)) }))
        }
        let options = own.filter { $0.kind != .positional }
        if !options.isEmpty {
            sections.append("Options:\n" + Self.columns(options.map { ($0.usage, Self.help(of: $0)) }))
        }
        if !shared.isEmpty {
            sections.append("Global options:\n" + Self.columns(shared.map { ($0.usage, Self.help(of: $0)) }))
        }
        if !members.isEmpty {
            sections.append("Use '\(path.joined(separator: " ")) COMMAND --help' for more about a command.")
        }
        return sections.joined(separator: "\n\n")
    }

    private var usage: String {
        var words = path
        if !members.isEmpty { words.append("COMMAND") }
        words += own.filter { $0.kind != .positional && $0.isRequired }.map {
            ($0.short.map { "-\($0)" } ?? "--\($0.name)") + " \($0.valueName)"
        }
        if own.contains(where: { $0.kind != .positional && !$0.isRequired }) { words.append("[OPTIONS]") }
        words += own.filter { $0.kind == .positional }.map(\.usage)
        return words.joined(separator: " ")
    }

    private var examples: String {
        manual.examples.map { example in
            Self.wrapped("# \(example.meaning)", indentation: 2, continuation: "# ") + "\n  \(example.line)"
        }.joined(separator: "\n\n")
    }

    private static func help(of parameter: ParameterDescription) -> String {
        guard !parameter.choices.isEmpty, parameter.kind == .option else { return parameter.help }
        return "\(parameter.help) (\(parameter.choices.joined(separator: "|")))"
    }

    /// Two columns; a left side that is too wide gets a line of its own.
    static func columns(_ rows: [(String, String)]) -> String {
        let widest = min(rows.map(\.0.count).max() ?? 0, 30)
        return rows.map { left, right in
            let indentation = widest + 4
            let text = wrapped(right, indentation: indentation)
            guard left.count <= widest else { return "  \(left)\n\(text)" }
            let padding = String(repeating: " ", count: widest - left.count + 2)
            return "  \(left)\(padding)\(text.dropFirst(indentation))"
        }.joined(separator: "\n")
    }

    /// Breaks lines at blanks; existing line ends stay.
    static func wrapped(_ text: String, indentation: Int, continuation: String = "") -> String {
        let margin = String(repeating: " ", count: indentation)
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                if !line.isEmpty, indentation + line.count + 1 + word.count > width {
                    lines.append(line)
                    line = continuation + word
                } else {
                    line += line.isEmpty ? String(word) : " \(word)"
                }
            }
            lines.append(line)
        }
        return lines.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }
}
