// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Sandbox
import Testing
import Values

/// Events on jobs: counted, combined, limited, and never in the way.
@Suite struct EventTests {
    @Test func `what is told again is counted`() async throws {
        try await OperatorLab.with { lab in
            let job = try await lab.make("task")
            for _ in 0..<3 { lab.events.record(JobEvent(.warning, "HostTaken", "by another", about: job)) }
            let events = try await lab.events(of: "task")
            #expect(events.count == 1)
            let event = try #require(events.first)
            #expect(event["count"]?.int == 3)
            #expect(event["type"] == "Warning")
            #expect(event["source", "component"]?.string == JobContract.fieldManager)
            #expect(event["involvedObject", "uid"]?.string == job.uid)
            #expect(event["involvedObject", "kind"] == "IflearnerJob")
        }
    }

    @Test func `many similar ones become one`() async throws {
        try await OperatorLab.with { lab in
            let job = try await lab.make("task")
            for number in 1...14 { lab.events.record(JobEvent(.warning, "Refused", "try \(number)", about: job)) }
            let events = try await lab.events(of: "task")
            #expect(events.count == 11)
            let combined = try #require(
                events.first { $0["message"]?.string?.hasPrefix("(combined from similar events): ") == true })
            #expect(combined["message"] == "(combined from similar events): try 14")
            #expect(combined["count"]?.int == 4)
        }
    }

    @Test func `an object that never stops talking is not listened to`() async throws {
        let time = ManualTime()
        var setup = OperatorLab.Setup()
        setup.time = time.source
        try await OperatorLab.with(setup) { lab in
            let job = try await lab.make("task")
            let other = try await lab.make("other")
            for number in 1...60 { lab.events.record(JobEvent(.normal, "Reason\(number)", "m", about: job)) }
            lab.events.record(JobEvent(.normal, "Created", "m", about: other))
            lab.events.finish()
            await lab.events.run()
            let all = try await lab.admin.list(.event, namespace: "default").items
            #expect(all.count { $0["involvedObject", "name"] == "task" } == 25)
            #expect(all.count { $0["involvedObject", "name"] == "other" } == 1)
        }
    }

    @Test func `events that cannot be written are dropped, and recording them costs nothing`() async throws {
        try await OperatorLab.with { lab in
            try lab.server.inject(Fault(.status(403), path: "/events", count: nil))
            try await lab.make("task", "leader")
            try await lab.settle("task")
            lab.events.finish()
            await lab.events.run()
            try lab.server.clearFaults()
            #expect(try await lab.job("task").phase == "Failed")
            #expect(try await lab.admin.list(.event, namespace: "default").items.isEmpty)
        }
    }

    @Test func `an event that has expired is made anew`() async throws {
        try await OperatorLab.with { lab in
            let job = try await lab.make("task")
            let writer = Task { await lab.events.run() }
            lab.events.record(JobEvent(.normal, "Created", "m", about: job))
            let deadline = ContinuousClock.now + .seconds(20)
            var first: [KubernetesObject] = []
            while first.isEmpty, ContinuousClock.now < deadline {
                first = try await lab.admin.list(.event, namespace: "default").items
            }
            try await lab.delete(try #require(first.first))
            lab.events.record(JobEvent(.normal, "Created", "m", about: job))
            lab.events.finish()
            await writer.value
            let second = try await lab.admin.list(.event, namespace: "default").items
            #expect(second.map { $0["count"]?.int } == [1])
            #expect(second.first?.uid != first.first?.uid)
        }
    }

    @Test(arguments: ["a", String(repeating: "a", count: 253), String(repeating: "a", count: 219) + ".b"])
    func `every job can be told about, whatever its name`(_ name: String) async throws {
        try await OperatorLab.with { lab in
            let job = try await lab.make(name)
            let long = String(repeating: "é", count: 2000)
            lab.events.record(JobEvent(.warning, "Refused", long, about: job))
            let events = try await lab.events(of: name)
            #expect(events.count == 1)
            #expect((events.first?["message"]?.string?.utf8.count ?? 0) <= 1024)
        }
    }
}
