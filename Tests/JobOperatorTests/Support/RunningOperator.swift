// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import Sockets
import Telemetry
import Testing
import Values

@testable import JobOperator

/// A controller that runs beside a test, with passes of the test's own.
final class RunningOperator: Sendable {
    let controller: Operator
    /// The jobs over which passes began, in order.
    let passes: Shared<[JobKey]>
    /// The lines of its log.
    let lines = Shared<[String]>([])
    private let running: Task<Void, any Error>

    /// What a pass does.
    typealias Pass = @Sendable (JobKey, LeaderDuties.Tools) async throws -> ReconcileOutcome

    /// A pass that finds nothing to do.
    static let settle: Pass = { _, _ in .settled }

    private struct Reconciler: Reconciling {
        let passes: Shared<[JobKey]>
        let tools: LeaderDuties.Tools
        let pass: Pass

        func reconcile(_ key: JobKey) async throws -> ReconcileOutcome {
            passes.change { $0.append(key) }
            return try await pass(key, tools)
        }
    }

    init(
        _ sandbox: TestSandbox, identity: String? = nil, time: TimeSource = .system,
        _ change: (inout OperatorOptions) -> Void = { _ in }, pass: @escaping Pass
    ) throws {
        var options = OperatorOptions()
        options.timing = OperatorTiming().scaled(by: 20)
        // On a busy machine half a second is soon over.
        options.timing.lease = OperatorTiming().lease
        options.timing.drain = OperatorTiming().drain
        options.probes = ListenAddress(host: "127.0.0.1", port: 0)
        options.metrics = ListenAddress(host: "127.0.0.1", port: 0)
        options.election = identity.map {
            LeaderElectionOptions(namespace: "default", host: $0, unique: "1")
        }
        change(&options)
        let metrics = OperatorMetrics()
        let passes = Shared<[JobKey]>([])
        self.passes = passes
        let controller = Operator(
            options,
            client: try TestSandbox.client(
                of: sandbox.server, retry: options.timing.retry, log: { metrics.note($0) }),
            metrics: metrics, time: time, chance: { 0 }, log: Log { [lines] line in lines.change { $0.append(line) } },
            duties: { tools in
                LeaderDuties(reconciler: Reconciler(passes: passes, tools: tools, pass: pass))
            })
        self.controller = controller
        running = Task { try await controller.run() }
    }

    deinit { running.cancel() }

    /// Asks for the end and waits for it.
    func stop() async throws {
        controller.stop()
        try await running.value
    }

    /// Waits for the end that comes by itself.
    func end() async -> Result<Void, any Error> { await running.result }

    /// Ends it as a crash does.
    func kill() async {
        running.cancel()
        _ = await running.result
    }

    /// The names of the jobs over which passes began since the last time, without repetitions.
    func taken() -> Set<String> {
        passes.change { passes in
            defer { passes = [] }
            return Set(passes.map(\.name))
        }
    }

    /// Asks one of its servers.
    func get(_ path: String) async throws -> (status: Int, body: String) {
        let ports = controller.listeningPorts
        let port = try #require(path == "/metrics" ? ports.metrics : ports.probes)
        let transport = CurlTransport(
            ServerEndpoint(url: ServerURL(isSecure: false, host: "127.0.0.1", port: Int(port))))
        let answer = try await transport.send(HTTPRequest(.get, path))
        return (answer.status, String(decoding: answer.body, as: UTF8.self))
    }
}
