// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import Processes
import Sandbox
import TestSupport
import Testing
import Values
import YAMLText

/// What programs read, and what pipes and logs get.
@Suite(.timeLimit(.minutes(10)))
struct OutputTests {
    private let plan = "examples/cluster-federate.yaml"

    @Test func `every list and description is JSON, YAML and names as well`() async throws {
        try await TestCluster.with { cluster in
            let install = try await cluster.run("cluster", "install", "-f", plan, "--wait", "-o", "json")
            expect(install)
            let events = try install.jsonLines()
            #expect(events.count > 5)
            #expect(events.map { $0["seq"]?.int } == events.indices.map { Int64($0) + 1 })
            #expect(events.dropLast().allSatisfy { $0["type"]?.string != "result" })
            let result = events.last
            #expect(result?["type"]?.string == "result")
            #expect(result?["code"]?.int == 0)
            let id = try #require(result?["job"]?.string)

            let commands = [
                ["cluster", "list"], ["cluster", "describe", "lungnet-a"], ["job", "list"], ["job", "describe", id],
                ["namespace", "list"], ["chart", "list"], ["version"], ["images", "list", "-f", plan], ["doctor"],
            ]
            for command in commands {
                let json = try await cluster.run(command + ["-o", "json"])
                expect(json)
                let value = try json.json()
                #expect(value.array?.isEmpty == false || value.mapping?.isEmpty == false, "\(json)")
                let yaml = try await cluster.run(command + ["-o", "yaml"])
                expect(yaml)
                _ = try Value(yaml: Array(yaml.output.utf8), file: "output")
            }
            #expect(try await cluster.run("cluster", "list", "-o", "name").output == "lungnet-a\n")
            #expect(try await cluster.run("job", "list", "-o", "name").output == "\(id)\n")
            #expect(try await cluster.run("job", "describe", id, "-o", "json").json()["id"]?.string == id)
            let wide = try await cluster.run("job", "list", "-o", "wide")
            expect(wide, says: "NAMESPACE", "lungnet-a")
            let watched = try await cluster.run("job", "watch", id, "-o", "json")
            let last = try watched.jsonLines().last
            #expect(last?["type"]?.string == "result" && last?["code"]?.int == 0, "\(watched)")
        }
    }

    @Test func `an asynchronous command prints its job as one JSON document`() async throws {
        try await TestCluster.with { cluster in
            let install = try await cluster.run("cluster", "install", "-f", plan, "-o", "json")
            expect(install)
            let id = try #require(try install.json()["job"]?.string)
            expect(try await cluster.run("job", "watch", id))
            let name = try await cluster.run("uninstall", "--all", "-o", "name")
            expect(name)
            #expect(name.lines.count == 1 && name.lines.first?.count == 36, "\(name)")
        }
    }

    @Test func `a reader that goes away is no error`() async throws {
        try await TestCluster.with { cluster in
            let environment = cluster.environment(with: ["PROGRAM": Program.path])
            for command in [
                "cluster render -f examples/cluster.yaml", "--help", "cluster install -f examples/cluster.yaml --wait",
            ] {
                var shell = Command(
                    "bash", ["-c", "\"$PROGRAM\" \(command) | head -c 1 >/dev/null; exit ${PIPESTATUS[0]}"],
                    environment: environment)
                shell.directory = Program.package
                let errors = try AnonymousFile()
                shell.errors = .descriptor(errors.descriptor)
                let result = try await shell.capture(timeout: .seconds(60))
                #expect(result.status == .code(0), "\(command): \(result.status) \(errors.text)")
                #expect(!errors.text.contains("roken pipe"), "\(errors.text)")
            }
        }
    }

    @Test func `what is piped has no colour, no cursor movement and no silence`() async throws {
        try await TestCluster.with { cluster in
            let run = try await cluster.run("cluster", "install", "-f", plan, "--wait")
            expect(run)
            #expect(!run.output.contains("\u{1B}") && !run.errors.contains("\u{1B}"), "\(run)")
            #expect(!run.errors.contains("\r"))
            let log = try await cluster.run("job", "logs", try run.job())
            expect(log, says: "result", "Success")
            let events = try await cluster.run("job", "logs", try run.job(), "-o", "json").jsonLines()
            #expect(events.last?["type"]?.string == "result")
        }
    }

    @Test func `a detached worker leaves nothing open and its log tells everything`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            // Command substitution waits until nobody has the pipe any more: a worker that kept it would hang it.
            var shell = Command(
                "bash", ["-c", "echo \"$(\"$PROGRAM\" cluster install -f \(plan))\""],
                environment: cluster.environment(with: ["PROGRAM": Program.path]))
            shell.directory = Program.package
            let printed = try await shell.capture(timeout: .seconds(30))
            #expect(printed.status == .code(0))
            let workers = cluster.workers()
            #expect(workers.count == 1)
            let worker = try #require(workers.first)
            #expect(getsid(worker) == worker, "the worker has no session of its own")
            let command = try String(contentsOfProcess: worker, "cmdline")
            #expect(!command.contains(cluster.server.token))
            #expect(try String(contentsOfProcess: worker, "stat").contains(") "))
            await cluster.server.setKubeletPaused(false)
            let id = String(decoding: printed.output, as: UTF8.self).split(separator: "=").last ?? ""
            expect(try await cluster.run("job", "watch", id.filter { !$0.isWhitespace }), says: "Success")
            let log = try await cluster.run("job", "logs", id.filter { !$0.isWhitespace })
            expect(log, says: "mysql", "result")
        }
    }

    @Test func `-v says where settings come from and logs requests without secrets`() async throws {
        try await TestCluster.with { cluster in
            let run = try await cluster.run("cluster", "list", "-v")
            expect(run, says: "kubeconfig: \(cluster.home.path)/kubeconfig ($KUBECONFIG)", "GET /api")
            #expect(!run.says(cluster.server.token), "\(run)")
            let flag = try await cluster.run("cluster", "list", "-v", "--kubeconfig", "\(cluster.home.path)/kubeconfig")
            expect(flag, says: "(--kubeconfig)")
        }
    }

    @Test func `passwords are in no output, log, argument, event or file`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let id = try await cluster.run("cluster", "install", "-f", plan, "-v").job()
            let secrets = try await cluster.whenSecretsExist()
            #expect(secrets.count >= 2)
            for pid in cluster.workers() {
                let seen = try String(contentsOfProcess: pid, "cmdline") + String(contentsOfProcess: pid, "environ")
                for (name, secret) in secrets { #expect(!seen.contains(secret), "\(name) is in /proc/\(pid)") }
            }
            await cluster.server.setKubeletPaused(false)
            expect(try await cluster.run("job", "watch", id, "-o", "json"))
            for command in [
                ["job", "describe", id, "-o", "json"], ["job", "logs", id], ["job", "logs", id, "-o", "json"],
                ["cluster", "describe", "lungnet-a", "-o", "yaml"], ["cluster", "render", "-f", plan],
                ["cluster", "upgrade", "-f", plan, "-v"],
                ["cluster", "upgrade", "-f", plan, "--set", "mysql.size=9Gi", "--dry-run=server", "-o", "json"],
                ["cluster", "logs", "lungnet-a"], ["doctor", "-f", plan],
            ] {
                expect(try await cluster.run(command))
            }
            // The API server's words about an object that it refuses may quote it.
            cluster.server.inject(Fault(.status(500), method: "PATCH", path: "/secrets/", count: nil))
            _ = try await cluster.client.delete(
                ObjectKey(.secret, namespace: "iflearner-party-a", name: "flow-federate-config"))
            _ = try await cluster.run("cluster", "upgrade", "-f", plan, "--wait", "-v")
            cluster.server.clearFaults()
            try await cluster.expectNoLeak()
        }
    }
}

extension TestCluster {
    /// The secrets of the deployment, once it has written them.
    fileprivate func whenSecretsExist() async throws -> [(name: String, text: String)] {
        try await eventually("its Secrets are there") { try await secretValues().count >= 2 }
        return try await secretValues()
    }
}

extension String {
    /// A file of `/proc/<pid>`.
    fileprivate init(contentsOfProcess pid: Int32, _ name: String) throws {
        guard let file = fopen("/proc/\(pid)/\(name)", "r") else { throw SystemFailure("fopen") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        while case let byte = getc(file), byte != EOF { bytes.append(UInt8(truncatingIfNeeded: byte)) }
        self.init(decoding: bytes, as: UTF8.self)
    }
}
