// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import Processes
import Sandbox
import TestSupport
import Testing
import Values

/// Training jobs that are followed to their end.
@Suite(.timeLimit(.minutes(10)))
struct IflearnerJobWatchTests {
    /// Follows a job, doing something once the first line is there.
    private func watch(
        _ cluster: TestCluster, _ arguments: String..., then act: () async throws -> Void
    ) async throws -> Finished {
        let (output, errors) = (try AnonymousFile(), try AnonymousFile())
        let line = (["ij", "watch"] + arguments).joined(separator: " ")
        let child = try cluster.start(["ij", "watch"] + arguments, output: output, errors: errors)
        let clock = ContinuousClock()
        let start = clock.now
        do {
            try await eventually("the first line is there", showing: { errors.text }) { !output.text.isEmpty }
            try await act()
        } catch {
            child.send(SIGKILL)
            _ = await child.wait()
            throw error
        }
        // Whoever does not end is ended: its status then fails the test.
        let killing = Task {
            try await Task.sleep(for: .seconds(60))
            child.send(SIGKILL)
        }
        let status = await child.wait()
        killing.cancel()
        return Finished(
            line: line, status: status, output: output.text, errors: errors.text, duration: clock.now - start)
    }

    @Test func `a training is followed line by line until every party has finished`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            try await cluster.makeIflearnerJob("job1", status: ["phase": "Running"])
            cluster.setAggregator(of: "job1", ["a": 1, "b": 1])
            let run = try await watch(cluster, "job1") {
                cluster.setAggregator(of: "job1", ["a": 2, "b": 2])
                cluster.server.dropConnections()
                cluster.server.forgetHistory()
                // Answers that were on their way tell of the first round still.
                try await cluster.untilAsked(cluster.asked + 3)
                cluster.setAggregator(of: "job1", ["a": 10, "b": 10], done: ["a", "b"])
            }
            expect(run, says: "Success: all 2 parties have finished")
            let texts = run.lines.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
            #expect(texts.contains("job1: Running, epoch 2/10, 2/2 parties ready"), "\(run)")
            #expect(texts.last == "job1: Running (Completed), epoch 10/10, 2/2 parties ready", "\(run)")
            #expect(texts.count == Set(texts).count, "a line without a change\n\(run)")
            #expect(!run.output.contains("\u{1B}"))
        }
    }

    @Test func `what is the matter is told in full when it begins, and by its word as long as it lasts`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let trouble: Mapping = ["phase": "Running", "reason": "TLSSecretMissing", "message": "make it"]
            let job = try await cluster.makeIflearnerJob("job1", status: .mapping(trouble))
            cluster.setAggregator(of: "job1", ["a": 1, "b": 1])
            let run = try await watch(cluster, "job1") {
                try await cluster.untilAsked(1)
                cluster.setAggregator(of: "job1", ["a": 2, "b": 2])
                try await cluster.untilAsked(4)
                try await cluster.setStatus(of: job, ["phase": "Succeeded", "reason": nil, "message": nil])
            }
            let texts = run.lines.map { $0.split(separator: " ", maxSplits: 1).last.map(String.init) ?? "" }
            #expect(texts.first?.hasSuffix(" - TLSSecretMissing: make it") == true, "\(run)")
            #expect(texts.contains("job1: Running, epoch 2/10, 2/2 parties ready - TLSSecretMissing"), "\(run)")
            #expect(texts.count { $0.contains("make it") } == 1, "\(run)")
        }
    }

    @Test func `the exit code tells how a job has ended, and so does the last line of JSON`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let ends: [(String, Value?, Int32, String)] = [
                ("good", ["phase": "Succeeded"], 0, "the job has succeeded"),
                ("bad", ["phase": "Failed", "reason": "Evicted", "message": "no room"], 9, "Evicted: no room"),
                ("gone", nil, 16, "the job was deleted"),
            ]
            for (name, status, code, text) in ends {
                let job = try await cluster.makeIflearnerJob(name, "client", status: ["phase": "Running"])
                let run = try await watch(cluster, name, "-o", "json") {
                    if let status {
                        try await cluster.setStatus(of: job, status)
                    } else {
                        _ = try await cluster.client.delete(job.key)
                    }
                }
                #expect(run.status == .code(code), "\(run)")
                let lines = try run.jsonLines()
                #expect(lines.first?["type"]?.string == "job" && lines.first?["phase"]?.string == "Running", "\(run)")
                #expect(lines.last?["type"]?.string == "result", "\(run)")
                #expect(lines.last?["code"]?.int == Int64(code))
                #expect(lines.last?["message"]?.string?.contains(text) == true, "\(run)")
            }
            // What is over before it is watched ends at once.
            expect(
                try await cluster.run("ij", "watch", "bad"), code: 9, says: "Evicted", "more: iflearnerctl ij describe")
            expect(try await cluster.run("ij", "watch", "nobody"), code: 16, says: "there is: bad")
            expect(try await cluster.run("ij", "watch", "bad", "-A"), code: 64, says: "exclude each other")
        }
    }

    @Test func `a training that stands still is told as stalled although no operator says so`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let job = try await cluster.makeIflearnerJob(
                "job1",
                status: [
                    "phase": "Running",
                    // An operator that went away has left this.
                    "training": [
                        "epoch": 3, "totalEpochs": 10, "expectedParties": 2, "complete": false,
                        "lastChangeTime": "2020-01-01T00:00:00Z",
                        "parties": [
                            ["name": "a", "ready": true, "complete": false, "epoch": 4],
                            ["name": "b", "ready": true, "complete": false, "epoch": 3],
                        ],
                    ],
                ])
            cluster.setAggregator(of: "job1", ["a": 4, "b": 3])
            let run = try await watch(cluster, "job1") {
                try await cluster.untilAsked(2)
                try await cluster.setStatus(of: job, ["phase": "Succeeded"])
            }
            expect(run, says: "Running (Stalled)", "in epoch 3/10: b; ahead: a")
        }
    }

    @Test func `a terminal sees one table with a row per party, redrawn in place`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let job = try await cluster.makeIflearnerJob("job1", status: ["phase": "Running"])
            cluster.setAggregator(of: "job1", ["医院甲": 3, "b": 4])
            let variables = [
                "PROGRAM": Program.path, "TERM": "xterm-256color", "SHELL": "/bin/bash", "LC_ALL": "C.UTF-8",
            ]
            var command = Command(
                "script", ["-qec", "stty cols 100 rows 30; \"$PROGRAM\" ij watch job1", "/dev/null"],
                environment: cluster.environment(with: variables))
            command.directory = Program.package
            async let captured = command.capture(timeout: .seconds(60))
            try await cluster.untilAsked(4)
            try await cluster.setStatus(of: job, ["phase": "Succeeded"])
            let result = try await captured
            let screen = Screen(String(decoding: result.output, as: UTF8.self))
            #expect(result.status == .code(0), "\(screen.text)")
            #expect(screen.redraws > 1)
            #expect(screen.unknown.isEmpty, "\(screen.unknown)")
            #expect(screen.rows(of: "NAME").count == 1, "\(screen.text)")
            #expect(screen.rows(of: "job1").first?.contains("Succeeded") == true, "\(screen.text)")
            #expect(screen.rows(of: "医院甲").first?.hasSuffix("ready   3") == true, "\(screen.text)")
            #expect(screen.text.contains("Success: the job has succeeded"), "\(screen.text)")
        }
    }
}

extension TestCluster {
    /// How often aggregators were asked.
    fileprivate var asked: Int { server.requests.count { $0.path.contains("/proxy/") } }

    /// Waits until aggregators were asked so many times.
    fileprivate func untilAsked(_ count: Int) async throws {
        try await eventually("the aggregators were asked \(count) times") {
            asked >= count
        }
    }
}
