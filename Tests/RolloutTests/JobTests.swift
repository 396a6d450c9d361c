// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
@testable import Rollout
import Sandbox
import Testing
import Values

struct JobTests {
    @Test func `a job handed over goes on in the other process without planning again (J-3a)`() async throws {
        try await SandboxFixture.with { sandbox in
            let launcher = sandbox.rollout()
            let started = try await launcher.begin(try await launcher.plan(Manifests.request()))
            let text = started.handOver.json.jsonString()
            #expect(!text.contains("cGFzc3dvcmQ"))
            let worker = sandbox.rollout(from: .elsewhere)
            let handOver = try #require(HandOver(json: try Value(json: text)))
            let adopted = try await worker.adopt(handOver, definitions: [])
            await started.leave()
            sandbox.server.clearRequests()
            let result = await worker.run(adopted)
            #expect(result.code == .success, "\(result)")
            #expect(sandbox.server.requests.filter { $0.target.contains("dryRun=All") }.count <= 9)
            let view = try await launcher.job(started.id, of: "lab", in: "fl")
            #expect(view.status == .success)
            #expect(view.record.worker?.process.host == "elsewhere")
        }
    }

    @Test func `a job that nobody takes over is recorded as failed and frees the lock (J-3a)`() async throws {
        try await SandboxFixture.with { sandbox in
            let rollout = sandbox.rollout()
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            try await started.abandon("the worker did not start")
            let view = try await rollout.job(started.id, of: "lab", in: "fl")
            #expect(view.status == .failed)
            #expect(view.record.verdict == "the worker did not start")
            let outcome1 = try await sandbox.deploy(Manifests.request())
            #expect(outcome1.code == .success, "\(outcome1)")
        }
    }

    @Test(arguments: [false, true])
    func `a job whose worker took the lock and went no further is recorded as failed (J-3a)`(
        gaveBack: Bool
    ) async throws {
        try await SandboxFixture.with { sandbox in
            let rollout = sandbox.rollout()
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            let worker = try await sandbox.rollout(from: .dead).adopt(started.handOver, definitions: [])
            if gaveBack { await worker.lock.release() } else { await worker.leave() }
            try await started.abandon("the worker ended")
            let view = try await rollout.job(started.id, of: "lab", in: "fl")
            #expect(view.status == .failed)
            #expect(view.record.verdict == "the worker ended")
            let outcome1 = try await sandbox.deploy(Manifests.request())
            #expect(outcome1.code == .success, "\(outcome1)")
        }
    }

    @Test func `a live job keeps a second run out, which says who has the lock (J-4)`() async throws {
        try await SandboxFixture.with { sandbox in
            let first = sandbox.rollout()
            let started = try await first.begin(try await first.plan(Manifests.request()))
            let second = sandbox.rollout(from: .elsewhere)
            let error = await #expect(throws: RolloutError.self) {
                try await second.begin(try await second.plan(Manifests.request(tag: "2")))
            }
            #expect(error?.code == .locked)
            #expect(error?.description.contains(started.id) == true)
            let result = await first.run(started)
            #expect(result.code == .success)
        }
    }

    @Test func `the job of a dead process shows as interrupted and is resumed at once (J-3b, J-10)`() async throws {
        try await SandboxFixture.with { sandbox in
            let dead = sandbox.rollout(from: .dead)
            let started = try await dead.begin(try await dead.plan(Manifests.request()))
            await started.leave()
            let rollout = sandbox.rollout()
            #expect(try await rollout.job(started.id, of: "lab", in: "fl").status == .interrupted)
            let listed = try await RecordIndex(client: sandbox.client(), namespace: "fl").jobs()
            let shown = try await rollout.shown(listed)
            #expect(shown.map(\.status) == [.interrupted])
            let resumed = try await rollout.resume(started.id, deployment: "lab", namespace: "fl", definitions: [])
            let result = await rollout.run(resumed)
            #expect(result.code == .success, "\(result)")
            #expect(try await rollout.job(started.id, of: "lab", in: "fl").status == .success)
            let error = await #expect(throws: RolloutError.self) {
                try await rollout.resume(started.id, deployment: "lab", namespace: "fl", definitions: [])
            }
            #expect(error?.code == .refused)
        }
    }

    @Test func `a job is stopped at the next safe point and can be resumed (J-9)`() async throws {
        try await SandboxFixture.with { sandbox in
            await sandbox.server.setKubeletPaused(true)
            let rollout = sandbox.rollout()
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            let stop = StopSignal()
            stop.request(.terminated)
            let result = await rollout.run(started, stop: stop)
            #expect(result.status == .canceled)
            #expect(result.code == .terminated)
            #expect(result.message.contains("job resume \(started.id)"))
            await sandbox.server.setKubeletPaused(false)
            let resumed = try await rollout.resume(started.id, deployment: "lab", namespace: "fl", definitions: [])
            #expect(await rollout.run(resumed).code == .success)
        }
    }

    @Test func `a stop from another machine is read from the record (J-9)`() async throws {
        try await SandboxFixture.with { sandbox in
            await sandbox.server.setKubeletPaused(true)
            let rollout = sandbox.rollout()
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            try await rollout.requestStop(of: started.id, of: "lab", in: "fl")
            #expect(try await rollout.job(started.id, of: "lab", in: "fl").status == .stopping)
            let result = await rollout.run(started)
            #expect(result.status == .canceled)
            #expect(result.code == .interrupted)
            await sandbox.server.setKubeletPaused(false)
            let resumed = try await rollout.resume(started.id, deployment: "lab", namespace: "fl", definitions: [])
            #expect(await rollout.run(resumed).code == .success)
        }
    }

    @Test func `a job ends when its time is over, naming the clock (W-6)`() async throws {
        try await SandboxFixture.with { sandbox in
            var sandbox = sandbox
            sandbox.timing.componentTimeout = .seconds(1)
            await sandbox.server.setKubeletPaused(true)
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .timedOut, "\(result)")
            #expect(result.status == .timeout)
            #expect(result.message.contains("not ready after 1s"), "\(result.message)")
        }
    }

    @Test func `two runs at once do the work once (RACE)`() async throws {
        try await SandboxFixture.with { sandbox in
            let codes = await withTaskGroup(of: ExitCode.self) { group in
                for origin in [SandboxFixture.Origin.here, .elsewhere] {
                    group.addTask {
                        do {
                            return try await sandbox.deploy(
                                Manifests.request(), with: sandbox.rollout(from: origin)
                            ).code
                        } catch let error as RolloutError {
                            return error.code
                        } catch {
                            return .internalError
                        }
                    }
                }
                var codes: [ExitCode] = []
                for await code in group { codes.append(code) }
                return codes
            }
            #expect(codes.contains(.success), "\(codes)")
            #expect(codes.allSatisfy { $0 == .success || $0 == .locked }, "\(codes)")
            #expect(try await sandbox.state()?.phase == .deployed)
            let later1 = try await sandbox.rollout().plan(Manifests.request())
            #expect(!later1.hasChanges)
        }
    }

    @Test func `events are numbered and the result is the last one (P-2)`() async throws {
        try await SandboxFixture.with { sandbox in
            let rollout = sandbox.rollout()
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            _ = await rollout.run(started)
            let lines = sandbox.events.all.filter { $0.job == started.id }
            // The plan came before them.
            #expect(lines.map(\.sequence) == Array(2...lines.count + 1))
            guard case .result(let result)? = lines.last?.event else {
                Issue.record("the last event is \(String(describing: lines.last))")
                return
            }
            #expect(result.code == .success)
            for line in lines {
                for field in ["version", "ts", "seq", "job", "target", "type"] {
                    #expect(line.json[field] != nil, "\(line.json)")
                }
            }
        }
    }

    @Test func `secrets are in no event and no record but the revision (R-8)`() async throws {
        try await SandboxFixture.with { sandbox in
            // "canary-canary", in a Secret whose image cannot be pulled because of its own value.
            var mysql = Manifests.mysql(password: "Y2FuYXJ5LWNhbmFyeQ==")
            mysql.objects[3] = Manifests.deployment("mysql", image: "canary-canary/does-not-exist", claim: "mysql")
            let result = try await sandbox.deploy(Manifests.request(components: [mysql]))
            #expect(result.code == .notReady)
            for line in sandbox.events.all {
                let text = line.json.jsonString()
                #expect(!text.contains("canary-canary") && !text.contains("Y2FuYXJ5LWNhbmFyeQ"), "\(text)")
            }
            let store = sandbox.rollout().records(of: "lab", in: "fl")
            let id = try #require(try await store.jobs().first).id
            let job = try #require(try await store.job(id)).record.json.jsonString()
            #expect(!job.contains("canary-canary"), "\(job)")
            #expect(job.contains("‹redacted›"))
            let state = try #require(try await store.state()).record.json.jsonString()
            #expect(!state.contains("canary-canary"))
        }
    }
}
