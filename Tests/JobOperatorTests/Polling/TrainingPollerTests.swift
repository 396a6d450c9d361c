// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import Telemetry
import TestSupport
import Testing
import Values

@testable import JobOperator

/// The operator asks aggregators, and statuses tell what has changed.
@Suite(.timeLimit(.minutes(2)))
struct TrainingPollerTests {
    /// A controller whose aggregators answer as a test says, with a poller that goes by hand.
    private struct Lab: Sendable {
        let operatorLab: OperatorLab
        let aggregators: Aggregators
        let time: ManualTime
        let changed = Shared<[JobKey]>([])
        let lines = Shared<[String]>([])
        /// The poller that runs.
        let current = Shared<TrainingPoller?>(nil)

        func poller() -> TrainingPoller {
            TrainingPoller(
                client: aggregators.client(time: .system), cache: operatorLab.cache,
                additions: operatorLab.additions, events: operatorLab.events, time: time.source, chance: { 0.5 },
                log: Log(time: time.source) { [lines] line in lines.change { $0.append(line) } },
                changed: { [changed] key in changed.change { $0.append(key) } })
        }

        /// Lets the poller go on until it has asked so many times in all, and has taken the answers over.
        func run(until count: Int) async {
            await rest()
            while aggregators.asked.count < count { await step() }
        }

        /// Lets the poller go on until so much time has passed since the beginning.
        func run(for duration: Duration) async {
            while time.now < .seconds(1000) + duration { await step() }
        }

        /// Lets the poller wake once, and do all that there is to do.
        func step() async {
            await wake()
            await rest()
        }

        /// Lets the poller sleep and wake once.
        func wake() async {
            await time.sleepers()
            time.advance(time.alarms.first ?? .zero)
        }

        /// Waits until the poller sleeps and no answer is on its way: what is counted then does not depend on the machine.
        func rest() async {
            await time.sleepers()
            while let poller = current.now, poller.inFlight > 0 { await Task.yield() }
        }

        /// A server job that runs, as the cache and the server know it.
        func running(_ name: String, _ status: Mapping = [:]) async throws -> IflearnerJob {
            let job = try await operatorLab.make(name)
            var fields: Mapping = ["phase": "Running"]
            for (key, value) in status { fields[key] = value }
            try await operatorLab.edit(job.object, ["status": .mapping(fields)], subresource: "status")
            try await operatorLab.refresh()
            return try await operatorLab.job(name)
        }

        func addition(_ job: IflearnerJob) -> StatusAdditions.Addition? {
            operatorLab.additions.addition(toJob: job.uid)
        }
    }

    private func withLab(_ body: (Lab) async throws -> Void) async throws {
        try await OperatorLab.with { operatorLab in
            try await body(
                Lab(
                    operatorLab: operatorLab, aggregators: try Aggregators(operatorLab.server), time: ManualTime()))
        }
    }

    /// Runs a poller beside a test.
    private func polling(_ lab: Lab, _ body: () async throws -> Void) async throws {
        let poller = lab.poller()
        lab.current.change { $0 = poller }
        let task = Task { await poller.run() }
        do {
            try await body()
        } catch {
            task.cancel()
            await task.value
            throw error
        }
        task.cancel()
        await task.value
    }

    @Test func `something is told when something has changed, and never because time has passed`() async throws {
        try await withLab { lab in
            let job = try await lab.running("job1")
            lab.aggregators.set("job1", ["a": 1, "b": 1])
            try await polling(lab) {
                await lab.run(until: 1)
                #expect(lab.changed.now == [job.key])
                #expect(lab.addition(job)?.training?["epoch"]?.int == 1)
                await lab.run(until: 5)
                #expect(lab.changed.now.count == 1)
                lab.aggregators.set("job1", ["a": 2, "b": 2])
                await lab.run(until: lab.aggregators.asked.count + 2)
                #expect(lab.changed.now.count == 2)
                #expect(lab.addition(job)?.training?["epoch"]?.int == 2)
                #expect(lab.addition(job)?.training?["expectedParties"]?.int == 2)
            }
        }
    }

    @Test func `nobody is asked while no aggregator runs`() async throws {
        try await withLab { lab in
            let waiting = try await lab.operatorLab.make("job1")
            try await lab.operatorLab.edit(waiting.object, ["status": ["phase": "Pending"]], subresource: "status")
            try await lab.operatorLab.make("job2", "client")
            try await lab.operatorLab.refresh()
            try await polling(lab) {
                for _ in 0..<20 { await lab.step() }
            }
            #expect(lab.aggregators.asked.isEmpty)
            // It wakes rarely to see whether there is somebody.
            #expect(lab.time.now >= .seconds(1000 + 19 * 5))
        }
    }

    @Test func `a stalled training is told once, with an event, and so is that it goes on`() async throws {
        try await withLab { lab in
            let job = try await lab.running("job1")
            lab.aggregators.set("job1", ["a": 4, "b": 3])
            try await polling(lab) {
                await lab.run(until: 1)
                await lab.run(for: .seconds(960))
                let stalled = lab.addition(job)?.conditions.first { $0.kind == .stalled }
                #expect(stalled?.status == .yes)
                #expect(stalled?.message.hasSuffix("in epoch 3/10: b; ahead: a") == true)
                #expect(lab.changed.now.count == 2)
                lab.aggregators.set("job1", ["a": 4, "b": 4])
                await lab.run(until: lab.aggregators.asked.count + 2)
                #expect(lab.addition(job)?.conditions.first { $0.kind == .stalled }?.status == .no)
                lab.aggregators.set("job1", ["a": 10, "b": 10], done: ["a", "b"])
                await lab.run(until: lab.aggregators.asked.count + 2)
                #expect(lab.addition(job)?.conditions.first { $0.kind == .completed }?.status == .yes)
            }
            let reasons = try await lab.operatorLab.events(of: "job1").compactMap { $0["reason"]?.string }
            #expect(reasons.sorted() == ["Completed", "Resumed", "Stalled"])
        }
    }

    @Test func `wall time that jumps makes no training stall, and hides none that does`() async throws {
        try await withLab { lab in
            let stalled = try await lab.running("job1")
            let silent = try await lab.running("job2")
            func told(_ job: IflearnerJob) -> [String]? { lab.addition(job)?.conditions.map(\.reason) }
            lab.aggregators.set("job1", ["a": 1, "b": 1])
            try await polling(lab) {
                await lab.run(for: .seconds(300))
                #expect(lab.changed.now == [stalled.key])
                for jump in [Duration.seconds(3600), .seconds(-7200)] {
                    lab.time.jump(by: jump)
                    await lab.run(for: lab.time.now - .seconds(1000) + .seconds(200))
                    #expect(lab.changed.now == [stalled.key])
                }
                await lab.run(for: .seconds(2400))
                #expect(told(stalled) == ["NoProgress", "InProgress"])
                #expect(told(silent) == ["AggregatorSilent"])
            }
        }
    }

    @Test func `after a restart a training has stood still for as long as before`() async throws {
        try await withLab { lab in
            let job = try await lab.running(
                "job1",
                [
                    "training": [
                        "epoch": 3, "totalEpochs": 10, "expectedParties": 2, "complete": false,
                        // Half an hour before the clocks of the test begin.
                        "lastChangeTime": "2026-11-20T11:30:00Z",
                        "parties": [
                            ["name": "a", "ready": true, "complete": false, "epoch": 4],
                            ["name": "b", "ready": true, "complete": false, "epoch": 3],
                        ],
                    ]
                ])
            lab.aggregators.set("job1", ["a": 4, "b": 3])
            try await polling(lab) { await lab.run(until: 1) }
            #expect(lab.addition(job)?.training?["lastChangeTime"] == "2026-11-20T11:30:00Z")
            #expect(lab.addition(job)?.conditions.first?.status == .yes)
        }
    }

    @Test func `what the status says already is not told again after a restart`() async throws {
        try await withLab { lab in
            let job = try await lab.running("job1")
            lab.aggregators.set("job1", ["a": 1, "b": 1])
            try await polling(lab) { await lab.run(until: 1) }
            let addition = try #require(lab.addition(job))
            try await lab.operatorLab.edit(
                job.object,
                [
                    "status": [
                        "training": addition.training ?? .null,
                        "conditions": .array(
                            addition.conditions.map {
                                [
                                    "type": .string($0.kind.rawValue), "status": .string($0.status.rawValue),
                                    "reason": .string($0.reason), "message": .string($0.message),
                                ]
                            }),
                    ]
                ], subresource: "status")
            try await lab.operatorLab.refresh()
            let before = lab.changed.now.count
            try await polling(lab) { await lab.run(until: lab.aggregators.asked.count + 3) }
            #expect(lab.changed.now.count == before)
        }
    }

    @Test func `an aggregator that does not answer is asked ever more rarely, and unknown once that lasts`()
        async throws
    {
        try await withLab { lab in
            let job = try await lab.running("job1")
            try await polling(lab) {
                await lab.run(for: .seconds(3600))
            }
            // 30 s, 1, 2, 4, 8 minutes and then every 10 minutes.
            #expect((8...12).contains(lab.aggregators.asked.count), "\(lab.aggregators.asked.count)")
            #expect(lab.addition(job)?.training == nil)
            #expect(lab.addition(job)?.conditions.map(\.reason) == ["AggregatorSilent"])
            #expect(lab.changed.now.count == 1)
        }
    }

    @Test func `a missing right is said once, and everything else goes on`() async throws {
        try await withLab { lab in
            for number in 1...5 {
                _ = try await lab.running("job\(number)")
                lab.aggregators.set("job\(number)", .refused(403, "services is forbidden"))
            }
            try await polling(lab) {
                await lab.run(for: .seconds(3000))
            }
            #expect(lab.lines.now.count == 1)
            #expect(lab.lines.now.first?.contains("get services/proxy") == true)
            // Each time, the first refusal spares the others; those that were under way do not count.
            #expect(lab.aggregators.asked.count <= 30, "\(lab.aggregators.asked.count)")
            #expect(lab.changed.now.isEmpty)
        }
    }

    @Test func `a thousand aggregators are asked at an even pace, a few at once`() async throws {
        try await withLab { lab in
            var names: Set<String> = []
            for number in 0..<1000 {
                var object = KubernetesObject(
                    ObjectKey(JobContract.kind, namespace: "default", name: "job\(number)"))
                object.value.set(.string("uid\(number)"), at: ["metadata", "uid"])
                object.value["spec"] = ["role": "server"]
                object.value["status"] = ["phase": "Running"]
                lab.operatorLab.cache.note(job: object)
                lab.aggregators.set("job\(number)", ["a": 1])
                names.insert("job\(number)")
            }
            lab.aggregators.gate.shut()
            try await polling(lab) {
                defer { lab.aggregators.gate.open() }
                // Nobody answers for ten seconds: no more than a few are asked.
                for _ in 0..<40 { await lab.wake() }
                try await eventually("as many are asked as may be") { lab.aggregators.asked.count == 8 }
                lab.aggregators.gate.open()
                await lab.run(until: 1000)
            }
            #expect(Set(lab.aggregators.asked) == names)
            #expect(lab.aggregators.mostAtOnce == 8)
            // Four a second.
            #expect(lab.time.now - .seconds(1000) >= .seconds(249))
        }
    }

    @Test func `what ends is not stalled, and what is gone is forgotten`() async throws {
        try await withLab { lab in
            let stalled: Value = [
                "type": "Stalled", "status": "True", "reason": "NoProgress", "message": "m",
                "lastTransitionTime": "2026-11-20T11:00:00Z",
            ]
            let job = try await lab.running("job1", ["conditions": [stalled]])
            try await polling(lab) {
                await lab.run(until: 1)
                try await lab.operatorLab.edit(job.object, ["status": ["phase": "Failed"]], subresource: "status")
                try await lab.operatorLab.refresh()
                while lab.addition(job) == nil { await lab.step() }
                #expect(lab.addition(job)?.conditions.map(\.reason) == ["NotRunning"])
                try await lab.operatorLab.delete(job.object)
                try await lab.operatorLab.refresh()
                while lab.addition(job) != nil { await lab.step() }
            }
        }
    }

    @Test func `C8: the status of a job tells its training, written once for each change`() async throws {
        try await withLab { lab in
            let operatorLab = lab.operatorLab
            try await operatorLab.makeCertificates()
            try await operatorLab.make("job1")
            try await operatorLab.settle("job1")
            try await operatorLab.setPod("job1", ["phase": "Running"])
            try await operatorLab.settle("job1")
            lab.aggregators.set("job1", ["a": 3, "b": 3])
            try await polling(lab) { await lab.run(until: 1) }
            let writes = try await operatorLab.requests { try await operatorLab.settle("job1") }
            #expect(writes.filter { $0.hasSuffix("/iflearnerjobs/job1/status") }.count == 1, "\(writes)")
            let job = try await operatorLab.job("job1")
            #expect(job.phase == "Running")
            #expect(job.told(.stalled) == "False Progressing")
            #expect(job.told(.completed) == "False InProgress")
            #expect(job.status?["training"]?["parties"]?.array?.count == 2)
            try await polling(lab) { await lab.run(until: lab.aggregators.asked.count + 3) }
            let later = try await operatorLab.requests { try await operatorLab.settle("job1") }
            #expect(!later.contains { $0.hasSuffix("/status") }, "\(later)")
        }
    }
}
