// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Deployment
import Processes
import Records
import Sandbox
import Testing

struct JobFollowerTests {
    @Test func `every change is shown until the job is over`() async throws {
        try await Self.withJob { lab, store, stored in
            let seen = Collector<JobStatus>()
            let follower = Self.follower(store, stored.record.id)
            async let following: Void = follower.follow { record in
                seen.add(record.status)
                return record.status.isFinal
            }
            try await Self.advance(stored, to: [.running, .success], in: store) { seen.all.last == $0 }
            try await following
            #expect(seen.all.first == .pending && seen.all.last == .success)
        }
    }

    @Test func `a job that is over already is shown once`() async throws {
        try await Self.withJob { _, store, stored in
            var record = stored.record
            record.status = .failed
            _ = try await store.write(record, replacing: stored, mark: Self.mark(2))
            let seen = Collector<JobStatus>()
            try await Self.follower(store, record.id).follow { record in
                seen.add(record.status)
                return record.status.isFinal
            }
            #expect(seen.all == [.failed])
        }
    }

    @Test func `a record that is deleted ends it with its name`() async throws {
        try await Self.withJob { lab, store, stored in
            let error = await #expect(throws: FindingError.self) {
                try await Self.follower(store, stored.record.id).follow { record in
                    let key = ObjectKey(.secret, namespace: "iflearner", name: RecordNames.job("lungnet", record.id))
                    _ = try await lab.client().delete(key)
                    return false
                }
            }
            #expect(error?.message == "there is no job '\(stored.record.id)'")
        }
    }

    @Test func `without the right to watch the record is read again and again`() async throws {
        let account = SandboxConfiguration.Account(
            name: "reader", token: "reader-token",
            rules: [Sandbox.AccessRule(verbs: ["get"], groups: [""], resources: ["secrets"])])
        try await Self.withJob(accounts: [account]) { lab, store, stored in
            let limited = RecordStore(client: lab.client("reader-token"), namespace: "iflearner", deployment: "lungnet")
            let seen = Collector<JobStatus>()
            let follower = Self.follower(limited, stored.record.id, interval: .milliseconds(10))
            async let following: Void = follower.follow { record in
                seen.add(record.status)
                return record.status.isFinal
            }
            try await Self.advance(stored, to: [.running, .canceled], in: store) { seen.all.last == $0 }
            try await following
            #expect(seen.all.last == .canceled)
        }
    }

    @Test func `dropped connections do not end it`() async throws {
        try await Self.withJob { lab, store, stored in
            let seen = Collector<JobStatus>()
            let follower = Self.follower(store, stored.record.id, interval: .milliseconds(50))
            async let following: Void = follower.follow { record in
                seen.add(record.status)
                return record.status.isFinal
            }
            lab.server.dropConnections()
            lab.server.forgetHistory()
            try await Self.advance(stored, to: [.running, .success], in: store) { seen.all.last == $0 }
            try await following
            #expect(seen.all.last == .success)
        }
    }

    private static func follower(
        _ store: RecordStore, _ id: String, interval: Duration = .seconds(30)
    ) -> JobFollower {
        JobFollower(store: store, job: id, time: .system, interval: interval)
    }

    /// Writes one status after the other, each once the last one was seen.
    private static func advance(
        _ stored: Stored<JobRecord>, to statuses: [JobStatus], in store: RecordStore,
        wasSeen: (JobStatus) -> Bool
    ) async throws {
        var stored = stored
        for (number, status) in statuses.enumerated() {
            while !wasSeen(stored.record.status) { try await Task.sleep(for: .milliseconds(2)) }
            var record = stored.record
            record.status = status
            stored = try await store.write(record, replacing: stored, mark: mark(number + 2))
        }
    }

    private static func mark(_ sequence: Int) -> WriteMark {
        WriteMark(job: "job", leaseTransitions: 1, sequence: sequence)
    }

    private static func withJob(
        accounts: [SandboxConfiguration.Account] = [],
        _ body: (Lab, RecordStore, Stored<JobRecord>) async throws -> Void
    ) async throws {
        try await Lab.with(accounts: accounts, controlPlane: false) { lab in
            try await lab.makeNamespace("iflearner")
            let store = RecordStore(client: lab.client(), namespace: "iflearner", deployment: "lungnet")
            let record = JobRecord(
                id: "fe846176-0787-4879-9d27-622692ce181c", method: .install, deployment: "lungnet",
                namespace: "iflearner", clusterID: "c", creator: "tester@lab", revision: 1, removal: nil,
                componentTimeout: 600, jobTimeout: 3600, components: ["mysql"], createdAt: TimeSource.system.wall())
            try await body(lab, store, try await store.write(record, replacing: nil, mark: mark(1)))
        }
    }
}
