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

/// Kubernetes §6.2.
@Suite(.timeLimit(.minutes(2))) struct LeaderElectionTests {
    private let clock = ManualTime()
    private static let lease = ObjectKey(.lease, namespace: "default", name: "b64cd87e.git.iflytek.com")

    private func election(_ host: String, _ sandbox: TestSandbox, time: TimeSource? = nil) throws -> LeaderElection {
        LeaderElection(
            LeaderElectionOptions(namespace: "default", host: host, unique: "1"),
            client: try TestSandbox.client(of: sandbox.server), terms: OperatorTiming().lease,
            time: time ?? clock.source, chance: { 0 }, log: .silent)
    }

    private func holder(_ sandbox: TestSandbox) async throws -> String? {
        try await sandbox.client.get(Self.lease)["spec", "holderIdentity"]?.string
    }

    /// Lets two seconds pass, as often as said, whenever all are asleep again.
    private func pass(seconds: Int, sleepers: Int) async {
        for _ in 0..<seconds / 2 {
            await clock.sleepers(sleepers)
            clock.advance(.seconds(2))
        }
        await clock.sleepers(sleepers)
    }

    @Test func `of those who come at once one leads, and kubectl shows which pod`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let leaders = Shared<[String]>([])
            try await withThrowingTaskGroup(of: Void.self) { group in
                for name in ["a", "b", "c", "d"] {
                    let election = try election(name, sandbox)
                    group.addTask {
                        let lease = try await election.lead()
                        leaders.change { $0.append(lease.identity) }
                    }
                }
                await clock.sleepers(3)
                group.cancelAll()
                // The losers end by cancellation.
                while await group.nextResult() != nil {}
            }
            #expect(leaders.now.count == 1)
            let object = try await sandbox.client.get(Self.lease)
            #expect(object["spec", "holderIdentity"]?.string == leaders.now.first)
            #expect(object["spec", "holderIdentity"]?.string?.hasSuffix("_1") == true)
            #expect(object["spec", "leaseDurationSeconds"] == 15)
        }
    }

    @Test func `a leader that renews is waited for; one that is silent for 15 seconds is followed`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let (first, second) = (try election("a", sandbox), try election("b", sandbox))
            let lease = try await first.lead()
            let keeping = Task { try await first.keep(lease) }
            let waiting = Task { try await second.lead() }
            // One sleeps until the next renewal, one until the lead would be lost, one until the next look.
            await pass(seconds: 60, sleepers: 3)
            #expect(try await holder(sandbox) == "a_1")
            keeping.cancel()
            _ = await keeping.result
            let before = clock.now
            try await eventually("the other one has it") {
                // Whoever has the lead does not sleep any more.
                if !clock.alarms.isEmpty { clock.advance(.seconds(1)) }
                return try await holder(sandbox) == "b_1"
            }
            let winner = try await waiting.value
            #expect(winner.identity == "b_1")
            #expect((Duration.seconds(13)...Duration.seconds(20)).contains(clock.now - before))
            #expect(try await sandbox.client.get(Self.lease)["spec", "leaseTransitions"] == 1)
        }
    }

    @Test func `a lead costs one write in two seconds and no read`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let election = try election("a", sandbox)
            let lease = try await election.lead()
            let keeping = Task { try await election.keep(lease) }
            await clock.sleepers(2)
            sandbox.server.clearRequests()
            await pass(seconds: 60, sleepers: 2)
            #expect(sandbox.server.requests.map(\.method) == Array(repeating: "PUT", count: 30))
            keeping.cancel()
            _ = await keeping.result
        }
    }

    @Test func `a lease that is deleted is made again by its holder, as client-go has it`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let election = try election("a", sandbox)
            let lease = try await election.lead()
            let keeping = Task { try await election.keep(lease) }
            await clock.sleepers(2)
            _ = try await sandbox.client.delete(Self.lease)
            await pass(seconds: 4, sleepers: 2)
            #expect(try await holder(sandbox) == "a_1")
            await pass(seconds: 20, sleepers: 2)
            #expect(lease.mayWrite)
            keeping.cancel()
            _ = await keeping.result
            await election.release(lease)
            #expect(try await holder(sandbox) == nil)
        }
    }

    @Test func `a lease that is deleted belongs to whoever makes it first`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let first = try election("a", sandbox)
            let lease = try await first.lead()
            _ = try await sandbox.client.delete(Self.lease)
            let winner = try await election("b", sandbox).lead()
            #expect(winner.identity == "b_1")
            let keeping = Task { try await first.keep(lease) }
            await clock.sleepers(2)
            clock.advance(.seconds(2))
            await #expect(throws: OperatorError.self) { try await keeping.value }
            #expect(try await holder(sandbox) == "b_1")
        }
    }

    @Test func `a lead that is given back is free at once, whatever happened to the object`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let first = try election("a", sandbox)
            let lease = try await first.lead()
            _ = try await sandbox.client.patch(Self.lease, .merge, ["metadata": ["labels": ["x": "y"]]])
            await first.release(lease)
            #expect(!lease.mayWrite)
            #expect(try await holder(sandbox) == nil)
            _ = try await election("b", sandbox).lead()
            await first.release(lease)
            #expect(try await holder(sandbox) == "b_1")
        }
    }

    @Test(arguments: [Fault.Effect.status(503), .dropBefore, .hangBefore])
    func `who cannot renew for ten seconds stops writing and ends`(effect: Fault.Effect) async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let election = try election("a", sandbox)
            let lease = try await election.lead()
            sandbox.server.inject(Fault(effect, method: "PUT", path: "/leases/", count: nil))
            let keeping = Task { try await election.keep(lease) }
            await clock.sleepers(2)
            #expect(lease.mayWrite)
            clock.advance(.milliseconds(9999))
            #expect(lease.mayWrite)
            clock.advance(.milliseconds(1))
            #expect(!lease.mayWrite)
            let result = await keeping.result
            #expect(throws: OperatorError.self) { try result.get() }
            sandbox.server.clearFaults()
        }
    }

    @Test func `who was stopped for twenty seconds sees before it writes that another one leads`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let first = try election("a", sandbox)
            let lease = try await first.lead()
            // The other one's clock goes on.
            let other = ManualTime()
            let waiting = Task { try await election("b", sandbox, time: other.source).lead() }
            try await eventually("the other one has it") {
                if !other.alarms.isEmpty { other.advance(.seconds(2)) }
                return try await holder(sandbox) == "b_1"
            }
            _ = try await waiting.value
            clock.advance(.seconds(20))
            #expect(!lease.mayWrite)
            await #expect(throws: OperatorError.self) { try await first.keep(lease) }
            #expect(try await holder(sandbox) == "b_1")
        }
    }

    @Test func `the upstream operator is waited for, and followed when it gives the lease back`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            func upstream(_ holder: String) -> Value {
                [
                    "spec": [
                        "holderIdentity": .string(holder), "leaseDurationSeconds": 15, "leaseTransitions": 3,
                        "acquireTime": "2026-11-20T11:00:00.000000Z",
                        "renewTime": .string(clock.source.wall().rfc3339Micro),
                    ]
                ]
            }
            var object = KubernetesObject(Self.lease)
            object.value["spec"] = upstream("iflearner-operator-0_8f2b")["spec"]
            _ = try await sandbox.client.create(object)
            let waiting = Task { try await election("a", sandbox).lead() }
            for _ in 0..<20 {
                await clock.sleepers(1)
                _ = try await sandbox.client.patch(Self.lease, .merge, upstream("iflearner-operator-0_8f2b"))
                clock.advance(.seconds(2))
            }
            #expect(try await holder(sandbox) == "iflearner-operator-0_8f2b")
            await clock.sleepers(1)
            _ = try await sandbox.client.patch(Self.lease, .merge, ["spec": ["holderIdentity": nil]])
            clock.advance(.seconds(2))
            let winner = try await waiting.value
            #expect(winner.identity == "a_1")
            #expect(try await sandbox.client.get(Self.lease)["spec", "leaseTransitions"] == 4)
        }
    }

    @Test func `a server that does not answer is asked again and again`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            sandbox.server.inject(Fault(.status(503), path: "/leases", count: 5))
            let waiting = Task { try await election("a", sandbox).lead() }
            await pass(seconds: 8, sleepers: 1)
            await clock.sleepers(1)
            clock.advance(.seconds(2))
            let winner = try await waiting.value
            #expect(winner.identity == "a_1")
        }
    }

    @Test func `where Leases are forbidden nothing takes their place: others would not see it`() async throws {
        var configuration = TestSandbox.bare
        configuration.accounts = [
            .init(
                name: "operator", token: "operator-token",
                rules: [Sandbox.AccessRule(verbs: ["*"], groups: [""], resources: ["secrets"])])
        ]
        try await TestSandbox.with(configuration, definesJobs: false) { sandbox in
            let election = LeaderElection(
                LeaderElectionOptions(namespace: "default", host: "a"),
                client: try TestSandbox.client(of: sandbox.server, token: "operator-token"),
                terms: OperatorTiming().lease, time: clock.source, chance: { 0 }, log: .silent)
            let waiting = Task { try await election.lead() }
            await pass(seconds: 4, sleepers: 1)
            waiting.cancel()
            _ = await waiting.result
            #expect(sandbox.server.requests.allSatisfy { !$0.path.contains("/secrets") })
        }
    }
}
