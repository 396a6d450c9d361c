// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import Testing
import Values

/// Asynchronous installation (issue item 1).
@Suite(.timeLimit(.minutes(10)))
struct InstallTests {
    @Test func `install returns at once and the job goes on without it`() async throws {
        try await TestCluster.with { cluster in
            // The simulated node stands still, so that the job cannot be over before we look.
            await cluster.server.setKubeletPaused(true)
            let install = try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml")
            expect(install)
            let id = try install.job()
            #expect(install.output == "create job success, job id=\(id)\n")
            #expect(id.count == 36)
            let limit = Duration.seconds(1) * Load.factor
            #expect(install.duration < limit, "install took \(install.duration)")

            let early = try await cluster.run("job", "describe", id, "-o", "json").json()
            #expect(["Pending", "Running"].contains(early["status"]?.string))
            let list = try await cluster.run("cluster", "list", "-o", "json").json()
            #expect(list.array?.first?["status"]?.string == "Creating")

            await cluster.server.setKubeletPaused(false)
            expect(try await cluster.run("job", "watch", id), says: "Success")
            let job = try await cluster.run("job", "describe", id)
            expect(job, says: "UUID            \(id)\n", "Status          Success\n", "job run Success")
            for component in ["mysql", "flow-server", "operator", "ingress-nginx"] {
                let line = job.lines.first { $0.contains("\(component) ") && $0.contains("SubJobStatus") }
                #expect(line?.contains("ModuleStatus: Available, SubJobStatus: Success") == true, "\(job)")
            }
            let states = try await cluster.run("job", "describe", id, "-o", "json").json()["states"]?.array ?? []
            let texts = states.compactMap { $0["text"]?.string }
            #expect(texts.contains("update job status to Running"), "\(texts)")
            #expect(texts.contains("create revision 1"), "\(texts)")
            #expect(texts.last == "job run Success", "\(texts)")
        }
    }

    @Test func `every machine with the kubeconfig sees the same`() async throws {
        try await TestCluster.with { cluster in
            let install = try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml", "--wait")
            expect(install, says: "Success")
            let id = try install.job()
            let elsewhere = ["IFLEARNERCTL_STATE_DIR": "\(cluster.home.path)/another", "HOME": "/nonexistent"]

            let jobs = try await cluster.run("job", "list", with: elsewhere, in: "/")
            expect(jobs, says: id)
            #expect(
                jobs.lines.first?.split(separator: " ").joined(separator: " ")
                    == "UUID CREATOR METHOD STATUS STARTTIME CLUSTERID AGE")
            let deployments = try await cluster.run("cluster", "list", with: elsewhere, in: "/")
            #expect(
                deployments.lines.first?.split(separator: " ").joined(separator: " ")
                    == "UUID NAME NAMESPACE REVISION STATUS CHART ChartVERSION AGE")
            #expect(deployments.lines.count == 2)
            let words = deployments.lines.last?.split(separator: " ").map(String.init) ?? []
            #expect(
                words.dropFirst().prefix(6) == ["lungnet", "iflearner", "1", "Running", "iflearner-flow", "v0.2.0"])

            let shown = try await cluster.run("cluster", "describe", "lungnet", with: elsewhere, in: "/")
            expect(
                shown, says: "Name            lungnet\n", "NameSpace       iflearner\n", "Status          Running\n",
                "host: fl.coord.example", "    flow-server: Available", "    mysql: Available", "pods:")
            expect(try await cluster.run("job", "describe", String(id.prefix(8)), with: elsewhere, in: "/"), says: id)
            expect(try await cluster.run("job", "watch", id, with: elsewhere, in: "/"), says: "Success")
            expect(
                try await cluster.run("cluster", "logs", "lungnet", "mysql", "--tail", "3", with: elsewhere, in: "/"))
        }
    }

    @Test func `a second install is refused and names the way on`() async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", "examples/cluster-federate.yaml", "--wait"))
            expect(
                try await cluster.run("cluster", "install", "-f", "examples/cluster-federate.yaml"), code: 17,
                says: "exists already", "cluster upgrade -f examples/cluster-federate.yaml")
            #expect(try await cluster.run("job", "list", "-o", "name").lines.count == 1)
        }
    }

    @Test func `an upgrade of nothing names install, and --install does it`() async throws {
        try await TestCluster.with { cluster in
            expect(
                try await cluster.run("cluster", "upgrade", "-f", "examples/cluster-federate.yaml"), code: 16,
                says: "cluster install -f examples/cluster-federate.yaml")
            #expect(cluster.writes.isEmpty)
            expect(
                try await cluster.run(
                    "cluster", "upgrade", "-f", "examples/cluster-federate.yaml", "--install", "--wait"),
                says: "Success")
        }
    }

    @Test func `CI waits without being asked, and --wait=false wins`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster-federate.yaml"
            let waited = try await cluster.run("cluster", "install", "-f", plan, with: ["CI": "true"])
            expect(waited, says: "Success")
            expect(
                try await cluster.run("uninstall", "--all", "--wait=false", with: ["CI": "true"]),
                says: "create job success")
        }
    }

    @Test func `dry runs write nothing`() async throws {
        try await TestCluster.with { cluster in
            let client = try await cluster.run(
                "cluster", "install", "-f", "examples/cluster.yaml", "--dry-run=client",
                with: ["KUBECONFIG": "/nonexistent"])
            expect(client, says: "flow-server", "the API server was not asked")
            expect(
                try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml", "--dry-run=server"),
                says: "create", "Deployment", "server dry run")
            #expect(cluster.writes.isEmpty, "\(cluster.writes)")
        }
    }
}
