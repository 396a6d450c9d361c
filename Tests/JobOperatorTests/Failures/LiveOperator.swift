// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Synchronization
import Telemetry
import TestSupport
import Testing
import Values

@testable import JobOperator

/// The controller with the duties of the product, beside a test.
final class LiveOperator: Sendable {
    let controller: Operator
    /// The jobs over which passes began, in order.
    let passes = Shared<[JobKey]>([])
    /// The lines of its log.
    let lines = Shared<[String]>([])
    private let lab: FailureLab
    private let exchanges = Shared<[Exchange]>([])
    private let underWay = Shared(0)
    private let running: Task<Void, any Error>

    /// A request and when it was over, by the clocks of the test.
    private struct Exchange: Sendable {
        let moment: Duration
        let record: RequestRecord
    }

    private struct Counting: Reconciling {
        let passes: Shared<[JobKey]>
        let base: any Reconciling

        func reconcile(_ key: JobKey) async throws -> ReconcileOutcome {
            passes.change { $0.append(key) }
            return try await base.reconcile(key)
        }
    }

    /// On a busy machine half a second is soon over, and a second of the test's clocks is a twentieth.
    static let patientLease: LeaseTerms = {
        var terms = OperatorTiming().lease
        terms.duration *= 8
        terms.writeWindow *= 8
        return terms
    }()

    /// Starts one; `wrap` puts something between it and the network.
    init(
        _ lab: FailureLab, identity: String? = nil, authenticator: Authenticator? = nil, time: TimeSource? = nil,
        _ change: (inout OperatorOptions) -> Void = { _ in },
        wrap: (any HTTPTransport) -> any HTTPTransport = { $0 }
    ) {
        self.lab = lab
        var options = OperatorOptions()
        if lab.server == nil { options.namespaces = [lab.namespace] }
        options.election = identity.map {
            LeaderElectionOptions(namespace: lab.namespace, host: $0, unique: "1")
        }
        // On a busy machine a quarter of an hour of quick clocks is soon over: standing trainings are looked at elsewhere.
        options.timing.polling.patience *= 100
        change(&options)
        let time = time ?? lab.time.source
        let metrics = OperatorMetrics()
        let client = ClusterClient(
            transport: CountingTransport(base: wrap(CurlTransport(lab.endpoint)), underWay: underWay),
            authenticator: authenticator ?? lab.authenticator,
            retry: options.timing.retry, time: time, userAgent: "operator-test",
            log: { [exchanges] record in
                metrics.note(record)
                exchanges.change { $0.append(Exchange(moment: lab.time.now, record: record)) }
            })
        let controller = Operator(
            options, client: client, metrics: metrics, time: time,
            log: Log { [lines] line in lines.change { $0.append(line) } },
            duties: { [passes] tools in
                var duties = LeaderDuties.product(tools)
                duties.reconciler = Counting(passes: passes, base: duties.reconciler)
                return duties
            })
        self.controller = controller
        running = Task { try await controller.run() }
    }

    deinit { running.cancel() }

    /// What it asked of the server so far: no polls of aggregators, which are bounded elsewhere, and no discovery, which
    /// takes two requests or forty.
    var requests: [RequestRecord] { requests(exchanges.now) }

    private func requests(_ exchanges: some Sequence<Exchange>) -> [RequestRecord] {
        exchanges.map(\.record).filter { !$0.target.contains("/proxy/") && !$0.isDiscovery }
    }

    /// The requests that a body is long enough for.
    func requests(of body: () async throws -> Void) async throws -> [RequestRecord] {
        let before = requests.count
        try await body()
        return Array(requests.dropFirst(before))
    }

    /// The requests of so long a time, by the clocks of the test, however late the machine is; a body begins with it.
    func requests(
        within duration: Duration, of body: () async throws -> Void = {}
    ) async throws -> [RequestRecord] {
        let before = exchanges.now.count
        let end = lab.time.now + duration
        try await body()
        while lab.time.now < end { try await lab.time.sleep(end - lab.time.now) }
        return requests(exchanges.now.dropFirst(before).filter { $0.moment < end })
    }

    /// Waits until nothing is on its way: the cluster is at rest, the controller knows all of it and has nothing to do about it.
    ///
    /// What comes with the time alone can come nevertheless: renewals of the lease, questions to aggregators, and passes that
    /// were put off.
    func quiet(sourceLocation: SourceLocation = #_sourceLocation) async throws {
        var last: Int?
        try await eventually("everything is at rest", sourceLocation: sourceLocation) {
            let wasAtRest = await lab.isAtRest()
            let knowsEverything = try await knowsEverything()
            let count = requests.count { !$0.target.contains("/leases") }
            guard wasAtRest, knowsEverything, isIdle else {
                last = nil
                return false
            }
            // What lies between its parts, such as an event that is about to be written, would come meanwhile.
            if last == count { return true }
            last = count
            try await Task.sleep(for: .milliseconds(100))
            return false
        }
    }

    /// Whether it makes no pass and no request, and no pass has failed.
    private var isIdle: Bool {
        let queue = controller.queue
        let statistics = queue.statistics
        return statistics.depth == 0 && statistics.active == 0 && underWay.now == 0
            && controller.cache.jobs.allSatisfy { queue.failures(of: $0) == 0 }
    }

    /// Whether its cache has the newest version of every object.
    private func knowsEverything() async throws -> Bool {
        let namespace = lab.server == nil ? lab.namespace : nil
        for subject in InformerSubject.all {
            let known: [CachedObject]
            switch subject {
            case .jobs: known = controller.cache.state.withLock { Array($0.jobs.values) }
            case .children(let kind):
                known = controller.cache.state.withLock { Array(($0.children[kind] ?? [:]).values) }
            case .policy: continue
            }
            let there = try await lab.admin.listMetadata(
                try await subject.served(by: lab.admin), namespace: namespace, selector: subject.selector)
            let versions = Set(known.map { "\($0.key) \($0.uid) \($0.resourceVersion)" })
            let current = there.items.map { CachedObject($0, identityOnly: true) }
            guard versions == Set(current.map { "\($0.key) \($0.uid) \($0.resourceVersion)" }) else { return false }
        }
        return true
    }

    /// Ends it as SIGTERM does.
    func stop() async throws {
        controller.stop()
        try await running.value
    }

    /// Waits for the end that comes by itself.
    func end() async -> Result<Void, any Error> { await running.result }
}

/// A transport that knows how many requests wait for their answers: no watches, renewals and polls of aggregators.
private struct CountingTransport: HTTPTransport {
    let base: any HTTPTransport
    let underWay: Shared<Int>

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard !request.target.contains("/leases"), !request.target.contains("/proxy/") else {
            return try await base.send(request)
        }
        underWay.change { $0 += 1 }
        defer { underWay.change { $0 -= 1 } }
        return try await base.send(request)
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream { try await base.stream(request) }
}

extension RequestRecord {
    /// Whether it asks what the server serves: `/api`, `/apis`, `/api/v1`, `/apis/apps/v1`.
    fileprivate var isDiscovery: Bool {
        let path = target.prefix { $0 != "?" }.split(separator: "/")
        return path.first == "api" ? path.count <= 2 : path.first == "apis" && path.count <= 3
    }
}

extension [RequestRecord] {
    /// Those that change something.
    var writes: [RequestRecord] { filter { $0.method != .get } }

    /// How often each target was asked for: what a test that fails shows.
    var summary: String {
        Dictionary(grouping: self) { record in
            "\(record.method.rawValue) \(record.target.prefix { $0 != "?" }) \(record.status.map(String.init) ?? "-")"
        }.map { "\n\($0.value.count) \($0.key)" }.sorted().joined()
    }
}
