// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Processes
public import Records

/// Follows a job by its record, from whatever process or machine.
public struct JobFollower: Sendable {
    private let store: RecordStore
    private let job: String
    private let time: TimeSource
    private let interval: Duration

    /// Follows a job; `interval` is how often the record is read although no change of it was seen.
    public init(store: RecordStore, job: String, time: TimeSource, interval: Duration) {
        self.store = store
        self.job = job
        self.time = time
        self.interval = interval
    }

    /// Gives the record to `visit`, first as it is and then after each change, until `visit` says that it has seen enough.
    ///
    /// - Throws: `FindingError` when the record is deleted meanwhile; what reading it throws.
    public func follow(_ visit: @Sendable @escaping (JobRecord) async throws -> Bool) async throws {
        let (ticks, source) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await timer(source) }
            group.addTask { await watch(source) }
            defer { group.cancelAll() }
            source.yield()
            for await _ in ticks {
                guard let stored = try await store.job(job) else {
                    throw FindingError(what: "job", wanted: job, isAmbiguous: false, candidates: [])
                }
                if try await visit(stored.record) { return }
            }
        }
    }

    private func timer(_ ticks: AsyncStream<Void>.Continuation) async throws {
        while !Task.isCancelled {
            try await time.sleep(interval)
            ticks.yield()
        }
    }

    /// A watch makes following prompt, the timer makes it certain: so a watch that fails is simply opened again later.
    private func watch(_ ticks: AsyncStream<Void>.Continuation) async {
        let selector = Selector(fields: ["metadata.name": RecordNames.job(store.deployment, job)])
        while !Task.isCancelled {
            do {
                let seen = try await store.client.list(.secret, namespace: store.namespace, selector: selector)
                let events = store.client.watch(
                    .secret, namespace: store.namespace, selector: selector, from: seen.resourceVersion)
                for try await _ in events { ticks.yield() }
                try await time.sleep(.milliseconds(100))
            } catch is CancellationError {
                return
            } catch {
                do {
                    try await time.sleep(interval)
                } catch {
                    return
                }
            }
        }
    }
}
