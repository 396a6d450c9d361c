// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
import Sockets
import Synchronization
public import Telemetry
import Values

/// The controller of IflearnerJobs, whole: informers, election, workers, probes and metrics.
///
/// It runs once, until ``stop()`` or until it loses the lead. Cancelling the task of ``run()`` ends it like a crash: nothing is
/// waited for and the lease is not given back.
public final class Operator: Sendable {
    /// What it has counted.
    public let metrics: OperatorMetrics
    /// What it knows.
    public let cache = JobCache()
    let options: OperatorOptions
    let client: ClusterClient
    let time: TimeSource
    let log: Log
    let queue: WorkQueue<JobKey>
    let board: InformerBoard
    let stopping = Latch()
    let failures = RepeatedFailures<JobKey>()
    let pace: PassPace
    private let chance: @Sendable () -> Double
    private let duties: @Sendable (LeaderDuties.Tools) -> LeaderDuties
    /// Whether jobs are put into the queue: not before there is somebody to take them out.
    private let isWorking = Atomic(false)
    private let ports = Mutex<(probes: UInt16?, metrics: UInt16?)>((nil, nil))

    /// Makes a controller; nothing happens yet.
    ///
    /// - Parameters:
    ///   - options: How it runs.
    ///   - client: Must not try for long by itself: `OperatorTiming.retry` is made for it.
    ///   - metrics: Counts; whoever makes the client may let it count requests.
    ///   - time: The clocks.
    ///   - chance: Chance in `0..<1`, for jitter.
    ///   - log: Where is said what happens.
    ///   - duties: What is done while it leads.
    public init(
        _ options: OperatorOptions, client: ClusterClient, metrics: OperatorMetrics = OperatorMetrics(),
        time: TimeSource = .system, chance: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        log: Log = .silent, duties: @escaping @Sendable (LeaderDuties.Tools) -> LeaderDuties = LeaderDuties.product
    ) {
        self.options = options
        self.client = client
        self.metrics = metrics
        self.time = time
        self.chance = chance
        self.log = log
        self.duties = duties
        queue = WorkQueue(longestDelay: options.timing.longestRetry, time: time)
        pace = PassPace(interval: options.timing.restlessInterval)
        let scopes: [String?] = options.namespaces.isEmpty ? [nil] : Set(options.namespaces).sorted()
        board = InformerBoard(
            scopes.flatMap { scope in
                InformerSubject.all.map { InformerBoard.Entry(subject: $0, namespace: scope) }
            })
    }

    // MARK: Asking

    /// Asks for the end: passes that are being made are ended, no other is begun, and the lease is given back.
    public func stop() {
        stopping.open()
        queue.shutDown()
    }

    /// Why it is not ready, a line for each reason; empty when it is.
    public var obstacles: [String] { board.obstacles }

    /// Whether it leads and works.
    public var isLeading: Bool { isWorking.load(ordering: .acquiring) }

    /// The ports that are listened on for probes and for metrics, while it runs.
    public var listeningPorts: (probes: UInt16?, metrics: UInt16?) { ports.withLock { $0 } }

    // MARK: Running

    /// Runs until it is stopped.
    ///
    /// - Throws: `OperatorError`; `CancellationError`.
    public func run() async throws {
        let servers = try StatusServers(self)
        ports.withLock { $0 = servers.ports }
        log.info(
            "begins",
            [
                "namespaces": options.namespaces.isEmpty ? "all" : .array(options.namespaces.map(Value.string)),
                "workers": .int(Int64(options.workers)), "election": .bool(options.election != nil),
                "probes": .string(options.probes?.description ?? ""),
                "metrics": .string(options.metrics?.description ?? ""),
            ])
        do {
            try await followAndWork()
        } catch {
            await servers.stop()
            throw error
        }
        await servers.stop()
        log.info("ends")
    }

    private func followAndWork() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            let informerFailures = RepeatedFailures<InformerBoard.Entry>()
            for entry in board.entries {
                let informer = Informer(
                    entry: entry, client: client, cache: cache, board: board, timing: options.timing, time: time,
                    log: log, failures: informerFailures, deliver: { [self] in look(at: $0) })
                group.addTask { try await informer.run() }
            }
            group.addTask { [self] in try await leadAndWork() }
            // Informers end by cancellation alone: the first that ends is the work.
            try await group.next()
        }
    }

    private func leadAndWork() async throws {
        guard let election = options.election else {
            metrics.isLeader = true
            return try await work(as: nil)
        }
        let campaign = LeaderElection(
            election, client: client, terms: options.timing.lease, time: time, chance: chance, log: log)
        guard let lease = try await beforeStop({ try await campaign.lead() }) else { return }
        metrics.isLeader = true
        defer { metrics.isLeader = false }
        try await withThrowingTaskGroup(of: Void.self) { group in
            defer { group.cancelAll() }
            group.addTask { [self] in try await work(as: lease) }
            group.addTask { try await campaign.keep(lease) }
            try await group.next()
        }
        await campaign.release(lease)
    }

    /// Something that is given up when the end is asked for; nil then.
    private func beforeStop<Result: Sendable>(
        _ body: @escaping @Sendable () async throws -> Result
    ) async throws -> Result? {
        try await withThrowingTaskGroup(of: Result?.self) { group in
            defer { group.cancelAll() }
            group.addTask { try await body() }
            group.addTask { [stopping] in
                try await stopping.wait()
                return nil
            }
            return try await group.next() ?? nil
        }
    }

    private func work(as lease: HeldLease?) async throws {
        guard try await beforeStop({ [board] in try await board.ready() }) != nil else { return }
        log.info("knows everything", ["jobs": .int(Int64(cache.jobs.count))])
        let tools = LeaderDuties.Tools(
            client: lease.map(guarded) ?? client, cache: cache, timing: options.timing, time: time, chance: chance,
            log: log, look: { [self] in look(at: [$0]) })
        isWorking.store(true, ordering: .releasing)
        defer { isWorking.store(false, ordering: .releasing) }
        // From now on informers tell of every change; what they told before is what the cache has now.
        look(at: cache.jobs.sorted())
        try await attend(duties(tools))
    }

    /// A client that begins no write unless nobody else can lead.
    private func guarded(by lease: HeldLease) -> ClusterClient {
        client.guardingWrites {
            guard lease.mayWrite else { throw OperatorError.leadershipLost("the lease was not renewed in time") }
        }
    }

    private func look(at jobs: [JobKey]) {
        guard isLeading else { return }
        for job in jobs { queue.add(job) }
    }
}
