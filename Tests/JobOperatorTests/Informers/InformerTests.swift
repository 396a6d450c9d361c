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

/// Kubernetes §6.1: lists and watches become a cache, and events become jobs to look at.
@Suite(.timeLimit(.minutes(2))) struct InformerTests {
    /// Informers of one namespace or all, and whose jobs they told of.
    private final class Watching: Sendable {
        let cache = JobCache()
        let board: InformerBoard
        let told = Shared<[JobKey]>([])
        let lines = Shared<[String]>([])
        let informers: [Informer]

        init(
            _ client: ClusterClient, _ subjects: [InformerSubject] = InformerSubject.all, namespaces: [String?] = [nil]
        ) {
            let entries = namespaces.flatMap { namespace in
                subjects.map { InformerBoard.Entry(subject: $0, namespace: namespace) }
            }
            let board = InformerBoard(entries)
            self.board = board
            let log = Log { [lines] line in lines.change { $0.append(line) } }
            let failures = RepeatedFailures<InformerBoard.Entry>()
            informers = entries.map { [cache, told] entry in
                Informer(
                    entry: entry, client: client, cache: cache, board: board,
                    timing: OperatorTiming().scaled(by: 20), time: .system, log: log, failures: failures,
                    deliver: { keys in told.change { $0 += keys } })
            }
        }

        /// Runs the informers as long as the body.
        func during(_ body: () async throws -> Void) async throws {
            let running = Task {
                await withTaskGroup(of: Void.self) { group in
                    for informer in informers {
                        group.addTask {
                            // Cancellation is how they end.
                            try? await informer.run()
                        }
                    }
                }
            }
            defer { running.cancel() }
            try await body()
            running.cancel()
            await running.value
        }

        /// What was told since the last time, without repetitions, in the order of names.
        func taken() -> [String] {
            told.change { told in
                defer { told = [] }
                return Set(told.map(\.description)).sorted()
            }
        }

        /// Waits until jobs are told of, and gives them.
        func next(_ expected: String...) async throws {
            let wanted = Set(expected)
            try await eventually("\(expected) in \(told.now)") {
                wanted.isSubset(of: Set(told.now.map(\.description)))
            }
            #expect(Set(taken()) == wanted)
        }
    }

    private static func pod(_ name: String, owner: KubernetesObject?, phase: String = "Running") -> String {
        let owner =
            owner.map {
                "ownerReferences: [{apiVersion: git.iflytek.com/v1, kind: IflearnerJob, name: \($0.name), uid: \($0.uid ?? ""), controller: true}]"
            } ?? ""
        return """
            apiVersion: v1
            kind: Pod
            metadata: {name: \(name), namespace: default, labels: {app: \(name)}\(owner.isEmpty ? "" : ", " + owner)}
            spec: {containers: [{name: c, image: i}]}
            """
    }

    private static func ingress(_ name: String, host: String) -> String {
        """
        apiVersion: networking.k8s.io/v1
        kind: Ingress
        metadata: {name: \(name), namespace: default}
        spec: {rules: [{host: \(host), http: {paths: [{path: /, pathType: Prefix, backend: {service: {name: s, port: {number: 80}}}}]}}]}
        """
    }

    @Test func `what is there is listed, what changes is told, and nothing twice`() async throws {
        try await TestSandbox.with { sandbox in
            let job = try await sandbox.createJob("a")
            try await sandbox.create(Self.pod("a", owner: job))
            try await sandbox.create(Self.pod("stranger", owner: nil))
            let watching = Watching(sandbox.client)
            try await watching.during {
                try await watching.board.ready()
                try await watching.next("default/a")
                let key = JobKey(namespace: "default", name: "a")
                #expect(watching.cache.job(key)?.host == "a.server.iflearner.com")
                #expect(watching.cache.child(.pod, key)?.controller?.uid == job.uid)
                // A change of ours, then of a stranger's that has nobody's name.
                try await sandbox.create(Self.pod("other", owner: nil))
                _ = try await sandbox.client.patch(
                    TestSandbox.key(.pod, "a"), .merge, ["metadata": ["labels": ["x": "y"]]])
                try await watching.next("default/a")
                // A write that changes nothing has no event; a list again brings nothing new.
                sandbox.server.forgetHistory()
                sandbox.server.dropConnections()
                try await sandbox.createJob("b")
                try await watching.next("default/b")
                // Deletions are told too.
                _ = try await sandbox.client.delete(TestSandbox.key(.pod, "a"))
                try await watching.next("default/a")
                #expect(watching.cache.child(.pod, key) == nil)
                _ = try await sandbox.client.delete(TestSandbox.key(JobContract.kind, "a"))
                try await watching.next("default/a")
                #expect(watching.cache.job(key) == nil && watching.cache.jobs.count == 1)
            }
        }
    }

    @Test func `what went while nobody watched counts as deleted, a pod with its last state (D7)`() async throws {
        try await TestSandbox.with { sandbox in
            let job = try await sandbox.createJob("a")
            try await sandbox.createJob("b")
            try await sandbox.create(Self.pod("a", owner: job))
            _ = try await sandbox.client.patch(
                TestSandbox.key(.pod, "a"), .merge, ["status": ["phase": "Succeeded"]],
                options: WriteOptions(subresource: "status"))
            let watching = Watching(sandbox.client)
            try await watching.during {
                try await watching.board.ready()
                try await watching.next("default/a", "default/b")
                sandbox.server.inject(Fault(.status(503), path: "watch=true", count: nil))
                sandbox.server.dropConnections()
                _ = try await sandbox.client.delete(TestSandbox.key(.pod, "a"))
                _ = try await sandbox.client.delete(TestSandbox.key(JobContract.kind, "b"))
                sandbox.server.forgetHistory()
                sandbox.server.clearFaults()
                try await watching.next("default/a", "default/b")
                #expect(watching.cache.lastPod(ofJob: job.uid ?? "")?.object?["status", "phase"] == "Succeeded")
                #expect(watching.cache.jobs == [JobKey(namespace: "default", name: "a")])
            }
        }
    }

    @Test func `D17: a host that becomes free is told to the jobs that want it`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("a", host: "x.example")
            try await sandbox.createJob("b", host: "y.example")
            try await sandbox.create(Self.ingress("foreign", host: "x.example"))
            let watching = Watching(sandbox.client)
            try await watching.during {
                try await watching.board.ready()
                try await watching.next("default/a", "default/b")
                #expect(watching.cache.ingresses(claiming: "x.example").map(\.name) == ["foreign"])
                _ = try await sandbox.client.delete(
                    TestSandbox.key(GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "Ingress"), "foreign"))
                try await watching.next("default/a")
                try await sandbox.create(Self.ingress("c", host: "y.example"))
                try await watching.next("default/b")
                // So is one that another job gives up.
                try await sandbox.createJob("d", host: "y.example")
                try await watching.next("default/b", "default/d")
                _ = try await sandbox.client.delete(TestSandbox.key(JobContract.kind, "d"))
                try await watching.next("default/b", "default/d")
            }
        }
    }

    @Test func `a policy that changes concerns the jobs of its role in its namespace`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.create("{apiVersion: v1, kind: Namespace, metadata: {name: other}}")
            try await sandbox.createJob("a", role: "server")
            try await sandbox.createJob("b", role: "client")
            try await sandbox.createJob("c", in: "other", role: "client")
            let watching = Watching(sandbox.client)
            try await watching.during {
                try await watching.board.ready()
                try await watching.next("default/a", "default/b", "other/c")
                try await sandbox.create(
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: iflearner-jobs-client, namespace: default}, data: {policy.yaml: 'x: 1'}}"
                )
                try await watching.next("default/b")
                let key = JobKey(namespace: "default", name: "iflearner-jobs-client")
                #expect(watching.cache.policyKeys == [key])
                try await sandbox.create(
                    "{apiVersion: v1, kind: ConfigMap, metadata: {name: something-else, namespace: default}}")
                _ = try await sandbox.client.delete(TestSandbox.key(.configMap, "iflearner-jobs-client"))
                try await watching.next("default/b")
                #expect(watching.cache.policyKeys.isEmpty)
            }
        }
    }

    @Test func `namespaces that are not watched are not asked for`() async throws {
        try await TestSandbox.with { sandbox in
            for name in ["one", "two"] {
                try await sandbox.create("{apiVersion: v1, kind: Namespace, metadata: {name: \(name)}}")
                try await sandbox.createJob("a", in: name, host: "\(name).example")
            }
            try await sandbox.createJob("a")
            sandbox.server.clearRequests()
            let watching = Watching(sandbox.client, namespaces: ["one", "two"])
            try await watching.during {
                try await watching.board.ready()
                try await watching.next("one/a", "two/a")
                #expect(
                    sandbox.server.requests.allSatisfy { request in
                        !request.path.contains("/iflearnerjobs") || request.path.contains("/namespaces/one/")
                            || request.path.contains("/namespaces/two/")
                    })
                // What goes in one namespace leaves the other alone.
                sandbox.server.forgetHistory()
                sandbox.server.dropConnections()
                _ = try await sandbox.client.delete(TestSandbox.key(JobContract.kind, "a", in: "two"))
                try await watching.next("two/a")
                #expect(watching.cache.jobs == [JobKey(namespace: "one", name: "a")])
            }
        }
    }

    @Test func `the definition may come later, and go and come again`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let watching = Watching(sandbox.client, [.jobs])
            try await watching.during {
                try await eventually("the trouble is told") {
                    watching.board.obstacles.contains { $0.contains("the server has no IflearnerJob") }
                }
                try await sandbox.define()
                try await watching.board.ready()
                try await sandbox.createJob("a")
                try await watching.next("default/a")
                _ = try await sandbox.client.delete(TestSandbox.definition)
                try await eventually("its jobs are gone") { watching.cache.jobs.isEmpty }
                try await eventually("its loss is told") { !watching.board.obstacles.isEmpty }
                _ = watching.taken()
                try await eventually("it is gone") { try await sandbox.client.find(TestSandbox.definition) == nil }
                try await sandbox.define()
                try await sandbox.createJob("b")
                try await watching.next("default/b")
                #expect(watching.board.obstacles.isEmpty)
                #expect(
                    watching.lines.now.contains { $0.contains(#""msg":"follows again","collection":"IflearnerJobs""#) })
            }
        }
    }

    @Test func `budgets that are forbidden stop nothing and are not asked for again and again; jobs are`() async throws
    {
        var configuration = TestSandbox.bare
        configuration.accounts = [
            .init(
                name: "operator", token: "operator-token",
                rules: [
                    Sandbox.AccessRule(
                        verbs: ["list", "watch"], groups: [""], resources: ["pods", "services", "configmaps"])
                ])
        ]
        try await TestSandbox.with(configuration) { sandbox in
            let client = try TestSandbox.client(of: sandbox.server, token: "operator-token")
            let watching = Watching(client)
            try await watching.during {
                try await eventually("jobs are asked for three times") {
                    sandbox.server.requests.count { $0.path.hasSuffix("/iflearnerjobs") && $0.status == 403 } >= 3
                }
                #expect(
                    watching.board.obstacles.count == 1
                        && watching.board.obstacles[0].hasPrefix("cannot follow IflearnerJobs: "))
                #expect(sandbox.server.requests.count { $0.path.hasSuffix("/poddisruptionbudgets") } == 1)
                #expect(sandbox.server.requests.count { $0.path.hasSuffix("/ingresses") } == 1)
                #expect(watching.lines.now.count { $0.contains("PodDisruptionBudgets") } == 1)
            }
        }
    }

    @Test(arguments: [(18, "networking.k8s.io/v1beta1", "policy/v1beta1"), (33, "networking.k8s.io/v1", "policy/v1")])
    func `D1: versions are a matter of discovery`(minor: Int, ingress: String, budget: String) async throws {
        var configuration = TestSandbox.bare
        configuration.minorVersion = minor
        try await TestSandbox.with(configuration) { sandbox in
            let watching = Watching(sandbox.client)
            try await watching.during {
                try await watching.board.ready()
                let paths = sandbox.server.requests.map(\.path)
                #expect(paths.contains("/apis/\(ingress)/ingresses"))
                #expect(paths.contains("/apis/\(budget)/poddisruptionbudgets"))
            }
        }
    }
}
