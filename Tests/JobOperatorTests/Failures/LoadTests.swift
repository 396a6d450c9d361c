// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.3: many jobs, the end in the middle of them, and rest.
@Suite(.timeLimit(.minutes(2))) struct LoadTests {
    private func create(_ count: Int, _ lab: FailureLab) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count { group.addTask { try await lab.createJob("job-\(number)") } }
            try await group.waitForAll()
        }
    }

    /// How many objects of a kind there are.
    private func count(_ kind: ChildKind, _ lab: FailureLab) async throws -> Int {
        let objects = try await lab.admin.list(try await kind.served(by: lab.admin), namespace: lab.namespace).items
        return objects.count { $0.name.hasPrefix("job-") }
    }

    private func complete(_ jobs: Int, _ lab: FailureLab) async throws {
        for kind in [ChildKind.pod, .service, .ingress] {
            try await eventually("\(jobs) of \(kind.kind)") { try await count(kind, lab) == jobs }
        }
    }

    @Test func `a hundred jobs at once cost each what one costs`() async throws {
        let jobs = 100
        try await FailureLab.with({ $0.runsControlPlane = false }) { lab in
            try await lab.makeCertificates()
            let running = LiveOperator(lab)
            try await create(jobs, lab)
            try await complete(jobs, lab)
            try await running.quiet()
            let perJob = Double(running.requests.count - 40) / Double(jobs)
            #expect(perJob <= 10, "\(running.requests.summary.prefix(2000))")
            #expect(running.passes.now.count <= jobs * 6)
            #expect(running.controller.metrics.passes(.error) == 0)
            // At rest they cost nothing.
            let idle = try await running.requests(within: .seconds(10))
            #expect(idle.isEmpty, "\(idle.summary)")
            try await running.stop()
        }
    }

    @Test func `SIGTERM among many jobs: who comes next goes on, and nothing is made twice`() async throws {
        let jobs = 30
        try await FailureLab.with({ $0.runsControlPlane = false }) { lab in
            try await create(jobs, lab)
            let first = LiveOperator(
                lab, identity: "a",
                { options in
                    options.timing.lease.writeWindow *= 8
                    // A third of a second is not enough for passes to come to their end.
                    options.timing.drain *= 8
                })
            try await eventually("it is in the middle") { first.passes.now.count > jobs / 4 }
            try await first.stop()
            let made = try await count(.pod, lab)
            let uids = Set(try await lab.admin.list(.pod).items.compactMap(\.uid))
            let second = LiveOperator(lab, identity: "b", { $0.timing.lease.writeWindow *= 8 })
            try await complete(jobs, lab)
            try await second.quiet()
            #expect(made == uids.count)
            #expect(uids.isSubset(of: Set(try await lab.admin.list(.pod).items.compactMap(\.uid))))
            #expect(first.controller.metrics.passes(.error) == 0)
            try await second.stop()
        }
    }

    @Test func `at rest: renewals of the lease, and once in a while a look for what is missing`() async throws {
        try await FailureLab.with(speed: 30) { lab in
            let running = LiveOperator(lab, identity: "a", { $0.timing.lease.writeWindow *= 8 })
            try await create(10, lab)
            try await complete(10, lab)
            try await lab.complete("job-0")
            try await running.quiet()
            // Nobody has made the certificates.
            let minute = try await running.requests(within: .seconds(60))
            let renewals = minute.filter { $0.target.contains("/leases/") }
            #expect(renewals.count <= 31, "\(minute.summary)")
            #expect(minute.count - renewals.count <= 3 * 3, "\(minute.summary)")
            #expect(minute.writes.count == renewals.count, "\(minute.summary)")
            try await running.stop()
        }
    }
}
