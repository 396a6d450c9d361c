// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing
import Values

/// What the program says about itself.
@Suite(.timeLimit(.minutes(10)))
struct HelpTests {
    private func run(_ arguments: String..., with changes: [String: String] = [:]) async throws -> Finished {
        try await Program.run(
            arguments, environment: ["HOME": "/nonexistent", "PATH": "/usr/bin:/bin"].merging(changes) { $1 },
            directory: Program.package)
    }

    /// Every command by its words, from the headings of the reference page.
    private func commands() async throws -> [[String]] {
        let page = try await run("__docs", "commands")
        expect(page)
        return page.lines.filter { $0.hasPrefix("## `iflearnerctl") }.map { line in
            line.dropFirst(4).dropLast().split(separator: " ").dropFirst().map(String.init)
        }
    }

    @Test func `every command explains itself in 80 columns, with an example`() async throws {
        let all = try await commands()
        #expect(all.count > 30)
        for words in all {
            let help = try await Program.run(
                words + ["--help"], environment: ["HOME": "/nonexistent"], directory: Program.package)
            expect(help, says: "Usage:\n  iflearnerctl")
            #expect(help.errors.isEmpty, "\(help)")
            for line in help.lines {
                // Examples are whole command lines, to be copied.
                let isExample = line.hasPrefix("  iflearnerctl ") || line.hasPrefix("  source ")
                #expect(line.count <= 80 || isExample, "\(words.joined(separator: " ")): \(line)")
            }
            let isGroup = help.output.contains("\nCommands:\n")
            #expect(isGroup || help.output.contains("Examples:\n"), "\(help)")
        }
    }

    @Test func `every example is a command line that the program accepts`() async throws {
        for words in try await commands() {
            let help = try await Program.run(
                words + ["--help"], environment: ["HOME": "/nonexistent"], directory: Program.package)
            for line in help.lines where line.hasPrefix("  iflearnerctl ") && !line.hasPrefix("  iflearnerctl COMMAND")
            {
                let typed = line.split(separator: " ").dropFirst().prefix { !["|", ">"].contains($0) }.map(String.init)
                guard !help.output.contains("Usage:\n\(line)\n") else { continue }
                // With --help after it, a command line is read to its end and nothing is done.
                let read = try await Program.run(
                    typed + ["--help"], environment: ["HOME": "/nonexistent"], directory: Program.package)
                expect(read, says: "Usage:")
            }
        }
    }

    @Test(arguments: [
        ("commands", "docs/commands.md"), ("plan", "docs/plan.md"), ("schema", "docs/cluster.schema.json"),
    ])
    func `generated pages are as the program prints them`(page: String, path: String) async throws {
        let printed = try await run("__docs", page)
        expect(printed)
        #expect(
            try printed.output == text(ofPackageFile: path), "\(path) is not up to date: make docs writes it anew")
    }

    @Test func `wrong command lines end with 64 and say what was meant`() async throws {
        let cases: [([String], [String])] = [
            (["clutser", "list"], ["unknown command 'clutser'", "cluster"]),
            (["cluster", "lst"], ["unknown command 'lst'", "list"]),
            (["cluster", "install"], ["--file"]),
            (["cluster", "install", "-f", "x", "--wiat"], ["--wiat", "--wait"]),
            (["cluster", "list", "-o", "jsn"], ["jsn", "json"]),
            (["cluster", "delete"], ["NAME"]),
            (["uninstall"], ["--component", "--all"]),
            (["cluster", "list", "--sandbox", "--kubeconfig", "x"], ["exclude each other"]),
            (["job", "describe", "a", "b"], ["b"]),
            (["cluster", "install", "-f", "x", "--timeout", "soon"], ["soon"]),
        ]
        for (arguments, texts) in cases {
            let run = try await Program.run(arguments, environment: ["HOME": "/nonexistent"])
            #expect(run.status == .code(64), "\(run)")
            #expect(run.output.isEmpty, "\(run)")
            for text in texts { #expect(run.errors.contains(text), "'\(text)' is missing: \(run)") }
        }
    }

    @Test func `commands of KubeFATE that do not exist say what to do instead`() async throws {
        for words in [["chart", "upload"], ["user", "list"], ["supportbundle"], ["service"]] {
            let run = try await Program.run(words, environment: ["HOME": "/nonexistent"])
            #expect(run.status == .code(64), "\(run)")
            #expect(run.errors.count > 30, "\(run)")
        }
        expect(try await run("cluster", "update", "--help"), says: "upgrade")
        expect(try await run("cluster", "ls", "--help"), says: "list")
        expect(try await run("job", "del", "--help"), says: "delete")
    }

    @Test func `the version is one line when it is asked to be short`() async throws {
        let short = try await run("version", "--short")
        expect(short)
        #expect(short.lines.count == 1)
        #expect(short.output.first?.isNumber == true, "\(short)")
        let json = try await run("version", "-o", "json").json()
        #expect(json["version"]?.string == short.lines.first)
    }

    @Test(arguments: ["bash", "zsh", "fish"])
    func `completion scripts are read by their shell`(shell: String) async throws {
        let script = try await run("completion", shell)
        expect(script, says: "iflearnerctl", "__complete")
        guard Environment.findExecutable(shell, path: "/usr/bin:/bin") != nil else { return }
        let folder = try Folder()
        defer { folder.remove() }
        let file = try folder.write("script", script.output)
        let check = try await Command(shell, ["-n", file], environment: ["PATH": "/usr/bin:/bin"]).capture(
            timeout: .seconds(20))
        #expect(check.status == .code(0))
    }

    @Test func `bash completes commands, options and values`() async throws {
        let words = try await run("__complete", "--", "cluster", "in")
        #expect(words.lines.contains { $0.hasPrefix("install") }, "\(words)")
        let options = try await run("__complete", "--", "cluster", "install", "--dry")
        #expect(options.lines.contains { $0.hasPrefix("--dry-run") }, "\(options)")
        let values = try await run("__complete", "--", "cluster", "list", "-o", "")
        #expect(values.lines.contains { $0.hasPrefix("json") }, "\(values)")
    }
}
