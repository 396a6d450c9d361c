// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Rollout
import Sandbox
import Testing
import Values

struct InstallTests {
    @Test func `a first installation brings everything up and records it (R-1, R-4)`() async throws {
        try await SandboxFixture.with { sandbox in
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .success, "\(result)")
            let state = try #require(try await sandbox.state())
            #expect(state.phase == .deployed)
            #expect(state.status == .running)
            #expect(state.revision == 1)
            #expect(state.deployedRevision == 1)
            #expect(state.inventory.count == 9)
            #expect(state.inventory.allSatisfy { $0.uid != nil })
            #expect(state.createdNamespace != nil)
            #expect(state.components.map(\.status) == [.available, .available])
            let store = sandbox.rollout().records(of: "lab", in: "fl")
            let revision = try await store.revision(1)
            #expect(revision.manifests.count == 9)
            #expect(revision.plan == "name: lab\n")
            #expect(try await store.revisions().map(\.phase) == [.deployed])
            let job = try #require(try await store.jobs().first)
            #expect(job.status == .success)
            #expect(job.method == .install)
            let record = try #require(try await store.job(job.id)).record
            #expect(record.subJobs.map(\.status) == [.success, .success])
            #expect(record.states.map(\.text).contains("create revision 1"))
            #expect(record.states.map(\.text).contains("applied 9 objects (9 created)"))
            #expect(record.exitCode == 0)
        }
    }

    @Test func `a claim that no pod has asked for yet is nothing to report (A-3)`() async throws {
        try await SandboxFixture.with { sandbox in
            let backup = Manifests.object(
                "v1", "PersistentVolumeClaim", "backup",
                ["spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]]])
            let request = Manifests.request(components: [Manifests.mysql(), Manifests.server(extra: [backup])])
            try await sandbox.deploy(request)
            let key = ObjectKey(.persistentVolumeClaim, namespace: "fl", name: "backup")
            #expect(try await sandbox.client().get(key)["status", "phase"] == "Pending")
            let plan = try await sandbox.rollout().plan(request)
            #expect(!plan.hasChanges && plan.notReady.isEmpty, "\(plan.notReady)")
        }
    }

    @Test func `Services are created where a server takes no version of new ones, and a stranger's is refused (A-6)`()
        async throws
    {
        try await SandboxFixture.with(minor: 22) { sandbox in
            let plan = try await sandbox.rollout().plan(Manifests.request())
            // Between the plan and the write somebody else makes a Service of that name.
            var theirs = Manifests.object(
                "v1", "Service", "flow-server", ["spec": ["ports": [["name": "theirs", "port": 7]]]])
            _ = try await sandbox.client().create(KubernetesObject(ObjectKey(.namespace, name: "fl")))
            theirs.namespace = "fl"
            _ = try await sandbox.client().apply(theirs, options: ApplyOptions(fieldManager: "them"))
            let rollout = sandbox.rollout()
            let first = await rollout.run(try await rollout.begin(plan))
            #expect(first.causes.map(\.object) == ["Service/flow-server"], "\(first)")
            let key = ObjectKey(.service, namespace: "fl", name: "flow-server")
            let kept = try #require(try await sandbox.client().find(key))
            #expect(kept["spec", "ports"]?.array?.count == 1)

            _ = try await sandbox.client().delete(key)
            let second = try await sandbox.deploy(Manifests.request())
            #expect(second.code == .success, "\(second)")
            let managers = try #require(try await sandbox.client().find(key)).metadata["managedFields"]?.array
            #expect(managers?.compactMap { $0["operation"]?.string } == ["Apply"])
            sandbox.server.clearRequests()
            #expect(try await sandbox.rollout().plan(Manifests.request()).hasChanges == false)
        }
    }

    @Test func `an installation stays within its budget of requests (A-5)`() async throws {
        try await SandboxFixture.with { sandbox in
            var sandbox = sandbox
            // Heartbeats count by time, not by objects.
            (sandbox.timing.lease, sandbox.timing.recordInterval) = (Timing().lease, Timing().recordInterval)
            try await sandbox.deploy(Manifests.request())
            let objects = 9
            let kinds = 7
            let watches = sandbox.server.requests.filter { $0.target.contains("watch=true") }.count
            let count = sandbox.server.requests.count - watches
            #expect(count <= 2 * objects + kinds + 40, "\(count) requests: \(sandbox.requestLines)")
        }
    }

    @Test func `the same plan again writes nothing (A-3, A-14)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            sandbox.server.clearRequests()
            let plan = try await sandbox.rollout().plan(Manifests.request())
            #expect(!plan.hasChanges, "\(plan.summary.text)")
            #expect(plan.summary.unchanged == 9)
            #expect(plan.notReady.isEmpty)
            let requests = sandbox.server.requests
            #expect(requests.filter(\.isWrite).isEmpty, "\(requests.filter(\.isWrite).map(\.target))")
            #expect(requests.count <= 7 + 10, "\(requests.map(\.target))")
        }
    }

    @Test func `a plan without a change still tells what is not ready (A-14)`() async throws {
        try await SandboxFixture.with { sandbox in
            let request = Manifests.request(components: [
                Manifests.mysql(), Manifests.server(image: "registry.invalid/does-not-exist:1"),
            ])
            let result = try await sandbox.deploy(request)
            #expect(result.code == .notReady)
            let plan = try await sandbox.rollout().plan(request)
            #expect(plan.summary.unchanged == 9)
            #expect(plan.notReady.count == 1)
            #expect(plan.notReady.first?.hasPrefix("Deployment/flow-server: ") == true, "\(plan.notReady)")
        }
    }

    @Test func `an upgrade writes exactly what changed (A-5)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request(tag: "1.0"))
            sandbox.server.clearRequests()
            let result = try await sandbox.deploy(Manifests.request(tag: "1.1"))
            #expect(result.code == .success, "\(result)")
            #expect(
                sandbox.objectWrites.map { "\($0.method) \($0.path)" }
                    == ["PATCH /apis/apps/v1/namespaces/fl/deployments/flow-server"])
            let state = try #require(try await sandbox.state())
            #expect(state.revision == 2)
            #expect(state.deployedRevision == 2)
        }
    }

    @Test func `what is no longer rendered is deleted, claims are kept (D-1, D-3)`() async throws {
        try await SandboxFixture.with { sandbox in
            let extra = Manifests.object("v1", "ConfigMap", "old", ["data": ["a": "b"]])
            let claim = Manifests.object(
                "v1", "PersistentVolumeClaim", "old",
                ["spec": ["accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]]]])
            let before = Manifests.request(components: [Manifests.mysql(), Manifests.server(extra: [extra, claim])])
            let outcome1 = try await sandbox.deploy(before)
            #expect(outcome1.code == .success, "\(outcome1)")
            let result = try await sandbox.deploy(Manifests.request())
            #expect(result.code == .success, "\(result)")
            let client = sandbox.client()
            #expect(try await client.find(ObjectKey(.configMap, namespace: "fl", name: "old")) == nil)
            #expect(try await client.find(ObjectKey(.persistentVolumeClaim, namespace: "fl", name: "old")) != nil)
            let names = try #require(try await sandbox.state()).inventory.map { $0.key.description }
            #expect(!names.contains("ConfigMap/old"))
            #expect(names.contains("PersistentVolumeClaim/old"))
            let later1 = try await sandbox.rollout().plan(Manifests.request())
            #expect(!later1.hasChanges)
        }
    }

    @Test func `a removed component goes with everything but its data (D-1)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            let result = try await sandbox.deploy(Manifests.request(components: [Manifests.mysql()]))
            #expect(result.code == .success, "\(result)")
            let state = try #require(try await sandbox.state())
            #expect(state.components.map(\.name) == ["mysql"])
            #expect(Set(state.inventory.map(\.component)) == ["mysql"])
        }
    }

    @Test func `a plan that would delete most of a deployment is refused (D-3)`() async throws {
        try await SandboxFixture.with { sandbox in
            let extra = (0..<12).map { Manifests.object("v1", "ConfigMap", "c\($0)", ["data": ["a": "b"]]) }
            try await sandbox.deploy(
                Manifests.request(components: [Manifests.mysql(), Manifests.server(extra: extra)]))
            let plan = try await sandbox.rollout().plan(Manifests.request())
            #expect(plan.refusal?.code == .refused)
            #expect(plan.refusal?.causes.first?.hint?.contains("--confirm-prune 12") == true)
            var confirmed = Manifests.request()
            confirmed.options.confirmedPrunes = 12
            #expect(try await sandbox.rollout().plan(confirmed).refusal == nil)
        }
    }

    @Test func `an object of somebody else is refused before anything is written (A-8)`() async throws {
        try await SandboxFixture.with { sandbox in
            let client = sandbox.client()
            _ = try await client.create(KubernetesObject(ObjectKey(.namespace, name: "fl")))
            var foreign = Manifests.object("v1", "ConfigMap", "flow-server", ["data": ["x": "y"]])
            foreign.namespace = "fl"
            foreign.annotations = ["meta.helm.sh/release-name": "other"]
            _ = try await client.create(foreign)
            sandbox.server.clearRequests()
            let plan = try await sandbox.rollout().plan(Manifests.request())
            let refusal = try #require(plan.refusal)
            #expect(refusal.code == .conflict)
            #expect(refusal.description.contains("the Helm release other"))
            await #expect(throws: RolloutError.self) { try await sandbox.rollout().begin(plan) }
            #expect(sandbox.writes.isEmpty)
        }
    }

    @Test func `an object that appears between plan and write is not overwritten (A-6)`() async throws {
        try await SandboxFixture.with { sandbox in
            let rollout = sandbox.rollout()
            _ = try await sandbox.client().create(KubernetesObject(ObjectKey(.namespace, name: "fl")))
            let started = try await rollout.begin(try await rollout.plan(Manifests.request()))
            var foreign = Manifests.object("v1", "ConfigMap", "flow-server", ["data": ["x": "y"]])
            foreign.namespace = "fl"
            _ = try await sandbox.client().create(foreign)
            let result = await rollout.run(started)
            #expect(result.code == .conflict, "\(result)")
            let live = try await sandbox.client().get(foreign.key)
            #expect(live["data", "x"]?.string == "y")
            #expect(live["data", "config.yaml"] == nil)
        }
    }

    @Test func `fields of another manager are a conflict that names them (A-7)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            let patch: Value = [
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": ["name": "flow-server", "namespace": "fl"],
                "spec": [
                    "template": [
                        "spec": ["containers": [["name": "flow-server", "image": "iflearner/flow-server:edited"]]]
                    ]
                ],
            ]
            _ = try await sandbox.client().apply(
                KubernetesObject(patch), options: ApplyOptions(fieldManager: "k9s", force: true))
            let plan = try await sandbox.rollout().plan(Manifests.request(tag: "1.1"))
            let refusal = try #require(plan.refusal)
            #expect(refusal.code == .conflict)
            #expect(refusal.description.contains("k9s"))
            #expect(refusal.description.contains("image"))
        }
    }

    @Test func `a field that cannot change is refused before anything is written (I-1)`() async throws {
        try await SandboxFixture.with { sandbox in
            try await sandbox.deploy(Manifests.request())
            var server = Manifests.server()
            server.objects[4].value.set(["app": "other"], at: ["spec", "selector", "matchLabels"])
            server.objects[4].value.set(["app": "other"], at: ["spec", "template", "metadata", "labels"])
            let plan = try await sandbox.rollout().plan(
                Manifests.request(components: [Manifests.mysql(), server]))
            #expect(plan.refusal?.code == .immutable, "\(plan.refusals)")
        }
    }

    @Test func `an image that cannot be pulled fails the job with its reason, and a fixed plan recovers (W-1)`()
        async throws
    {
        try await SandboxFixture.with { sandbox in
            let broken = Manifests.request(components: [
                Manifests.mysql(), Manifests.server(image: "registry.invalid/does-not-exist:1"),
            ])
            let result = try await sandbox.deploy(broken)
            #expect(result.code == .notReady, "\(result)")
            #expect(result.status == .failed)
            let cause = try #require(result.causes.first?.message)
            #expect(cause.hasPrefix("pod flow-server-"), "\(cause)")
            #expect(cause.contains("ImagePull"), "\(cause)")
            let store = sandbox.rollout().records(of: "lab", in: "fl")
            let id = try #require(try await store.jobs().first).id
            let record = try #require(try await store.job(id)).record
            #expect(record.subJobs[0].status == .success)
            #expect(record.subJobs[0].moduleStatus == .available)
            #expect(record.subJobs[1].status == .failed)
            #expect(record.subJobs[1].reasons.first?.contains("ImagePull") == true)
            #expect(try await sandbox.state()?.status == .failed)
            let fixed = try await sandbox.deploy(Manifests.request())
            #expect(fixed.code == .success, "\(fixed)")
            #expect(try await sandbox.state()?.status == .running)
        }
    }

    @Test func `a component that fails leaves those out that need it, others go on (A-11)`() async throws {
        try await SandboxFixture.with { sandbox in
            var mysql = Manifests.mysql()
            mysql.objects[3] = Manifests.deployment("mysql", image: "does-not-exist", claim: "mysql")
            let other = Component(name: "other", objects: [Manifests.deployment("other", image: "nginx")])
            let result = try await sandbox.deploy(
                Manifests.request(components: [mysql, Manifests.server(), other]))
            #expect(result.code == .notReady, "\(result)")
            let state = try #require(try await sandbox.state())
            #expect(state.components.map(\.status) == [.unavailable, .pending, .available])
            let client = sandbox.client()
            #expect(try await client.find(ObjectKey(.service, namespace: "fl", name: "flow-server")) == nil)
        }
    }

    @Test func `a hook runs before the upgrade of its component, and only then (A-13)`() async throws {
        try await SandboxFixture.with { sandbox in
            var mysql = Manifests.mysql()
            mysql.objects.append(Manifests.hook("mysql-backup", event: "pre-upgrade"))
            let job = ObjectKey(.job, namespace: "fl", name: "mysql-backup")
            #expect(
                try await sandbox.deploy(Manifests.request(components: [mysql, Manifests.server()])).code == .success)
            #expect(try await sandbox.client().find(job) == nil)
            mysql.objects[3] = Manifests.deployment("mysql", image: "mysql:8.1", claim: "mysql")
            let result = try await sandbox.deploy(Manifests.request(components: [mysql, Manifests.server()]))
            #expect(result.code == .success, "\(result)")
            let ran = try #require(try await sandbox.client().find(job))
            #expect(ran.condition("Complete")?.status == .yes)
            #expect(try await sandbox.state()?.inventory.contains { $0.isHook } == true)
            let again = try await sandbox.rollout().plan(Manifests.request(components: [mysql, Manifests.server()]))
            #expect(!again.hasChanges, "\(again.summary.text)")
        }
    }

    @Test func `a hook that fails stops its component before anything of it is written (A-13)`() async throws {
        try await SandboxFixture.with { sandbox in
            let outcome2 = try await sandbox.deploy(Manifests.request())
            #expect(outcome2.code == .success, "\(outcome2)")
            var mysql = Manifests.mysql()
            mysql.objects[3] = Manifests.deployment("mysql", image: "mysql:8.1", claim: "mysql")
            mysql.objects.append(Manifests.hook("mysql-backup", event: "pre-upgrade", image: "crash"))
            let result = try await sandbox.deploy(Manifests.request(components: [mysql, Manifests.server()]))
            #expect(result.code == .notReady, "\(result)")
            let live = try await sandbox.client().get(ObjectKey(.deployment, namespace: "fl", name: "mysql"))
            #expect(
                live["spec", "template", "spec", "containers"]?[0]?["image"]?.string == "mysql:8.0")
        }
    }

    @Test func `the definition and operator of another deployment are shared (S-4)`() async throws {
        try await SandboxFixture.with { sandbox in
            #expect(
                try await sandbox.deploy(Manifests.request(components: [Manifests.jobOperator()])).code == .success)
            let second = Manifests.request(
                components: [Manifests.jobOperator("fl2/lab"), Manifests.mysql()], namespace: "fl2")
            sandbox.server.clearRequests()
            let result = try await sandbox.deploy(second)
            #expect(result.code == .success, "\(result)")
            #expect(!sandbox.objectWrites.contains { $0.path.contains("customresourcedefinitions") })
            #expect(!sandbox.objectWrites.contains { $0.path.contains("deployments/operator") })
            let state = try #require(
                try await sandbox.rollout().records(of: "lab", in: "fl2").state()?.record)
            #expect(state.uses.map(\.provider) == ["fl/lab"])
            #expect(state.components.map(\.status) == [.shared, .available])
            let later2 = try await sandbox.rollout().plan(second)
            #expect(!later2.hasChanges)
            let refused = try await sandbox.rollout().planUninstall("lab", in: "fl", Removal())
            #expect(refused.refusal?.code == .conflict)
            #expect(refused.refusal?.description.contains("fl2/lab") == true)
        }
    }
}
