// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Testing
import Values
import YAMLText

/// One file of `Fixtures/Readiness`: what to expect in its first comments, the object, and what is around it.
struct ReadinessFixture: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let expectations: [String: String]
    let objects: [KubernetesObject]

    static let folder = "/" + #filePath.split(separator: "/").dropLast(2).joined(separator: "/") + "/Fixtures/Readiness"

    static let names = FileBytes.names(in: folder).filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }

    init(_ name: String) throws {
        testDescription = name
        let bytes = try FileBytes.read("\(Self.folder)/\(name).yaml")
        var expectations: [String: String] = [:]
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n").prefix(while: { $0.hasPrefix("# ") })
        {
            let parts = line.dropFirst(2).split(separator: ": ", maxSplits: 1)
            expectations[String(parts[0])] = String(parts[1])
        }
        self.expectations = expectations
        objects = try Value.yamlDocuments(bytes, file: name).map(KubernetesObject.init)
    }
}

@Suite struct `Readiness, deployment §6.5` {
    @Test(arguments: ReadinessFixture.names)
    func `every kind is judged by its rule`(name: String) throws {
        let fixture = try ReadinessFixture(name)
        let object = try #require(fixture.objects.first)
        let known = (fixture.expectations["known"] ?? "").split(separator: ",").map { text -> GroupKind in
            let parts = text.split(separator: ".", maxSplits: 1).map(String.init)
            return GroupKind(group: parts.count > 1 ? parts[1] : "", kind: parts[0])
        }
        let now = try #require(Timestamp(rfc3339: "2026-11-20T12:05:00Z"))
        var context = ReadinessContext(
            objects: ObjectSnapshot(fixture.objects.dropFirst(), knownKinds: Set(known)), now: now)
        if let text = fixture.expectations["address"] {
            context.address = try #require(ReadinessContext.AddressPolicy(rawValue: text))
        }
        if fixture.expectations["goal"] == "completed" { context.iflearnerJob = .completed }
        let readiness = ReadinessRules.evaluate(object, in: context)
        let answer =
            switch readiness.verdict {
            case .ready: "ready"
            case .progressing(let reason): "progressing \(reason.code)"
            case .failing(let reason): "failing \(reason.code)"
            case .failed(let reason): "failed \(reason.code)"
            }
        #expect(answer == fixture.expectations["expect"])
        if let message = fixture.expectations["message"] {
            #expect(readiness.reason?.message.contains(message) == true, "\(readiness.reason?.message ?? "")")
        }
        if let text = fixture.expectations["text"] { #expect(readiness.reason?.description == text) }
        if let object = fixture.expectations["object"] { #expect(readiness.reason?.object?.description == object) }
        if let log = fixture.expectations["log"] {
            let source = try #require(readiness.reason?.log)
            #expect(source.container + (source.previous ? " previous" : "") == log)
        }
        if let warning = fixture.expectations["warning"] {
            #expect(readiness.warnings.contains { $0.contains(warning) })
        } else {
            #expect(readiness.warnings.isEmpty || fixture.expectations["expect"] != "ready")
        }
    }

    @Test func `a state older than our own write is not judged`() throws {
        func deployment(generation: Int, version: Int, uid: String = "u") -> KubernetesObject {
            KubernetesObject([
                "apiVersion": "apps/v1", "kind": "Deployment",
                "metadata": [
                    "name": "web", "uid": .string(uid), "generation": .int(Int64(generation)),
                    "resourceVersion": .string(String(version)),
                ],
                "spec": ["replicas": 0], "status": ["observedGeneration": .int(Int64(generation))],
            ])
        }
        let now = Timestamp(seconds: 0)
        let context = ReadinessContext(
            objects: ObjectSnapshot(), now: now, written: deployment(generation: 2, version: 9))
        #expect(
            ReadinessRules.evaluate(deployment(generation: 1, version: 8), in: context).reason?.code == "NotYetSeen")
        #expect(ReadinessRules.evaluate(deployment(generation: 2, version: 9), in: context) == .ready)
        let other = ReadinessRules.evaluate(deployment(generation: 3, version: 12, uid: "v"), in: context)
        #expect(other.reason?.code == "Replaced")
    }

    @Test func `a Job that vanished is judged by what is left of it`() {
        func job(_ condition: String?) -> KubernetesObject {
            let conditions: [Value] = condition.map { [["type": .string($0), "status": "True"]] } ?? []
            return KubernetesObject([
                "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "j", "uid": "u"],
                "status": ["conditions": .array(conditions)],
            ])
        }
        let completed = KubernetesObject(["kind": "Event", "reason": "Completed", "involvedObject": ["uid": "u"]])
        #expect(ReadinessRules.evaluateVanishedJob(last: job("Complete"), events: []) == .ready)
        #expect(ReadinessRules.evaluateVanishedJob(last: job(nil), events: [completed]) == .ready)
        #expect(ReadinessRules.evaluateVanishedJob(last: job(nil), events: []).reason?.code == "JobVanished")
        #expect(ReadinessRules.evaluateVanishedJob(last: job("Failed"), events: []).reason?.code == "JobFailed")
    }

    @Test func `W-1 a failure counts after a minute without progress`() {
        var tracker = ReadinessTracker()
        func judge(_ readiness: Readiness, at seconds: Int) -> String {
            switch tracker.judge(readiness, now: .seconds(seconds), grace: .seconds(60)).verdict {
            case .ready: "ready"
            case .progressing: "progressing"
            case .failing: "failing"
            case .failed: "failed"
            }
        }
        #expect(judge(.failing("ErrImagePull", "x", progress: [0]), at: 0) == "progressing")
        #expect(judge(.failing("ImagePullBackOff", "x", progress: [0]), at: 30) == "progressing")
        // Progress starts the minute anew, standing still and going back do not.
        #expect(judge(.failing("ImagePullBackOff", "x", progress: [1]), at: 59) == "progressing")
        #expect(judge(.progressing("ContainerCreating", "x", progress: [0]), at: 90) == "progressing")
        #expect(judge(.failing("ErrImagePull", "x", progress: [1]), at: 118) == "progressing")
        #expect(judge(.failing("ErrImagePull", "x", progress: [1]), at: 119) == "failed")
        #expect(tracker.lastProgress == .seconds(59))
        // Another cause has a minute of its own.
        #expect(judge(.failing("Unschedulable", "x", progress: [1]), at: 120) == "progressing")
        #expect(judge(Readiness(.ready, progress: [1]), at: 130) == "ready")
        #expect(judge(.failing("Unschedulable", "x", progress: [1]), at: 179) == "progressing")
    }
}
