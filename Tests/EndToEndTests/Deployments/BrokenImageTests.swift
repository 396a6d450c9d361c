// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Testing
import Values

/// An image that cannot be pulled, and the way out (issue item 5).
@Suite(.timeLimit(.minutes(10)))
struct BrokenImageTests {
    @Test func `the reason is told and a right plan recovers`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster.yaml"
            let install = try await cluster.run(
                "cluster", "install", "-f", plan, "--set", "flow-server.imageTag=does-not-exist")
            let id = try install.job()
            expect(try await cluster.run("job", "watch", id), code: 9, says: "Failed")

            let job = try await cluster.run("job", "describe", id)
            expect(job, says: "Status          Failed\n", "Next ")
            let reason = job.lines.first { line in
                line.contains("pod flow-server-")
                    && [": ImagePullBackOff: ", ": ErrImagePull: "].contains { line.contains($0) }
            }
            #expect(reason?.contains("does-not-exist") == true, "\(job)")
            for component in ["mysql", "operator", "ingress-nginx"] {
                let line = job.lines.first { $0.contains("\(component) ") && $0.contains("SubJobStatus") }
                #expect(line?.contains("ModuleStatus: Available, SubJobStatus: Success") == true, "\(job)")
            }
            let failed = job.lines.first { $0.contains("flow-server ") && $0.contains("SubJobStatus") }
            #expect(failed?.contains("SubJobStatus: Failed") == true, "\(job)")
            let shown = try await cluster.run("cluster", "describe", "lungnet")
            expect(shown, says: "Status          Failed\n", "    mysql: Available")
            // In between the kubelet tries again: then it is an error of this try.
            #expect(shown.says("ImagePullBackOff") || shown.says("ErrImagePull"), "\(shown)")

            // Installing again is refused with the two ways on.
            expect(try await cluster.run("cluster", "install", "-f", plan), code: 17, says: "--cover")

            expect(try await cluster.run("cluster", "upgrade", "-f", plan, "--wait"), says: "Success")
            expect(
                try await cluster.run("cluster", "describe", "lungnet"), says: "Status          Running\n",
                "    flow-server: Available")
            let pods = try await cluster.list(.pod, in: "iflearner").filter { $0.name.hasPrefix("flow-server-") }
            #expect(pods.filter { $0.deletionTimestamp == nil }.count == 1)
        }
    }

    @Test func `an upgrade to a broken image leaves the deployment unavailable and recovers`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster-federate.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            expect(
                try await cluster.run(
                    "cluster", "upgrade", "-f", plan, "--set", "flow-federate.imageTag=does-not-exist", "--wait"),
                code: 9, says: "does-not-exist")
            let row = try await cluster.run("cluster", "list", "-o", "json").json().array?.first
            #expect(row?["status"]?.string == "Unavailable")
            expect(try await cluster.run("cluster", "upgrade", "-f", plan, "--wait"), says: "Success")
        }
    }

    @Test func `install --cover takes a failed installation over`() async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster-federate.yaml"
            expect(
                try await cluster.run(
                    "cluster", "install", "-f", plan, "--set", "flow-federate.imageTag=does-not-exist", "--wait"),
                code: 9)
            expect(try await cluster.run("cluster", "install", "-f", plan, "--cover", "--wait"), says: "Success")
        }
    }

    @Test func `a container that keeps crashing is told with its last words`() async throws {
        try await TestCluster.with { cluster in
            let run = try await cluster.run(
                "cluster", "install", "-f", "examples/cluster-federate.yaml", "--set",
                "flow-federate.imageTag=crash", "--wait")
            expect(run, code: 9, says: "CrashLoopBackOff")
        }
    }
}
