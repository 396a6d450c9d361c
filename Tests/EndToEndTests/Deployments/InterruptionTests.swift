// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import Processes
import Sandbox
import TestSupport
import Testing
import Values

/// A worker that is killed at any moment (issue item 6), and one that is asked to stop.
@Suite(.timeLimit(.minutes(10)))
struct InterruptionTests {
    /// Where a worker is killed: at the request that fits.
    static let moments = [
        "record": #"^/api/v1/namespaces/iflearner/secrets/iflearnerctl\.lungnet\.job\."#,
        "definition": #"^/apis/apiextensions.k8s.io/v1/customresourcedefinitions/(?!.*dryRun)"#,
        "claim": "/persistentvolumeclaims/mysql-data",
        "last workload": "/deployments/flow-server",
    ]

    @Test(arguments: moments.keys.sorted(), [false, true])
    func `resume brings a killed job to success`(moment: String, isCarriedOut: Bool) async throws {
        let pattern = try #require(Self.moments[moment])
        try await TestCluster.with { cluster in
            // The request gets no answer, so that the worker is killed at exactly this one.
            let effect: Fault.Effect = isCarriedOut ? .hangAfter : .hangBefore
            let method = moment == "record" ? "PUT" : "PATCH"
            cluster.server.inject(Fault(effect, method: method, path: pattern))
            let install = try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml")
            let id = try install.job()
            try await cluster.killWorker(whenWaiting: pattern)
            cluster.server.clearFaults()

            let job = try await cluster.run("job", "describe", id)
            expect(job, says: "Status          Interrupted\n", "job resume \(id.prefix(8))")
            expect(try await cluster.run("job", "list"), says: "Interrupted")
            expect(try await cluster.run("job", "watch", id), code: 5, says: "interrupted", "job resume")

            expect(try await cluster.run("job", "resume", id))
            expect(try await cluster.run("job", "watch", id), says: "Success")
            try await cluster.expectWhole()
        }
    }

    @Test func `a worker killed while it waits is resumed without writing anything but records`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let id = try await cluster.run("cluster", "install", "-f", "examples/cluster-federate.yaml").job()
            try await cluster.whenJob(id) {
                $0["subJobs"]?.array?.contains { $0["status"]?.string == "Waiting" } == true
            }
            try await cluster.killWorkers()
            expect(try await cluster.run("job", "describe", id), says: "Interrupted")
            await cluster.server.setKubeletPaused(false)
            let again = try await cluster.run("job", "resume", id, "--wait")
            expect(again, says: "Success")
            try await cluster.expectWhole("examples/cluster-federate.yaml")
        }
    }

    @Test func `another machine sees the interruption within the lease time and takes over`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let id = try await cluster.run("cluster", "install", "-f", "examples/cluster-federate.yaml").job()
            // A worker that stands still is not known to be dead: only its lease tells, as from another machine.
            for pid in cluster.workers() { kill(pid, SIGSTOP) }
            let watch = try await cluster.run("job", "watch", id)
            expect(watch, code: 5, says: "interrupted")
            #expect(watch.duration < .seconds(15))
            await cluster.server.setKubeletPaused(false)
            expect(try await cluster.run("job", "resume", id, "--wait"), says: "Success")

            // The one that wakes up finds its lock taken and writes nothing more.
            cluster.server.clearRequests()
            for pid in cluster.workers() { kill(pid, SIGCONT) }
            try await cluster.whenWorkersAreGone()
            #expect(cluster.objectWrites.isEmpty, "\(cluster.objectWrites)")
            expect(try await cluster.run("job", "describe", id), says: "Status          Success\n")
        }
    }

    @Test func `job stop ends a job at a safe point and resume goes on`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let id = try await cluster.run("cluster", "install", "-f", "examples/cluster-federate.yaml").job()
            expect(try await cluster.run("job", "stop", id), says: "will stop")
            expect(try await cluster.run("job", "watch", id), code: 130, says: "Canceled", "job resume")
            await cluster.server.setKubeletPaused(false)
            expect(try await cluster.run("job", "resume", id, "--wait"), says: "Success")
            expect(try await cluster.run("job", "delete", id), says: "deleted")
            expect(try await cluster.run("job", "describe", id), code: 16)
        }
    }

    @Test func `a second run beside a live one is refused and names it`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let plan = "examples/cluster-federate.yaml"
            let id = try await cluster.run("cluster", "install", "-f", plan).job()
            let second = try await cluster.run("cluster", "upgrade", "-f", plan, "--set", "flow-federate.imageTag=v9")
            expect(second, code: 5, says: id)
            await cluster.server.setKubeletPaused(false)
            expect(try await cluster.run("job", "watch", id), says: "Success")
        }
    }

    @Test func `Ctrl-C stops a job that is waited for`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let (output, errors) = (try AnonymousFile(), try AnonymousFile())
            let run = try cluster.start(
                "cluster", "install", "-f", "examples/cluster-federate.yaml", "--wait", output: output, errors: errors)
            try await eventually("it waits") { errors.text.contains("Waiting") }
            run.send(SIGINT)
            let status = await run.wait()
            #expect(status == .code(130), "\(errors.text)")
            #expect(errors.text.contains("iflearnerctl job resume"), "\(errors.text)")
            await cluster.server.setKubeletPaused(false)
            let id = try await cluster.run("job", "list", "-o", "name").lines.first ?? ""
            expect(try await cluster.run("job", "resume", id, "--wait"), says: "Success")
        }
    }
}

extension TestCluster {
    /// Waits until a request of the workers hangs in a fault, and kills them then.
    fileprivate func killWorker(whenWaiting pattern: String) async throws {
        try await eventually("a request hangs") { !server.pendingFaults.contains { $0.path == pattern } }
        try await killWorkers()
    }

    /// Kills the workers of the user.
    fileprivate func killWorkers() async throws {
        let pids = workers()
        #expect(!pids.isEmpty, "there is no worker to kill")
        for pid in pids { kill(pid, SIGKILL) }
        try await whenWorkersAreGone()
    }

    fileprivate func whenWorkersAreGone() async throws {
        try await eventually("the workers are gone") { workers().isEmpty }
    }

    /// Waits until the record of a job says something.
    fileprivate func whenJob(_ id: String, _ condition: @escaping @Sendable (Value) -> Bool) async throws {
        try await eventually("the job comes to that") {
            condition(try await run("job", "describe", id, "-o", "json").json())
        }
    }

    /// Expects the deployment to be whole: everything once, nothing to change, one revision.
    fileprivate func expectWhole(_ plan: String = "examples/cluster.yaml") async throws {
        expect(try await run("cluster", "upgrade", "-f", plan), says: "no changes")
        let row = try await run("cluster", "list", "-o", "json").json().array
        #expect(row?.count == 1)
        #expect(row?.first?["revision"]?.int == 1)
        #expect(row?.first?["status"]?.string == "Running")
        for workload in try await list(.deployment) {
            #expect(workload.generation == 1, "\(workload.name) was rolled again")
        }
        let pods = try await list(.pod).filter { $0.deletionTimestamp == nil }.map(\.name)
        #expect(Set(pods).count == pods.count)
        #expect(try await run("job", "list", "-o", "name").lines.count == 1)
    }
}
