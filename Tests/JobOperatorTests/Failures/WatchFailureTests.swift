// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.3: watches that go wrong.
///
/// Nothing is lost, and nothing is asked for in a loop.
@Suite(.timeLimit(.minutes(2))) struct WatchFailureTests {
    private static let watches = "watch=true"
    private static let informers = InformerSubject.all.count

    @Test(arguments: [
        WatchFault.end, .breakOff, .error(410), .error(500), .cut(), .cut(isClean: true), .pad(3 << 20), .duplicate,
        .line(#"{"type":"ADDED","object":{"kind""#), .line(#"{"type":"NEWS","object":{}}"#), .line("502 Bad Gateway"),
    ])
    func `a watch that goes wrong loses nothing and costs little`(fault: WatchFault) async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            let requests = try await running.requests {
                // Megabytes for every event of every kind would keep a busy machine for minutes.
                let isLarge = fault == .pad(3 << 20)
                try lab.sandbox.inject(
                    isLarge
                        ? Fault(.watch(fault), path: "iflearnerjobs.*\(Self.watches)")
                        : Fault(.watch(fault), path: Self.watches, count: Self.informers))
                try await lab.createJob("b")
                _ = try await lab.admin.delete(lab.key(.service, "a"))
                try await lab.complete("a", "b")
                try await running.quiet()
            }
            // For each informer a list, a watch and another one; for each job about ten.
            #expect(requests.count <= 3 * Self.informers + 40, "\(requests.summary)")
            #expect(running.controller.metrics.passes(.error) == 0)
            try await running.stop()
        }
    }

    @Test(arguments: [WatchFault.error(410), .end, .breakOff, .error(500), .error(429), .cut(), .line("no JSON")])
    func `a storm of failing watches becomes a poll, not a storm of requests`(fault: WatchFault) async throws {
        try await FailureLab.with(speed: 40) { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            try lab.sandbox.inject(Fault(.watch(fault), path: Self.watches, count: nil))
            let requests = try await running.requests(within: .seconds(40)) { try await lab.createJob("b") }
            // What cannot be watched is seen nevertheless.
            try await lab.complete("b")
            let reads = requests.filter { $0.method == .get && !$0.target.contains("/namespaces/") }
            // A list and a watch in five seconds each, after three that come sooner.
            let most = Self.informers * 2 * (3 + 60 / 5)
            #expect(reads.count <= most, "\(requests.summary)")
            #expect(requests.writes.count <= 20, "\(requests.summary)")
            try lab.sandbox.clearFaults()
            try await lab.createJob("c")
            try await lab.complete("c")
            try await running.stop()
        }
    }

    @Test func `a watch that falls silent counts as broken after a while`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(
                lab, wrap: { GatedTransport(base: $0, patience: .milliseconds(400)) })
            try await lab.createJob("a")
            try await lab.complete("a")
            try lab.sandbox.inject(Fault(.watch(.silence), path: Self.watches, count: Self.informers))
            try await lab.createJob("b")
            _ = try await lab.admin.delete(lab.key(.service, "a"))
            try await lab.complete("a", "b")
            try lab.sandbox.clearFaults()
            try await running.stop()
        }
    }

    @Test func `bookmarks alone cause nothing, and are where a watch goes on`() async throws {
        try await FailureLab.with({ $0.bookmarkInterval = .milliseconds(20) }) { lab in
            let running = LiveOperator(lab)
            try await lab.makeCertificates()
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            let idle = try await running.requests(within: .seconds(10))
            #expect(idle.isEmpty, "\(idle.summary)")
            // What was before the bookmarks is not asked for again, though it is forgotten.
            let resumed = try await running.requests {
                try lab.sandbox.dropConnections()
                try await lab.createJob("b")
                try await lab.complete("b")
            }
            let lists = resumed.filter {
                $0.target.hasPrefix("/apis/git.iflytek.com/v1/iflearnerjobs?") && !$0.target.contains(Self.watches)
            }
            #expect(lists.isEmpty, "\(resumed.summary)")
            try await running.stop()
        }
    }

    @Test func `an old state that is told late is put right by the next one`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            let old = try await lab.createJob("a", host: "old.example")
            try await lab.complete("a")
            try await lab.edit(old.key, ["spec": ["host": "new.example"]])
            try await eventually("the Ingress has the new host") {
                try await lab.child(.ingress, "a")?["spec", "rules"]?[0]?["host"] == "new.example"
            }
            try await running.quiet()
            let event: Value = ["type": "ADDED", "object": old.value]
            let requests = try await running.requests {
                try lab.sandbox.inject(
                    Fault(
                        .watch(.line(String(decoding: event.json(), as: UTF8.self))), path: "iflearnerjobs.*watch=true")
                )
                try await lab.edit(old.key, ["metadata": ["labels": ["touched": "yes"]]])
                try await eventually("the label is seen") {
                    running.controller.cache.job(JobKey(namespace: "default", name: "a"))?.object.labels["touched"]
                        == "yes"
                }
                try await running.quiet()
            }
            #expect(try await lab.child(.ingress, "a")?["spec", "rules"]?[0]?["host"] == "new.example")
            #expect(requests.count <= 12, "\(requests.summary)")
            try await running.stop()
        }
    }
}
