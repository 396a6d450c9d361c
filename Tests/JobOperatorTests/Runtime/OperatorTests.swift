// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

@Suite(.timeLimit(.minutes(2))) struct OperatorTests {
    private static let lease = ObjectKey(.lease, namespace: "default", name: "b64cd87e.git.iflytek.com")

    @Test func `every job is looked at once at the start, and again when it changes`() async throws {
        try await TestSandbox.with { sandbox in
            for name in ["a", "b", "c"] { try await sandbox.createJob(name) }
            let running = try RunningOperator(sandbox, pass: RunningOperator.settle)
            try await eventually("all were looked at") { running.passes.now.count >= 3 }
            #expect(running.taken() == ["a", "b", "c"])
            _ = try await sandbox.client.patch(
                TestSandbox.key(JobContract.kind, "b"), .merge, ["spec": ["host": "x.example"]])
            try await eventually("b was looked at") { !running.passes.now.isEmpty }
            #expect(running.taken() == ["b"])
            try await running.stop()
            #expect(running.controller.metrics.passes(.error) == 0)
        }
    }

    @Test func `at rest there are renewals of the lease and nothing else`() async throws {
        try await TestSandbox.with { sandbox in
            for number in 0..<20 { try await sandbox.createJob("job-\(number)") }
            let clock = ManualTime()
            let running = try RunningOperator(
                sandbox, identity: "a", time: clock.source, { $0.timing = OperatorTiming() },
                pass: RunningOperator.settle)
            try await eventually("all were looked at") { running.passes.now.count == 20 }
            try await eventually("everything is watched") {
                sandbox.server.requests.count { $0.target.contains("watch=true") } == InformerSubject.all.count
            }
            // Asleep are the renewal and the end of the lead.
            await clock.sleepers(2)
            sandbox.server.clearRequests()
            for _ in 0..<60 {
                clock.advance(.seconds(2))
                await clock.sleepers(2)
            }
            let requests = sandbox.server.requests
            #expect(requests.count == 60)
            #expect(requests.allSatisfy { $0.method == "PUT" && $0.path.contains("/leases/") })
            #expect(running.passes.now.count == 20)
            try await running.stop()
        }
    }

    @Test func `a job whose passes fail comes back later and later, and keeps nobody waiting`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("bad")
            try await sandbox.createJob("good")
            let running = try RunningOperator(sandbox, { $0.workers = 1 }) { key, _ in
                if key.name == "bad" { throw TransportError(.reset, "it broke") }
                return .settled
            }
            try await eventually("the bad one came back often") { running.passes.now.count { $0.name == "bad" } > 5 }
            #expect(running.passes.now.contains { $0.name == "good" })
            #expect(running.controller.queue.failures(of: JobKey(namespace: "default", name: "bad")) > 5)
            // The log tells of the first, second, fourth and so on.
            #expect(running.lines.now.count { $0.contains("a pass failed") } <= 4)
            #expect(running.lines.now.contains { $0.contains(#""job":"bad""#) && $0.contains("it broke") })
            try await running.stop()
            #expect(running.controller.metrics.passes(.error) > 5)
        }
    }

    @Test func `a pass may ask for another one`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("a")
            let running = try RunningOperator(sandbox) { _, _ in .again(after: .milliseconds(10)) }
            try await eventually("it was looked at again and again") { running.passes.now.count > 3 }
            try await running.stop()
            #expect(running.controller.metrics.passes(.requeueAfter) > 3)
        }
    }

    @Test func `SIGTERM: the pass that is being made is ended, no other is begun, the lease is given back`()
        async throws
    {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("a")
            try await sandbox.createJob("b")
            let (gate, opening) = AsyncStream<Void>.makeStream()
            let ended = Shared(false)
            let running = try RunningOperator(sandbox, identity: "a", { $0.workers = 1 }) { key, _ in
                for await _ in gate { break }
                try Task.checkCancellation()
                ended.change { $0 = true }
                return .settled
            }
            try await eventually("a pass began") { running.passes.now.count == 1 }
            running.controller.stop()
            opening.finish()
            try await running.stop()
            #expect(ended.now)
            #expect(running.passes.now.count == 1)
            #expect(try await sandbox.client.get(Self.lease)["spec", "holderIdentity"] == nil)
        }
    }

    @Test func `SIGTERM: a pass that does not end is cut off`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("a")
            let running = try RunningOperator(sandbox, identity: "a", { $0.timing.drain = .milliseconds(100) }) {
                _, _ in
                try await Task.sleep(for: .seconds(3600))
                return .settled
            }
            try await eventually("the pass began") { running.passes.now.count == 1 }
            try await running.stop()
            #expect(running.lines.now.contains { $0.contains("cut off") })
            #expect(running.controller.metrics.passes(.error) == 0)
            #expect(try await sandbox.client.get(Self.lease)["spec", "holderIdentity"] == nil)
        }
    }

    @Test func `one that never led, or never knew enough, ends at once`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let waiting = try RunningOperator(sandbox, identity: "a", pass: RunningOperator.settle)
            try await eventually("it waits for the definition") {
                waiting.controller.metrics.isLeader
                    && waiting.controller.obstacles.contains { $0.contains("IflearnerJob") }
            }
            let follower = try RunningOperator(sandbox, identity: "b", pass: RunningOperator.settle)
            try await eventually("it waits for the leader") {
                follower.lines.now.contains { $0.contains("waits for the leader") }
            }
            try await follower.stop()
            try await waiting.stop()
            #expect(waiting.passes.now.isEmpty && follower.passes.now.isEmpty)
        }
    }

    @Test func `of two replicas one works; the other one knows everything already when its turn comes`() async throws {
        try await TestSandbox.with { sandbox in
            for number in 0..<10 { try await sandbox.createJob("job-\(number)") }
            let first = try RunningOperator(sandbox, identity: "first", pass: RunningOperator.settle)
            try await eventually("the first one works") { first.passes.now.count >= 10 }
            let second = try RunningOperator(sandbox, identity: "second", pass: RunningOperator.settle)
            try await eventually("the second one is ready") { second.controller.obstacles.isEmpty }
            _ = first.taken()
            try await sandbox.createJob("late")
            try await eventually("the first one sees it") { first.taken().contains("late") }
            #expect(second.passes.now.isEmpty && !second.controller.isLeading)
            #expect(try await second.get("/readyz").status == 200)
            #expect(
                try await second.get("/metrics").body.contains(
                    "leader_election_master_status{name=\"b64cd87e.git.iflytek.com\"} 0\n"))
            sandbox.server.clearRequests()
            try await first.stop()
            try await eventually("the second one works") { second.passes.now.count >= 11 }
            let lists = sandbox.server.requests.filter {
                $0.method == "GET" && !$0.target.contains("watch=true") && !$0.path.contains("/leases")
            }
            #expect(lists.isEmpty)
            try await second.stop()
        }
    }

    @Test func `who loses the lead ends with an error, and writes nothing more`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("a")
            let refused = Shared(false)
            let clock = ManualTime()
            // The lease can be had, but not renewed.
            sandbox.server.inject(Fault(.status(503), method: "PUT", path: "/leases/", count: nil))
            let running = try RunningOperator(
                sandbox, identity: "a", time: clock.source, { $0.timing = OperatorTiming() }
            ) {
                key, tools in
                await clock.sleepers(2)
                // As a process that is stopped for twenty seconds in the middle of a pass.
                clock.advance(.seconds(20))
                do {
                    _ = try await tools.client.patch(
                        TestSandbox.key(JobContract.kind, key.name), .merge, ["metadata": ["labels": ["late": "yes"]]])
                } catch {
                    refused.change { $0 = true }
                    throw error
                }
                return .settled
            }
            let result = await running.end()
            #expect(throws: OperatorError.self) { try result.get() }
            #expect(refused.now)
            #expect(try await sandbox.client.get(TestSandbox.key(JobContract.kind, "a")).labels.isEmpty)
        }
    }

    @Test func `namespaces are told once each, and others are left alone`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.create("{apiVersion: v1, kind: Namespace, metadata: {name: one}}")
            try await sandbox.createJob("a")
            try await sandbox.createJob("b", in: "one")
            let running = try RunningOperator(
                sandbox, { $0.namespaces = ["one", "one"] }, pass: RunningOperator.settle)
            try await eventually("it works") { !running.passes.now.isEmpty }
            #expect(running.taken() == ["b"])
            #expect(running.controller.board.entries.count == InformerSubject.all.count)
            try await running.stop()
        }
    }
}
