// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.3: people and other programs that change what the controller made.
@Suite(.timeLimit(.minutes(2))) struct HandsTests {
    @Test(arguments: [ChildKind.pod, .service, .ingress])
    func `D4, D6: what is deleted comes back`(kind: ChildKind) async throws {
        try await FailureLab.anywhere { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            for _ in 0..<3 {
                let old = try #require(try await lab.child(kind, "a"))
                let requests = try await running.requests {
                    _ = try await lab.admin.delete(old.key, options: DeleteOptions(gracePeriodSeconds: 0))
                    try await eventually("another one is there") {
                        guard let new = try await lab.child(kind, "a") else { return false }
                        return new.uid != old.uid
                    }
                    try await lab.complete("a")
                    try await running.quiet()
                }
                #expect(requests.count <= 30, "\(requests.summary)")
            }
            try await running.stop()
        }
    }

    @Test func `D8: what is edited is put right; a pod is left as it is`() async throws {
        try await FailureLab.anywhere { lab in
            let running = LiveOperator(lab)
            let job = try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            let pod = try await lab.child(.pod, "a")
            let requests = try await running.requests {
                let ingress = try #require(try await lab.child(.ingress, "a"))
                try await lab.edit(ingress.key, ["metadata": ["annotations": .null, "labels": .null]])
                try await lab.edit(
                    lab.key(.service, "a"),
                    ["spec": ["selector": ["app": "b", "x": "y"], "ports": [["name": "p", "port": 81]]]])
                try await lab.edit(job.key, ["spec": ["host": "other.example"]])
                try await eventually("everything is as the job asks for") {
                    let ingress = try await lab.child(.ingress, "a")
                    let service = try await lab.child(.service, "a")
                    return ingress?["spec", "rules"]?[0]?["host"] == "other.example"
                        && ingress?.annotations["nginx.ingress.kubernetes.io/backend-protocol"] == "GRPC"
                        && service?["spec", "selector"] == ["app": "a"]
                        && service?["spec", "ports"]?.array?.compactMap { $0["port"] } == [80, 82]
                }
                // What cannot be changed any more is told instead.
                try await lab.edit(
                    job.key,
                    ["spec": ["template": ["spec": ["containers": [["name": "a", "image": "iflearner:v2"]]]]]])
                try await eventually("it is told") { try await lab.job("a").condition(.templateApplied)?.status == .no }
                try await running.quiet()
            }
            #expect(try await lab.child(.pod, "a")?.uid == pod?.uid)
            #expect(requests.count <= 60, "\(requests.summary)")
            try await running.stop()
        }
    }

    @Test func `a storm of writers costs what they write and no more`() async throws {
        try await FailureLab.anywhere { lab in
            let running = LiveOperator(lab)
            let job = try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            let writers = 20
            let rounds = 5
            let requests = try await running.requests {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for writer in 0..<writers {
                        group.addTask {
                            for round in 0..<rounds {
                                let patch: Value = ["metadata": ["annotations": ["w\(writer)": .string("\(round)")]]]
                                try await lab.edit(job.key, patch)
                                try await lab.edit(lab.key(.service, "a"), patch)
                                try await lab.edit(
                                    lab.key(.service, "a"), ["spec": ["selector": ["app": .string("w\(writer)")]]])
                            }
                        }
                    }
                    try await group.waitForAll()
                }
                try await eventually("the Service is as it should be") {
                    try await lab.child(.service, "a")?["spec", "selector"] == ["app": "a"]
                }
                try await running.quiet()
            }
            // A pass for each change at most, most of them in one, with few requests each.
            #expect(requests.count <= writers * rounds * 6, "\(requests.summary)")
            #expect(running.controller.queue.failures(of: JobKey(namespace: lab.namespace, name: "a")) == 0)
            try await lab.complete("a")
            try await running.stop()
        }
    }

    @Test func `whoever undoes a status as soon as it is written, as a second controller does, is answered slowly`()
        async throws
    {
        try await FailureLab.anywhere { lab in
            try await lab.makeCertificates()
            let running = LiveOperator(lab)
            let job = try await lab.createJob("a")
            try await lab.complete("a")
            let other = Task {
                // Upstream's writes the pod's status alone.
                while !Task.isCancelled {
                    let conditions = try await lab.job("a").status?["conditions"]?.array ?? []
                    if !conditions.isEmpty {
                        try await lab.edit(job.key, ["status": ["conditions": .null]], subresource: "status")
                    }
                    try await Task.sleep(for: .milliseconds(1))
                }
            }
            defer { other.cancel() }
            try await eventually("they go on and on") { running.passes.now.count >= PassPace.burst }
            let requests = try await running.requests { try await lab.time.sleep(.seconds(60)) }
            #expect(requests.count <= 2 * 60 / 5 + 10, "\(requests.summary)")
            other.cancel()
            _ = await other.result
            try await lab.complete("a")
            try await running.stop()
        }
    }

    @Test func `D5, C12: a job that is deleted and made again in the same second starts over`() async throws {
        try await FailureLab.anywhere { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            var uids: Set<String> = []
            let requests = try await running.requests {
                for _ in 0..<3 {
                    try await lab.deleteJob("a")
                    try await lab.createJob("a")
                    try await lab.complete("a")
                    uids.insert(try #require(try await lab.child(.pod, "a")?.uid))
                }
                try await running.quiet()
            }
            #expect(uids.count == 3)
            #expect(requests.count <= 3 * 60, "\(requests.summary)")
            try await running.stop()
        }
    }

    @Test func `a pod whose finalizer is stuck is waited for with patience`() async throws {
        try await FailureLab.anywhere { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await lab.edit(lab.key(.pod, "a"), ["metadata": ["finalizers": ["example.com/stuck"]]])
            try await lab.deleteJob("a")
            try await lab.createJob("a")
            try await eventually("it says for what it waits") {
                try await lab.job("a").condition(.podCreated)?.reason == "NameInUse"
            }
            try await running.quiet()
            let requests = try await running.requests(within: .seconds(20))
            #expect(requests.count <= 2 * 12, "\(requests.summary)")
            try await lab.edit(lab.key(.pod, "a"), ["metadata": ["finalizers": .null]])
            try await lab.complete("a")
            try await running.stop()
        }
    }

    @Test func `D4: a stranger's object of the name is left alone, and its end is not waited for in vain`() async throws
    {
        try await FailureLab.anywhere { lab in
            var service = KubernetesObject(lab.key(.service, "a"))
            service.value["spec"] = ["selector": ["app": "theirs"], "ports": [["port": 5432]]]
            service.labels = ["app": "a"]
            let theirs = try await lab.admin.create(service).object
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await eventually("it is told") { try await lab.job("a").condition(.serviceReady)?.status == .no }
            try await eventually("the pod is there") { try await lab.child(.pod, "a") != nil }
            try await running.quiet()
            let requests = try await running.requests(within: .seconds(20))
            #expect(requests.count <= 12, "\(requests.summary)")
            let now = try await lab.child(.service, "a")
            #expect(now?.resourceVersion == theirs.resourceVersion)
            _ = try await lab.admin.delete(service.key)
            try await lab.complete("a")
            try await running.stop()
        }
    }
}
