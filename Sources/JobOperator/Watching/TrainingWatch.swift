// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Synchronization

/// Follows jobs over everything that can break: the API server tells of the jobs, their aggregators of the trainings.
public struct TrainingWatch: Sendable {
    /// What is to be shown.
    public enum Update: Sendable {
        /// The jobs as they are now, and those that are gone since the last time.
        case jobs([JobOverview], gone: [IflearnerJob])
        /// Something is wrong and is tried again.
        case trouble(String)
    }

    /// How many aggregators are asked at each look.
    private static let width = 20

    private let client: ClusterClient
    private let namespace: String?
    private let name: String?
    private let time: TimeSource
    private let interval: Duration
    private let patience: Duration
    private let policy: ReflectorPolicy

    /// Follows the jobs of a namespace, or of all, or one of a name.
    ///
    /// Aggregators are asked every `interval`; a training that does not move for `patience` counts as stalled.
    public init(
        client: ClusterClient, namespace: String?, name: String? = nil, time: TimeSource,
        interval: Duration = .seconds(5), patience: Duration = TrainingVerdict.patience,
        policy: ReflectorPolicy = ReflectorPolicy()
    ) {
        self.client = client.on(.status)
        self.namespace = namespace
        self.name = name
        self.time = time
        self.interval = interval
        self.patience = patience
        self.policy = policy
    }

    /// Tells of every look until the function says that it is enough; it is never called twice at once.
    ///
    /// Not every look is a change: who shows compares.
    public func follow(_ show: @escaping @Sendable (Update) -> Bool) async throws {
        let board = WatchBoard(patience: patience, time: time, show: show)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await followJobs(board) }
            group.addTask { try await askAggregators(board) }
            // Whoever has enough ends the other one.
            _ = try await group.next()
            group.cancelAll()
        }
    }

    private func followJobs(_ board: WatchBoard) async throws {
        let selector = name.map { Selector(fields: ["metadata.name": $0]) } ?? .all
        for try await event in client.reflect(
            JobContract.kind, namespace: namespace, selector: selector, policy: policy)
        {
            if board.take(event) { return }
        }
    }

    private func askAggregators(_ board: WatchBoard) async throws {
        let aggregator = Aggregator(client: client, timeout: min(interval, .seconds(3)))
        // The first look comes as soon as the jobs should be known.
        var pause = min(interval, .milliseconds(300))
        while true {
            try await time.sleep(pause)
            pause = interval
            try await withThrowingTaskGroup(of: Void.self) { group in
                for job in board.next(Self.width) {
                    group.addTask { board.note(try await Self.ask(aggregator, job), of: job) }
                }
                try await group.waitForAll()
            }
            // Also when nobody was asked: time alone makes a training stalled.
            if board.look() { return }
        }
    }

    private static func ask(
        _ aggregator: Aggregator, _ job: IflearnerJob
    ) async throws -> Result<TrainingProgress, AggregatorSilence> {
        do {
            return .success(try await aggregator.progress(of: job))
        } catch let failure as any ClusterFailure {
            return .failure(AggregatorSilence(reason: Aggregator.reason(for: failure)))
        }
    }
}

/// What both halves of a watch know, and who is told of it.
private final class WatchBoard: Sendable {
    private let jobs: Mutex<WatchedJobs>
    private let time: TimeSource
    private let show: @Sendable (TrainingWatch.Update) -> Bool

    init(patience: Duration, time: TimeSource, show: @escaping @Sendable (TrainingWatch.Update) -> Bool) {
        jobs = Mutex(WatchedJobs(patience: patience))
        self.time = time
        self.show = show
    }

    /// Takes over what the API server tells, and shows it; whether that is enough.
    func take(_ event: ReflectorEvent<KubernetesObject>) -> Bool {
        if case .trouble(let failure, _, _) = event {
            return jobs.withLock { _ in show(.trouble(Aggregator.reason(for: failure))) }
        }
        jobs.withLock { $0.apply(event) }
        return look()
    }

    /// The jobs whose aggregators to ask.
    func next(_ limit: Int) -> [IflearnerJob] { jobs.withLock { $0.next(limit, at: time.monotonic()) } }

    /// Takes over what an aggregator said.
    func note(_ answer: Result<TrainingProgress, AggregatorSilence>, of job: IflearnerJob) {
        jobs.withLock { $0.note(answer, of: job, at: time.wall()) }
    }

    /// Shows the jobs; under the lock, so that an earlier state is never shown after a later one.
    func look() -> Bool {
        jobs.withLock { jobs in
            let gone = jobs.takeGone()
            return show(.jobs(jobs.overviews(at: time.wall()), gone: gone))
        }
    }
}
