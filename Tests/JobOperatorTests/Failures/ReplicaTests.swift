// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.2 and §6.3: several controllers of the same jobs.
@Suite(.timeLimit(.minutes(2))) struct ReplicaTests {
    private static let names = (0..<8).map { "job-\($0)" }

    /// Waits until one leads whom a test did not choose.
    private func leader(of replicas: [LiveOperator]) async throws -> LiveOperator {
        try await eventually("one of them leads") { replicas.contains { $0.controller.isLeading } }
        return try #require(replicas.first { $0.controller.isLeading })
    }

    @Test func `replicas that start at once: one works, and everything is made once`() async throws {
        try await FailureLab.anywhere { lab in
            for name in Self.names { try await lab.createJob(name) }
            let replicas = ["a", "b", "c"].map { identity in
                LiveOperator(lab, identity: identity, { $0.timing.lease = LiveOperator.patientLease })
            }
            for name in Self.names { try await lab.complete(name) }
            let leader = try await leader(of: replicas)
            try await leader.quiet()
            #expect(replicas.count { $0.controller.isLeading } == 1)
            for replica in replicas where replica !== leader {
                #expect(replica.passes.now.isEmpty)
                let others = replica.requests.writes.filter { !$0.target.contains("/leases") }
                #expect(others.isEmpty, "\(others.summary)")
            }
            // The next one takes over at once, and finds nothing to do.
            try await leader.stop()
            let heirs = replicas.filter { $0 !== leader }
            let heir = try await self.leader(of: heirs)
            try await eventually("it has looked at everything") {
                Set(heir.passes.now.map(\.name)) == Set(Self.names)
            }
            try await heir.quiet()
            let changes = heir.requests.writes.filter {
                !$0.target.contains("/leases") && !$0.target.contains("/status")
            }
            #expect(changes.isEmpty, "\(changes.summary)")
            for replica in heirs { try await replica.stop() }
        }
    }

    @Test func `two that both believe to lead make everything once, and do not fight`() async throws {
        try await FailureLab.anywhere { lab in
            let both = [LiveOperator(lab), LiveOperator(lab)]
            for name in Self.names { try await lab.createJob(name) }
            for name in Self.names { try await lab.complete(name) }
            var uids: [String: String] = [:]
            for name in Self.names { uids[name] = try await lab.child(.pod, name)?.uid }
            for replica in both { try await replica.quiet() }
            _ = try await lab.admin.delete(lab.key(.service, Self.names[0]))
            try await lab.edit(
                lab.key(.service, Self.names[1]), ["spec": ["selector": ["app": "elsewhere"]]])
            try await eventually("the edit is undone") {
                try await lab.child(.service, Self.names[1])?["spec", "selector", "app"]?.string == Self.names[1]
            }
            for name in Self.names { try await lab.complete(name) }
            for replica in both {
                try await replica.quiet()
                // Three objects, their status as the pod goes on, what the other one's writes need; and events.
                #expect(replica.requests.count <= Self.names.count * 25 + 80, "\(replica.requests.summary)")
                let idle = try await replica.requests(within: .seconds(5))
                #expect(idle.writes.isEmpty, "\(idle.summary)")
            }
            for name in Self.names { #expect(try await lab.child(.pod, name)?.uid == uids[name]) }
            for replica in both { try await replica.stop() }
        }
    }

    @Test func `two that both believe to lead do not fight over how far a training is`() async throws {
        try await FailureLab.with { lab in
            let epoch = Shared(1)
            let both = [0, 1].map { _ in LiveOperator(lab, wrap: { TrainingTransport(base: $0, epoch: epoch) }) }
            try await lab.makeCertificates()
            try await lab.createJob("a")
            for round in 1...3 {
                epoch.change { $0 = round }
                try await eventually("round \(round) is told") {
                    try await lab.job("a").status?[path: "training", "epoch"]?.int == Int64(round)
                }
                let before = both.map { $0.requests.writes.count }
                // Each asks at least once more.
                try await lab.time.sleep(.seconds(80))
                for (replica, count) in zip(both, before) {
                    #expect(replica.requests.writes.count - count <= 8, "\(replica.requests.summary)")
                }
            }
            for replica in both { try await replica.stop() }
        }
    }

    @Test func `a leader that was stopped in the middle of a pass does no harm when it goes on`() async throws {
        try await FailureLab.anywhere(speed: 6) { lab in
            let gate = Gate()
            let first = LiveOperator(
                lab, identity: "a", time: QuickTime(6, gate: gate).source,
                wrap: {
                    GatedTransport(
                        base: $0, gate: gate,
                        stopsAt: { $0.method != .get && $0.target.contains("/pods") && Self.isAbout("late", $0) })
                })
            try await lab.createJob("early")
            try await lab.complete("early")
            // It stops when it has decided to make the pod, and has not yet.
            try await lab.createJob("late")
            try await eventually("the leader stands still") { gate.count > 0 }
            let second = LiveOperator(lab, identity: "b", { $0.timing.lease = LiveOperator.patientLease })
            try await lab.complete("late")
            #expect(second.controller.isLeading)
            // Meanwhile the job is started anew.
            try await lab.deleteJob("late")
            let job = try await lab.createJob("late")
            try await lab.complete("late")
            let pod = try await lab.child(.pod, "late")
            gate.open()
            let result = await first.end()
            #expect(throws: OperatorError.self) { try result.get() }
            try await second.quiet()
            try await lab.complete("early", "late")
            #expect(try await lab.job("late").uid == job.uid)
            #expect(try await lab.child(.pod, "late")?.uid == pod?.uid)
            #expect(second.requests.count <= 250, "\(second.requests.summary)")
            try await second.stop()
        }
    }

    @Test func `a lease that is deleted stops nobody: its holder makes it again`() async throws {
        try await FailureLab.anywhere { lab in
            let live = LiveOperator(lab, identity: "a", { $0.timing.lease = LiveOperator.patientLease })
            try await lab.createJob("a")
            try await lab.complete("a")
            let key = lab.key(.lease, JobContract.leaseName)
            let first = try await lab.admin.get(key)
            _ = try await lab.admin.delete(key)
            try await lab.createJob("b")
            try await lab.complete("b")
            try await eventually("the lease is there again") {
                guard let second = try await lab.admin.find(key) else { return false }
                return second.uid != first.uid
                    && second["spec", "holderIdentity"] == first["spec", "holderIdentity"]
            }
            #expect(live.controller.isLeading)
            try await live.stop()
        }
    }

    /// A network in which every aggregator says that its parties are in the same round.
    private struct TrainingTransport: HTTPTransport {
        let base: any HTTPTransport
        let epoch: Shared<Int>

        func send(_ request: HTTPRequest) async throws -> HTTPResponse {
            guard request.target.contains("/proxy/") else { return try await base.send(request) }
            let parties = ["a", "b"].map {
                "\"\($0)\": {\"ready\": true, \"complete\": false, \"current_epoch\": \(epoch.now)}"
            }
            let text = "{\(parties.joined(separator: ", "))}"
            return HTTPResponse(status: 200, body: Array(text.utf8))
        }

        func stream(_ request: HTTPRequest) async throws -> HTTPStream { try await base.stream(request) }
    }

    private static func isAbout(_ name: String, _ request: HTTPRequest) -> Bool {
        request.target.contains("/\(name)?")
            || String(decoding: request.body ?? [], as: UTF8.self).contains("\"\(name)\"")
    }
}
