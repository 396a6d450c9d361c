// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Sandbox
import Testing

/// The live table, seen by a terminal.
@Suite(
    .timeLimit(.minutes(10)),
    .enabled(if: Environment.findExecutable("script", path: "/usr/bin:/bin") != nil, "there is no script(1)"))
struct TerminalTests {
    private let components = ["mysql", "flow-server", "operator", "ingress-nginx"]

    @Test func `a terminal sees one table that is redrawn in place and left behind`() async throws {
        try await TestCluster.with { cluster in
            let written = try await terminal(
                cluster, "stty cols 100 rows 30; \"$PROGRAM\" cluster install -f examples/cluster.yaml --wait")
            let screen = Screen(written)
            #expect(screen.redraws > 3)
            #expect(screen.unknown.isEmpty, "\(screen.unknown)")
            #expect(screen.lines.count { $0.hasPrefix("COMPONENT ") } == 1, "\(screen.text)")
            let table = screen.lines.drop { !$0.hasPrefix("COMPONENT ") }.dropFirst()
            #expect(
                table.prefix(4).map { $0.split(separator: " ").prefix(2).joined(separator: " ") }
                    == components.map { "\($0) Success" }, "\(screen.text)")
            #expect(screen.text.contains("Success: lungnet is deployed"), "\(screen.text)")
            #expect(screen.lines.first?.hasPrefix("create job success, job id=") == true, "\(screen.text)")
        }
    }

    @Test func `no line is wider than the terminal, and NO_COLOR is obeyed`() async throws {
        try await TestCluster.with { cluster in
            let written = try await terminal(
                cluster,
                "stty cols 60 rows 20; \"$PROGRAM\" cluster install -f examples/cluster.yaml --wait 2>&1 >/dev/null",
                ["NO_COLOR": "1"])
            let screen = Screen(written)
            let table = screen.lines.filter { line in components.contains { line.hasPrefix($0 + " ") } }
            #expect(table.count == 4, "\(screen.text)")
            #expect(table.allSatisfy { $0.count < 60 }, "\(screen.text)")
            #expect(!written.contains("\u{1B}[3"), "coloured although NO_COLOR is set")
        }
    }

    @Test func `watching a job shows the same table, with the reason of what does not come up`() async throws {
        try await TestCluster.with { cluster in
            let id = try await cluster.run(
                "cluster", "install", "-f", "examples/cluster.yaml", "--set", "flow-server.imageTag=does-not-exist"
            ).job()
            let written = try await terminal(cluster, "stty cols 160 rows 30; \"$PROGRAM\" job watch \(id)", code: 9)
            let screen = Screen(written)
            #expect(screen.rows(of: "COMPONENT").count == 1, "\(screen.text)")
            let rows = screen.rows(of: "flow-server")
            #expect(rows.count == 1, "\(screen.text)")
            #expect(rows.joined().contains("Failed"), "\(screen.text)")
            #expect(rows.joined().contains("pod flow-server-"), "\(screen.text)")
            #expect(screen.rows(of: "mysql").joined().contains("Success"), "\(screen.text)")
        }
    }

    /// What a command line writes to a terminal.
    private func terminal(
        _ cluster: TestCluster, _ line: String, _ changes: [String: String] = [:], code: Int32 = 0
    ) async throws -> String {
        let variables = ["PROGRAM": Program.path, "TERM": "xterm-256color", "SHELL": "/bin/bash"]
        var command = Command(
            "script", ["-qec", line, "/dev/null"],
            environment: cluster.environment(with: variables.merging(changes) { $1 }))
        command.directory = Program.package
        let captured = try await command.capture(timeout: .seconds(60))
        let text = String(decoding: captured.output, as: UTF8.self)
        #expect(captured.status == .code(code), "\(text)")
        return text
    }
}
