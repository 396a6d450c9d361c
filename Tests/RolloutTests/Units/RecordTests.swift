// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Rollout
import Testing
import Values

@testable import Records

struct RecordTests {
    private static let key = ObjectKey(.secret, namespace: "fl", name: "iflearnerctl.lab")

    private static func state() -> DeploymentState {
        var state = DeploymentState(
            id: "id", deployment: "lab", namespace: "fl", cluster: ClusterIdentity(id: "c", isWeak: false),
            status: .running, phase: .deployed, revision: 3, job: "j", chartName: "iflearner-flow",
            chartVersion: "0.2.0", toolVersion: "0.1", planDigest: "d", createdAt: Timestamp(seconds: 1_800_000_000))
        state.deployedRevision = 2
        state.createdNamespace = "uid-n"
        state.components = [ComponentRecord(name: "mysql", dependsOn: ["x"], status: .available, reasons: ["r"])]
        state.inventory = [
            InventoryEntry(
                component: "mysql", key: ObjectKey(.secret, namespace: "fl", name: "mysql"), uid: "u", specHash: "h",
                stage: 5, keep: .data)
        ]
        state.uses = [
            SharedUse(
                key: ObjectKey(.customResourceDefinition, name: "crd"), uid: "u2", provider: "a/b",
                component: "operator")
        ]
        return state
    }

    @Test func `a state record survives its JSON (R-1)`() throws {
        let state = Self.state()
        #expect(try DeploymentState(json: state.json, at: Self.key) == state)
    }

    @Test(arguments: [
        (Value.mapping([:]), "schema is missing"), (Value.mapping(["schema": 1]), "id is missing"),
        (Value.array([]), "the record is array, not an object"),
        (Value.mapping(["schema": "x"]), "schema is string, not integer"),
    ])
    func `a damaged record is told by its field (R-7)`(json: Value, problem: String) {
        let error = #expect(throws: RecordError.self) { try DeploymentState(json: json, at: Self.key) }
        #expect(error?.description.contains(problem) == true, "\(String(describing: error))")
    }

    @Test func `a word of a later version is told, not guessed (R-7)`() {
        var json = Self.state().json
        json["status"] = "Sleeping"
        let error = #expect(throws: RecordError.self) { try DeploymentState(json: json, at: Self.key) }
        #expect(error?.description.contains("status holds 'Sleeping'") == true)
    }

    @Test func `a newer schema is refused (R-7)`() {
        var json = Self.state().json
        json["schema"] = 2
        let error = #expect(throws: RecordError.self) { try DeploymentState(json: json, at: Self.key) }
        guard case .newerSchema(_, 2, 1)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func `a job record survives its JSON (J-6)`() throws {
        var job = Self.job()
        job.status = .failed
        job.causes = [Cause(component: "mysql", object: "Deployment/mysql", code: 9, message: "m", hint: "h")]
        job.exitCode = 9
        job.removal = Removal(components: ["a"], deletesData: true)
        job.retained = ["PersistentVolumeClaim/mysql"]
        job.worker = HolderIdentity(
            job: "j", process: ProcessIdentity(host: "h", pid: 1, startTicks: 2, bootID: "b", pidNamespace: 3))
        job.states = [JobEvent(time: Timestamp(seconds: 1_800_000_000), text: "t")]
        job.subJobs[0].startTime = Timestamp(seconds: 1_800_000_001)
        #expect(try JobRecord(json: job.json, at: Self.key) == job)
    }

    private static func job() -> JobRecord {
        JobRecord(
            id: "j", method: .install, deployment: "lab", namespace: "fl", clusterID: "c", creator: "me", revision: 1,
            removal: nil, componentTimeout: 600, jobTimeout: 3600, components: ["mysql", "flow-server"],
            createdAt: Timestamp(seconds: 1_800_000_000))
    }

    @Test func `a job record never outgrows its limit, and keeps what decides (J-6)`() {
        var job = Self.job()
        let long = String(repeating: "x", count: 5000)
        job.states = (0..<500).map { JobEvent(time: Timestamp(seconds: 1_800_000_000 + Int64($0)), text: long) }
        job.subJobs = (0..<8).map { index in
            var sub = SubJob(component: "c\(index)")
            sub.reasons = Array(repeating: long, count: 30)
            sub.status = .failed
            return sub
        }
        job.causes = Array(repeating: Cause(code: 9, message: long), count: 200)
        job.verdict = long
        job.exitCode = 9
        let trimmed = job.trimmed()
        #expect(trimmed.json.json().count <= 32 * 1024)
        #expect(trimmed.exitCode == 9)
        #expect(trimmed.subJobs.count == 8)
        #expect(trimmed.subJobs.allSatisfy { $0.reasons.count >= 1 })
        #expect(trimmed.states.contains { $0.text.contains("left out") })
        #expect(trimmed.states.last?.time == job.states.last?.time)
    }

    @Test func `the ApplySet id is the standard's`() {
        // base64url(sha256("iflearnerctl.lab.fl.Secret.")), as the standard prescribes.
        #expect(
            ApplySet.id(deployment: "lab", namespace: "fl") == "applyset-r1OFnmLdUkOqSWv4lquvaoIGx3t-q63lNFG68DX_Lf0-v1"
        )
    }

    @Test func `marks tell writes apart (R-5)`() {
        let mark = WriteMark(job: "fe84-1", leaseTransitions: 3, sequence: 17)
        #expect(mark.description == "fe84-1/3/17")
        #expect(WriteMark(mark.description) == mark)
        #expect(WriteMark("kubectl") == nil)
    }

    @Test func `secret values disappear from texts, plain and in base64 (R-8)`() {
        let redactor = Redactor([
            Manifests.object(
                "v1", "Secret", "s", ["data": ["p": "Y2FuYXJ5LXZhbHVl"], "stringData": ["q": "other-canary"]]),
            Manifests.object("v1", "ConfigMap", "c", ["data": ["p": "not-a-secret"]]),
        ])
        let text = redactor.redact("a canary-value b Y2FuYXJ5LXZhbHVl c other-canary d not-a-secret")
        #expect(text == "a ‹redacted› b ‹redacted› c ‹redacted› d not-a-secret")
        #expect(redactor.redact("nothing") == "nothing")
    }

    @Test func `history keeps the newest ten, the current and the last deployed (R-6)`() throws {
        func summary(_ number: Int, _ phase: Phase) throws -> RevisionSummary {
            var object = KubernetesObject(ObjectKey(.secret, namespace: "fl", name: "r\(number)"))
            object.labels = [RecordKeys.revision: String(number), RecordKeys.state: phase.rawValue]
            return try #require(RevisionSummary(object))
        }
        let revisions = try (1...14).map { try summary($0, $0 <= 2 ? .deployed : .failed) }
        #expect(RevisionTrim.surplus(revisions, current: 14).map(\.number) == [1, 3, 4])
        #expect(RevisionTrim.surplus(revisions, current: 3).map(\.number) == [1, 4])
    }
}

struct RevisionCodecTests {
    private static let key = ObjectKey(.secret, namespace: "fl", name: "iflearnerctl.lab.v1")

    private static func revision(_ manifests: [KubernetesObject]) -> Revision {
        Revision(
            deployment: "lab", namespace: "fl", number: 1, createdAt: Timestamp(seconds: 1_800_000_000), job: "j",
            chartName: "c", chartVersion: "1", toolVersion: "t", planDigest: "d", plan: "name: lab\n",
            components: [.init(name: "mysql", dependsOn: ["x"], singleton: "operator")],
            manifests: manifests.map { .init(component: "mysql", object: $0) },
            definitions: [.init(component: "mysql", name: "crd", digest: "dd")])
    }

    @Test func `a revision survives its Secrets (R-2)`() throws {
        let revision = Self.revision(Manifests.mysql().objects)
        let secrets = try RevisionCodec().encode(revision)
        #expect(secrets.count == 1)
        #expect(try RevisionCodec().decode(secrets, at: Self.key) == revision)
    }

    @Test func `the same revision always makes the same bytes (A-12)`() throws {
        let revision = Self.revision(Manifests.mysql().objects)
        let again = try RevisionCodec().encode(revision)
        #expect(try RevisionCodec().encode(revision) == again)
    }

    @Test func `equal objects are stored once (R-2)`() throws {
        let one = Manifests.object("v1", "ConfigMap", "c", ["data": ["a": "b"]])
        let revision = Self.revision([one, one, one])
        #expect(revision.payload["objects"]?.mapping?.count == 1)
        let secrets = try RevisionCodec().encode(revision)
        #expect(try RevisionCodec().decode(secrets, at: Self.key).manifests.count == 3)
    }

    @Test func `chunks are cut exactly at their limit, and too many are refused (R-2)`() throws {
        let revision = Self.revision(Manifests.mysql().objects)
        let size = try #require(try RevisionCodec().encode(revision).first?["manifests"]).count
        #expect(try RevisionCodec(chunkSize: size).encode(revision).count == 1)
        let two = try RevisionCodec(chunkSize: size - 1).encode(revision)
        #expect(two.count == 2)
        #expect(two[1]["manifests"]?.count == 1)
        #expect(try RevisionCodec(chunkSize: size - 1).decode(two, at: Self.key) == revision)
        let eight = (size + 7) / 8
        #expect(try RevisionCodec(chunkSize: eight, chunkLimit: 8).encode(revision).count == 8)
        let error = #expect(throws: RecordError.self) {
            try RevisionCodec(chunkSize: eight, chunkLimit: 7).encode(revision)
        }
        #expect(error?.description.contains("Deployment/mysql") == true)
    }

    @Test func `damage is noticed (R-7)`() throws {
        var secrets = try RevisionCodec().encode(Self.revision(Manifests.mysql().objects))
        secrets[0]["manifests"]?[20] ^= 1
        let error = #expect(throws: RecordError.self) { try RevisionCodec().decode(secrets, at: Self.key) }
        #expect(error?.description.contains("digest") == true)
        #expect(throws: RecordError.self) { try RevisionCodec().decode([[:]], at: Self.key) }
        #expect(throws: RecordError.self) { try RevisionCodec().decode([], at: Self.key) }
    }

    @Test func `a record that expands without end is refused`() throws {
        let big = String(repeating: "x", count: 200_000)
        let revision = Self.revision([Manifests.object("v1", "ConfigMap", "c", ["data": ["a": .string(big)]])])
        let secrets = try RevisionCodec().encode(revision)
        let error = #expect(throws: RecordError.self) {
            try RevisionCodec(expandedLimit: 1000).decode(secrets, at: Self.key)
        }
        #expect(error?.description.contains("expands beyond") == true)
    }
}
