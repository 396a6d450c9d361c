// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing

/// Plans that are wrong: everything about them is said at once, with its place, and nothing is done.
@Suite(.timeLimit(.minutes(10)))
struct PlanProblemTests {
    @Test func `every problem of a plan is told with file, line and column`() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let plan = try folder.write(
            "cluster.yaml",
            """
            name: lungnet
            namespace: iflearner
            chartName: iflearner-flow
            chartVersion: v0.2.0
            role: server
            modules: [mysql, flow-servr]
            endpoint:
              host: fl.coord.example
              flowPort: 99999
            mysq:
              size: 5Gi

            """)
        let run = try await Program.run(
            ["cluster", "install", "-f", plan], environment: ["HOME": folder.path, "KUBECONFIG": "/nonexistent"])
        expect(
            run, code: 3, says: "error: \(plan):6:18: ", "flow-servr", "did you mean 'flow-server'?", "\(plan):9:13: ",
            "99999", "\(plan):10:1: unknown key 'mysq'", "did you mean 'mysql'?", "^", "3 errors")
        #expect(run.output.isEmpty)
    }

    @Test func `a plan that is no YAML, missing or a folder is told as such`() async throws {
        let folder = try Folder()
        defer { folder.remove() }
        let environment = ["HOME": folder.path]
        let tab = try folder.write("tab.yaml", "name: x\n\tnamespace: y\n")
        expect(
            try await Program.run(["cluster", "render", "-f", tab], environment: environment), code: 3,
            says: "\(tab):2:1: ")
        for path in ["/nonexistent/cluster.yaml", folder.path] {
            expect(
                try await Program.run(["cluster", "render", "-f", path], environment: environment), code: 3,
                says: path)
        }
        let bomb = try folder.write("bomb.yaml", Self.aliasBomb)
        let refused = try await Program.run(["cluster", "render", "-f", bomb], environment: environment)
        #expect(refused.status == .code(3), "\(refused)")
        #expect(refused.duration < .seconds(2) * Load.factor)
    }

    /// Nine levels of nine references each: gigabytes, if they were followed.
    private static let aliasBomb: String = {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            let references = (0..<9).map { _ in "*a\(level - 1)" }.joined(separator: ", ")
            text += "a\(level): &a\(level) [\(references)]\n"
        }
        return text
    }()

    @Test func `settings are laid over the plan and their problems are told`() async throws {
        let environment = ["HOME": "/nonexistent"]
        func render(_ settings: String...) async throws -> Finished {
            try await Program.run(
                ["cluster", "render", "-f", "examples/cluster.yaml"] + settings.flatMap { ["--set", $0] },
                environment: environment, directory: Program.package)
        }
        let image = try await render("flow-server.imageTag=v7.7.7", "mysql.size=9Gi")
        expect(image, says: ":v7.7.7", "storage: \"9Gi\"")
        expect(try await render("flow-servr.imageTag=v1"), code: 3, says: "flow-servr", "flow-server")
        expect(try await render("endpoint.flowPort=abc"), code: 3, says: "flowPort")
        expect(try await render("mysql.size"), code: 64, says: "PATH=VALUE")
    }

    @Test func `a plan comes from standard input as well`() async throws {
        let plan = try text(ofPackageFile: "examples/cluster.yaml")
        let run = try await Program.run(
            ["cluster", "render", "-f", "-", "--component", "mysql"], environment: ["HOME": "/nonexistent"], input: plan
        )
        expect(run, says: "kind: StatefulSet")
        let bad = try await Program.run(
            ["cluster", "render", "-f", "-"], environment: ["HOME": "/nonexistent"], input: "name: 1\nnmae: x\n")
        #expect(bad.status == .code(3), "\(bad)")
    }

    @Test(arguments: ["server", "federate"])
    func `what init writes is a plan that installs`(role: String) async throws {
        try await TestCluster.with { cluster in
            let written = try await cluster.run("init", "--role", role)
            expect(written)
            let plan = try cluster.home.write("cluster.yaml", written.output)
            expect(try await cluster.run("doctor", "-f", plan), says: "api server")
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"), says: "Success")
        }
    }

    @Test func `rendering is the same every time and on every machine`() async throws {
        let arguments = ["cluster", "render", "-f", "examples/cluster.yaml", "--secrets", "placeholder"]
        let first = try await Program.run(arguments, environment: ["HOME": "/"], directory: Program.package)
        let second = try await Program.run(
            arguments, environment: ["HOME": "/tmp", "TZ": "Asia/Tokyo", "LC_ALL": "tr_TR.UTF-8"],
            directory: Program.package)
        expect(first)
        #expect(first.output == second.output)
        let folder = try Folder()
        defer { folder.remove() }
        let files = try await Program.run(
            arguments + ["-d", "\(folder.path)/out"], environment: ["HOME": "/"], directory: Program.package)
        expect(files)
        #expect(files.lines.contains("\(folder.path)/out/mysql/statefulset-mysql.yaml"), "\(files)")
        #expect(Folder.texts(below: "\(folder.path)/out").count == files.lines.count)
    }
}
