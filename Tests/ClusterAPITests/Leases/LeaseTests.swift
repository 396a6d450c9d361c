// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Synchronization
import Testing
import Values

@Suite struct `The lock, deployment §6.2` {
    static let path = "/apis/coordination.k8s.io/v1/namespaces/fl/leases/iflearnerctl.lab"
    static let secretPath = "/api/v1/namespaces/fl/secrets/iflearnerctl.lab.lock"

    private func lock(_ server: ObjectServer, _ clock: TestClock) -> LeaseLock {
        LeaseLock(
            client: server.transport.client(clock: clock), namespace: "fl", name: "iflearnerctl.lab",
            labels: ["app.kubernetes.io/managed-by": "iflearnerctl"], time: clock.source)
    }

    /// A holder on another machine.
    private func stranger(_ job: String) -> HolderIdentity {
        HolderIdentity(
            job: job,
            process: ProcessIdentity(host: "elsewhere", pid: 7, startTicks: 1, bootID: "other-boot", pidNamespace: 3))
    }

    @Test func `J-1 the first one gets it, with the holder, the times and the labels`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let held = try await lock(server, clock).acquire(as: stranger("one"))
        let lease = try #require(server.object(Self.path))
        #expect(lease["spec", "holderIdentity"] == "one/elsewhere/7.1/other-boot/3")
        #expect(lease["spec", "leaseDurationSeconds"] == 60)
        #expect(lease["spec", "leaseTransitions"] == 0)
        #expect(lease["spec", "renewTime"]?.string?.hasPrefix("2026-11-20T12:00:00.0000") == true)
        #expect(lease.labels == ["app.kubernetes.io/managed-by": "iflearnerctl"])
        #expect(held.mayWrite && held.transitions == 0)
    }

    @Test func `holders are written and read back`() {
        let holder = stranger("a-b")
        #expect(HolderIdentity(holder.description) == holder)
        for text in ["", "x", "a/b/c/d", "a/b/c/d/e", "/b/1.2/d/5", "a/b/1.2/d/x"] {
            #expect(HolderIdentity(text) == nil)
        }
    }

    @Test func `J-4 a holder that renews is alive, and the other one is told who it is`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        _ = try await lock(server, clock).acquire(as: stranger("one"))
        let blocked = Mutex<[String]>([])
        let renewing = TimeSource(
            monotonic: clock.source.monotonic, continuous: clock.source.continuous, wall: clock.source.wall,
            sleep: { duration in
                try await clock.source.sleep(duration)
                if clock.sleeps.count == 3 {
                    server.edit(Self.path) { $0.value.set("2026-11-20T12:31:00.000000Z", at: ["spec", "renewTime"]) }
                }
            })
        let second = LeaseLock(
            client: server.transport.client(clock: clock), namespace: "fl", name: "iflearnerctl.lab", time: renewing)
        await #expect {
            try await second.acquire(as: stranger("two")) { record in
                blocked.withLock { $0.append(record.holderIdentity?.job ?? "?") }
            }
        } throws: { error in
            guard case LeaseError.held(let record, _)? = error as? LeaseError else { return false }
            return record.holderIdentity?.job == "one"
        }
        #expect(blocked.withLock { $0 } == ["one"])
        #expect(clock.sleeps.count == 3)
    }

    @Test(arguments: [-600, 0, 600]) func `J-2 silence for the whole duration ends it, whatever the clocks say`(
        skew: Int
    ) async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        _ = try await lock(server, clock).acquire(as: stranger("one"))
        server.edit(Self.path) { object in
            let time = TestClock.start + .seconds(skew)
            object.value.set(.string(time.rfc3339Micro), at: ["spec", "renewTime"])
        }
        let before = clock.now
        let held = try await lock(server, clock).acquire(as: stranger("two"))
        #expect(clock.now - before >= .seconds(60) && clock.now - before <= .seconds(64))
        #expect(held.transitions == 1)
        #expect(server.object(Self.path)?["spec", "holderIdentity"]?.string?.hasPrefix("two/") == true)
    }

    @Test func `J-2 a holder that is dead on this machine is followed at once`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        var dead = ProcessIdentity.current
        dead.startTicks += 1
        _ = try await lock(server, clock).acquire(as: HolderIdentity(job: "one", process: dead))
        _ = try await lock(server, clock).acquire(as: stranger("two"))
        #expect(clock.sleeps.isEmpty)
    }

    @Test func `a released lock is free at once, and the fencing number goes on`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let first = try await lock(server, clock).acquire(as: stranger("one"))
        try await first.release()
        try await first.release()
        #expect(!first.mayWrite)
        #expect(server.object(Self.path)?["spec", "holderIdentity"] == nil)
        let second = try await lock(server, clock).acquire(as: stranger("two"))
        #expect(second.transitions == 1 && clock.sleeps.isEmpty)
    }

    @Test func `J-3 writes stop half a minute after the last renewal that went through`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let held = try await lock(server, clock).acquire(as: stranger("one"))
        clock.advance(.seconds(29))
        #expect(held.mayWrite)
        try await held.renew()
        clock.advance(.seconds(29))
        #expect(held.mayWrite)
        clock.advance(.seconds(1))
        #expect(!held.mayWrite)
    }

    @Test func `J-3 the renewal carries the server's clock on`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let held = try await lock(server, clock).acquire(as: stranger("one"))
        clock.advance(.seconds(10))
        try await held.renew()
        #expect(server.object(Self.path)?["spec", "renewTime"] == "2026-11-20T12:30:10.000000Z")
    }

    @Test func `a renewal whose answer is lost is no loss of the lock`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let held = try await lock(server, clock).acquire(as: stranger("one"))
        server.fail(.lostAnswer)
        try await held.renew()
        #expect(held.mayWrite)
        server.fail(.lostRequest)
        try await held.renew()
        server.edit(Self.path) { $0.labels["x"] = "y" }
        try await held.renew()
        #expect(held.mayWrite)
    }

    @Test func `a lock that someone else took or removed is lost`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let held = try await lock(server, clock).acquire(as: stranger("one"))
        server.edit(Self.path) { $0.value.set(.string(stranger("two").description), at: ["spec", "holderIdentity"]) }
        await #expect { try await held.keepRenewing() } throws: { error in
            guard case LeaseError.lost(let reason, _)? = error as? LeaseError else { return false }
            return reason.contains("job two")
        }
        let other = try await lock(server, clock).acquire(as: stranger("two"))
        server.remove(Self.path)
        await #expect(throws: LeaseError.self) { try await other.renew() }
        // Neither the renewal nor giving back has made it again.
        try await other.release()
        #expect(server.object(Self.path) == nil)
    }

    @Test func `J-3a the worker takes the lock over from its launcher, which then stops renewing`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let launcher = try await lock(server, clock).acquire(as: stranger("one"))
        var worker = stranger("one")
        worker.process.pid = 8
        let held = try await lock(server, clock).takeOver(as: worker)
        #expect(held.transitions == launcher.transitions && held.mayWrite)
        try await launcher.keepRenewing()
        #expect(launcher.isGiven && !launcher.mayWrite)
        #expect(server.object(Self.path)?["spec", "holderIdentity"] == .string(worker.description))
        await #expect(throws: LeaseError.self) { try await lock(server, clock).takeOver(as: stranger("two")) }
    }

    @Test func `J-1 where Leases are forbidden, a Secret's annotations do the same`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        server.forbid("leases")
        let held = try await lock(server, clock).acquire(as: stranger("one"))
        #expect(server.paths == [Self.secretPath])
        clock.advance(.seconds(10))
        try await held.renew()
        let record = try #require(try await lock(server, clock).record())
        #expect(record.holderIdentity == stranger("one"))
        #expect(record.renewTime?.rfc3339 == "2026-11-20T12:30:10Z")
        #expect(record.duration == .seconds(60))
        let second = try await lock(server, clock).acquire(as: stranger("two"))
        #expect(second.transitions == 1)
        await #expect(throws: LeaseError.self) { try await held.renew() }
    }

    @Test func `two that race for a free lock do not both get it`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        let winners = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let held = try? await lock(server, clock).acquire(as: stranger("job\(number)"))
                    return held?.mayWrite == true && held?.transitions == 0
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(winners == 1)
    }

    @Test func `J-3b a record tells for display whether its holder seems gone`() async throws {
        let (server, clock) = (ObjectServer(), TestClock())
        _ = try await lock(server, clock).acquire(as: stranger("one"))
        server.edit(Self.path) { $0.value.set("2026-11-20T12:29:30.000000Z", at: ["spec", "renewTime"]) }
        let fresh = try #require(try await lock(server, clock).record())
        #expect(fresh.sinceRenewal == .seconds(30) && !fresh.seemsAbandoned)
        server.edit(Self.path) { $0.value.set("2026-11-20T12:28:30.000000Z", at: ["spec", "renewTime"]) }
        let old = try #require(try await lock(server, clock).record())
        #expect(old.seemsAbandoned)
    }
}
