// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing

/// The examples of the documentation, executed: a reader who types them sees what they promise.
@Suite(.timeLimit(.minutes(10)))
struct DocumentTests {
    @Test(arguments: ["README.md", "docs/getting-started.md", "docs/sandbox.md"])
    func `the consoles of a page can be typed as they are`(path: String) async throws {
        let lines = Self.consoleLines(of: try text(ofPackageFile: path))
        guard !lines.isEmpty else { return }
        try await Turns.shared.take {
            let home = try Folder()
            defer { home.remove() }
            let folder = try home.make("bin")
            try await Self.shell("ln -s '\(Program.path)' '\(folder)/iflearnerctl'", in: home)
            if lines.contains(where: { $0.hasPrefix("kubectl") }) {
                let kubectl = try #require(KubectlPrograms.available.first, "\(path) shows kubectl: install one")
                try await Self.shell("ln -s '\(kubectl)' '\(folder)/kubectl'", in: home)
            }
            for line in lines {
                let run = try await Self.shell(line, in: home)
                #expect(run.status == .code(0), "\(path): $ \(line)\n\(run.text)")
            }
            try await Self.shell("iflearnerctl sandbox down", in: home)
        }
    }

    @Test func `the README has consoles to type`() throws {
        let lines = Self.consoleLines(of: try text(ofPackageFile: "README.md"))
        #expect(lines.contains { $0.hasPrefix("iflearnerctl cluster install") })
    }

    /// The command lines of ```console blocks; a block that shows a placeholder such as `<id>` is prose.
    private static func consoleLines(of page: String) -> [String] {
        var lines: [String] = []
        var isConsole = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("```") {
                isConsole = line == "```console"
            } else if isConsole, line.hasPrefix("$ ") {
                lines.append(String(line.dropFirst(2)))
            }
        }
        return lines.filter { !$0.contains("<") || $0.contains("<(") }
    }

    @discardableResult
    private static func shell(_ line: String, in home: Folder) async throws -> (
        status: Processes::ExitStatus, text: String
    ) {
        var command = Command(
            "bash", ["-c", line + " 2>&1"],
            environment: [
                "HOME": home.path, "PATH": "\(home.path)/bin:/usr/local/bin:/usr/bin:/bin",
                "IFLEARNERCTL_STATE_DIR": "\(home.path)/state", "IFLEARNERCTL_TIME_SCALE": "20",
            ])
        command.directory = Program.package
        let captured = try await command.capture(timeout: .seconds(90))
        return (captured.status, String(decoding: captured.output, as: UTF8.self))
    }
}
