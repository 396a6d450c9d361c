// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import Testing
import Values

/// Jobs followed over time, over everything that can break.
@Suite(.timeLimit(.minutes(2)))
struct TrainingWatchTests {
    /// Follows jobs until a state is reached, doing something after the first look.
    private func follow(
        _ lab: OperatorLab, _ aggregators: Aggregators, name: String? = "job1", patience: Duration = .seconds(900),
        until isReached: @escaping @Sendable ([JobOverview], [IflearnerJob]) -> Bool,
        meanwhile act: @escaping @Sendable () async throws -> Void = {}
    ) async throws -> [TrainingWatch.Update] {
        let updates = Shared<[TrainingWatch.Update]>([])
        let hasBegun = AsyncStream.makeStream(of: Void.self)
        var policy = ReflectorPolicy()
        policy = policy.scaled(by: 20)
        let watch = TrainingWatch(
            client: aggregators.client(), namespace: "default", name: name, time: .system,
            interval: .milliseconds(20), patience: patience, policy: policy)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await watch.follow { update in
                    updates.change { $0.append(update) }
                    guard case .jobs(let overviews, let gone) = update else { return false }
                    if !overviews.isEmpty { hasBegun.continuation.finish() }
                    return isReached(overviews, gone)
                }
            }
            group.addTask {
                for await _ in hasBegun.stream {}
                try await act()
            }
            try await group.waitForAll()
        }
        return updates.now
    }

    private func running(_ lab: OperatorLab, _ name: String = "job1") async throws -> IflearnerJob {
        let job = try await lab.make(name)
        try await lab.edit(job.object, ["status": ["phase": "Running"]], subresource: "status")
        return job
    }

    private func epochs(_ updates: [TrainingWatch.Update]) -> [String] {
        var seen: [String] = []
        for case .jobs(let overviews, _) in updates {
            guard let text = overviews.first?.training?.progress.epochText, seen.last != text else { continue }
            seen.append(text)
        }
        return seen
    }

    @Test func `rounds are seen as they come, up to the end that every party has said`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            _ = try await running(lab)
            aggregators.set("job1", ["a": 1, "b": 1])
            let updates = try await follow(
                lab, aggregators, until: { overviews, _ in overviews.first?.isCompleted == true }
            ) {
                for epoch in 1...3 {
                    let before = aggregators.asked.count
                    aggregators.set("job1", ["a": epoch, "b": epoch])
                    while aggregators.asked.count < before + 3 { try await Task.sleep(for: .milliseconds(2)) }
                }
                aggregators.set("job1", ["a": 10, "b": 10], done: ["a", "b"])
            }
            #expect(epochs(updates) == ["1/10", "2/10", "3/10", "10/10"])
        }
    }

    @Test func `a training that stands still is stalled although no operator says so`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            _ = try await running(lab)
            aggregators.set("job1", ["a": 4, "b": 3])
            let updates = try await follow(
                lab, aggregators, patience: .milliseconds(200),
                until: { overviews, _ in overviews.first?.isStalled == true })
            guard case .jobs(let overviews, _) = updates.last else {
                Issue.record("the watch ended with trouble")
                return
            }
            let overview = try #require(overviews.first)
            #expect(overview.phaseText == "Running (Stalled)")
            #expect(overview.trouble?.message.hasSuffix("in epoch 3/10: b; ahead: a") == true)
        }
    }

    @Test func `what the operator has written counts before the aggregator has answered`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            let job = try await running(lab)
            try await lab.edit(
                job.object,
                [
                    "status": [
                        "training": [
                            "epoch": 3, "totalEpochs": 10, "lastChangeTime": "2026-11-20T11:00:00Z",
                            "expectedParties": 2,
                            "parties": [
                                ["name": "a", "ready": true, "complete": false, "epoch": 3],
                                ["name": "b", "ready": true, "complete": false, "epoch": 3],
                            ],
                        ]
                    ]
                ], subresource: "status")
            aggregators.set("job1", ["a": 3, "b": 3])
            let updates = try await follow(
                lab, aggregators, until: { _, _ in aggregators.asked.count > 3 })
            // Nothing has moved since: neither has the time of the last change.
            for case .jobs(let overviews, _) in updates {
                guard let training = overviews.first?.training else { continue }
                #expect(training.lastChangeTime?.rfc3339 == "2026-11-20T11:00:00Z")
            }
        }
    }

    @Test func `broken watches, expired versions and restarts lose nothing`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            let job = try await running(lab)
            aggregators.set("job1", ["a": 1])
            _ = try await follow(
                lab, aggregators, until: { overviews, _ in overviews.first?.job.phase == "Succeeded" }
            ) {
                try lab.server.forgetHistory()
                try lab.server.dropConnections()
                try lab.server.inject(Fault(.status(500), method: "GET", path: "/iflearnerjobs", count: 2))
                try await lab.edit(job.object, ["status": ["phase": "Succeeded"]], subresource: "status")
            }
        }
    }

    @Test func `a job that is deleted is told as gone, also when another one has taken its name`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            let job = try await running(lab)
            let updates = try await follow(
                lab, aggregators, until: { _, gone in gone.contains { $0.uid == job.uid } }
            ) {
                try await lab.delete(job.object)
                _ = try await running(lab)
            }
            #expect(updates.count >= 2)
        }
    }

    @Test func `aggregators of many jobs are asked in turn`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            for number in 1...45 {
                _ = try await running(lab, "job\(number)")
                aggregators.set("job\(number)", ["a": 1])
            }
            _ = try await follow(
                lab, aggregators, name: nil,
                until: { overviews, _ in
                    overviews.count == 45 && overviews.allSatisfy { $0.training != nil }
                })
            #expect(Set(aggregators.asked).count == 45)
            #expect(aggregators.mostAtOnce <= 20)
        }
    }
}
