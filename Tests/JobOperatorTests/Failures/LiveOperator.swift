// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Telemetry
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
    private let exchanges = Shared<[RequestRecord]>([])
    /// How many requests it waits for, renewals of its lease aside.
    private let open = Shared(0)
    private let running: Task<Void, any Error>

    private struct Counting: Reconciling {
        let passes: Shared<[JobKey]>
        let base: any Reconciling

        func reconcile(_ key: JobKey) async throws -> ReconcileOutcome {
            passes.change { $0.append(key) }
            return try await base.reconcile(key)
        }
    }

    /// Starts one; `wrap` puts something between it and the network.
    init(
        _ lab: FailureLab, identity: String? = nil, authenticator: Authenticator? = nil, time: TimeSource? = nil,
        _ change: (inout OperatorOptions) -> Void = { _ in },
        wrap: (any HTTPTransport) -> any HTTPTransport = { $0 }
    ) {
        var options = OperatorOptions()
        if lab.server == nil { options.namespaces = [lab.namespace] }
        options.election = identity.map {
            LeaderElectionOptions(namespace: lab.namespace, host: $0, unique: "1")
        }
        change(&options)
        let time = time ?? lab.time.source
        let metrics = OperatorMetrics()
        let client = ClusterClient(
            transport: CountedTransport(base: wrap(CurlTransport(lab.endpoint)), open: open),
            authenticator: authenticator ?? lab.authenticator,
            retry: options.timing.retry, time: time, userAgent: "operator-test",
            log: { [exchanges] record in
                metrics.note(record)
                exchanges.change { $0.append(record) }
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
    var requests: [RequestRecord] { exchanges.now.filter { !$0.target.contains("/proxy/") && !$0.isDiscovery } }

    /// The requests that a body is long enough for.
    func requests(of body: () async throws -> Void) async throws -> [RequestRecord] {
        let before = requests.count
        try await body()
        return Array(requests.dropFirst(before))
    }

    /// Waits until it asks for nothing for a moment, renewals of its lease aside, and waits for no answer.
    func quiet() async throws {
        var last = -1
        var count = 0
        while count != last || open.now > 0 || isBusy {
            last = count
            try await Task.sleep(for: .milliseconds(100))
            count = requests.count { !$0.target.contains("/leases") }
        }
    }

    private var isBusy: Bool {
        let statistics = controller.queue.statistics
        return statistics.depth + statistics.active > 0
    }

    /// Ends it as SIGTERM does.
    func stop() async throws {
        controller.stop()
        try await running.value
    }

    /// Waits for the end that comes by itself.
    func end() async -> Result<Void, any Error> { await running.result }
}

/// A network that counts what is under way.
private struct CountedTransport: HTTPTransport {
    let base: any HTTPTransport
    let open: Shared<Int>

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard !request.target.contains("/leases"), !request.target.contains("/proxy/") else {
            return try await base.send(request)
        }
        open.change { $0 += 1 }
        defer { open.change { $0 -= 1 } }
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
