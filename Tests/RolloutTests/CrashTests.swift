// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import Records
import Rollout
import Sandbox
import Testing
import Values

/// The crash table (§6.14): the process dies at a request, and the next one makes everything good.
///
/// `ROLLOUT_CRASH_MATRIX=full` dies at every single request; without it at every fifth, each time others.
@Suite(.serialized)
struct CrashTests {
    private static let isFull = getenv("ROLLOUT_CRASH_MATRIX") != nil

    /// Kills a piece of work at one request after the other, until it gets through alive.
    private func matrix(
        _ moment: CrashingTransport.Moment, prepare: @escaping @Sendable (SandboxFixture, String) async throws -> Void,
        work: @escaping @Sendable (SandboxFixture, Rollout, String) async throws -> Void,
        recover: @escaping @Sendable (SandboxFixture, String) async throws -> Void
    ) async throws {
        try await SandboxFixture.with { sandbox in
            var sandbox = sandbox
            sandbox.timing = sandbox.timing.scaled(by: 5)
            sandbox.timing.lease.renewalInterval = .milliseconds(500)
            var index = moment == .before ? 1 : 3
            var deaths = 0
            while true {
                let namespace = "fl-\(moment.rawValue)-\(index)"
                try await prepare(sandbox, namespace)
                let transport = CrashingTransport(sandbox.transport, at: index, moment)
                let doomed = sandbox.rollout(over: transport, from: .dead)
                let fixture = sandbox
                let task = Task { try await work(fixture, doomed, namespace) }
                transport.onDeath { task.cancel() }
                _ = await task.result
                guard transport.isDead else { break }
                deaths += 1
                try await recover(sandbox, namespace)
                index += Self.isFull ? 1 : 5
            }
            #expect(deaths > 5)
        }
    }

    /// Goes on with the last job where there is one, as a user would; else does it again.
    private static func goOn(
        _ sandbox: SandboxFixture, _ namespace: String, _ again: (Rollout) async throws -> JobResult
    ) async throws -> JobResult {
        let rollout = sandbox.rollout()
        let state = try await rollout.records(of: "lab", in: namespace).state()?.record
        let jobs = try await rollout.records(of: "lab", in: namespace).jobs()
        if let job = jobs.first, job.status?.isFinal != true, state == nil || state?.job == job.id,
            !(state == nil && job.method == .install)
        {
            let started = try await rollout.resume(job.id, deployment: "lab", namespace: namespace, definitions: [])
            return await rollout.run(started)
        }
        return try await again(rollout)
    }

    /// Everything is there once, recorded, and nothing is left to do.
    private static func expectConverged(
        _ sandbox: SandboxFixture, _ request: RolloutRequest, _ place: String
    ) async throws {
        let namespace = request.namespace
        let state = try #require(try await sandbox.rollout().records(of: "lab", in: namespace).state()?.record)
        #expect(state.phase == .deployed, "\(place)")
        let inventory = Set(state.inventory.compactMap(\.uid))
        #expect(inventory.count == state.inventory.count, "\(place)")
        let members = Selector(labels: [RecordKeys.partOf: state.applySetID])
        for kind in Set(state.inventory.map(\.key.kind)).union([.configMap]) {
            for object in try await sandbox.client().list(kind, namespace: namespace, selector: members).items {
                #expect(inventory.contains(object.uid ?? ""), "\(place): orphan \(object.key)")
            }
        }
        let plan = try await sandbox.rollout().plan(request)
        #expect(!plan.hasChanges, "\(place): \(plan.summary.text)")
    }

    @Test(arguments: CrashingTransport.Moment.allCases)
    func `an installation that dies at any request is finished by the next run (CM)`(
        moment: CrashingTransport.Moment
    ) async throws {
        try await matrix(
            moment, prepare: { _, _ in },
            work: { sandbox, rollout, namespace in
                try await sandbox.deploy(Manifests.request(namespace: namespace), with: rollout)
            },
            recover: { sandbox, namespace in
                let request = Manifests.request(namespace: namespace)
                let result = try await Self.goOn(sandbox, namespace) { rollout in
                    let plan = try await rollout.plan(request)
                    guard plan.hasChanges else {
                        return JobResult(status: .success, code: .success, message: "nothing left")
                    }
                    return await rollout.run(try await rollout.begin(plan))
                }
                #expect(result.code == .success, "\(namespace): \(result)")
                try await Self.expectConverged(sandbox, request, namespace)
            })
    }

    @Test(arguments: CrashingTransport.Moment.allCases)
    func `an upgrade that dies at any request leaves no orphan (CM)`(moment: CrashingTransport.Moment) async throws {
        let old = Manifests.object("v1", "ConfigMap", "old", ["data": ["a": "b"]])
        try await matrix(
            moment,
            prepare: { sandbox, namespace in
                let first = Manifests.request(
                    components: [Manifests.mysql(), Manifests.server(extra: [old])], namespace: namespace)
                let result = try await sandbox.deploy(first)
                #expect(result.code == .success)
            },
            work: { sandbox, rollout, namespace in
                try await sandbox.deploy(Manifests.request(tag: "2", namespace: namespace), with: rollout)
            },
            recover: { sandbox, namespace in
                let request = Manifests.request(tag: "2", namespace: namespace)
                let result = try await Self.goOn(sandbox, namespace) { rollout in
                    let plan = try await rollout.plan(request)
                    guard plan.hasChanges else {
                        return JobResult(status: .success, code: .success, message: "nothing left")
                    }
                    return await rollout.run(try await rollout.begin(plan))
                }
                #expect(result.code == .success, "\(namespace): \(result)")
                try await Self.expectConverged(sandbox, request, namespace)
                let left = try await sandbox.client().find(ObjectKey(.configMap, namespace: namespace, name: "old"))
                #expect(left == nil, "\(namespace)")
            })
    }

    @Test(arguments: CrashingTransport.Moment.allCases)
    func `an uninstall that dies at any request is finished by the next run (CM)`(
        moment: CrashingTransport.Moment
    ) async throws {
        try await matrix(
            moment,
            prepare: { sandbox, namespace in
                let result = try await sandbox.deploy(Manifests.request(namespace: namespace))
                #expect(result.code == .success)
            },
            work: { _, rollout, namespace in
                let plan = try await rollout.planUninstall("lab", in: namespace, Removal())
                _ = await rollout.run(try await rollout.begin(plan))
            },
            recover: { sandbox, namespace in
                let result = try await Self.goOn(sandbox, namespace) { rollout in
                    let plan = try await rollout.planUninstall("lab", in: namespace, Removal())
                    guard plan.hasChanges else {
                        return JobResult(status: .success, code: .success, message: "nothing left")
                    }
                    return await rollout.run(try await rollout.begin(plan))
                }
                #expect(result.code == .success, "\(namespace): \(result)")
                let client = sandbox.client()
                for kind in [GroupVersionKind.deployment, .configMap, .service] {
                    let names = try await client.list(kind, namespace: namespace).items.map(\.name)
                    #expect(names.filter { $0 != "kube-root-ca.crt" }.isEmpty, "\(namespace): \(names)")
                }
                let secrets = try await client.list(.secret, namespace: namespace).items.map(\.name)
                #expect(secrets.filter { !$0.contains(".job.") } == ["mysql"], "\(namespace): \(secrets)")
            })
    }
}
