// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension CommandTree {
    /// The reference page of every command, in Markdown: `docs/commands.md` is this text.
    public func referencePage(shared: [ParameterDescription]) -> String {
        var page = """
            # Commands

            Made from the program's own help; `\(manual.name) COMMAND --help` prints the same.

            """
        for (path, tree) in commands() {
            page += "\n## `\(path.joined(separator: " "))`\n\n```text\n"
            page += HelpPage(tree, path: path, shared: path.count == 1 ? shared : []).text
            page += "\n```\n"
        }
        return page
    }
}
