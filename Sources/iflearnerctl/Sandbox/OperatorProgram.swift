// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Diagnostics
import JobOperator
import Processes
import Sandbox
import Telemetry

/// `iflearnerctl operator run` in a pod of the sandbox: the same controller, in the sandbox's own process.
///
/// It reaches the API server as the pod's service account does, with no more rights than the chart grants. Only its probes
/// and metrics are not served: all pods of the sandbox share the ports of one machine.
enum OperatorProgram {
    /// The program for pods whose command line is this command's.
    static func program(time: TimeSource) -> SandboxProgram {
        SandboxProgram(
            reportsReadiness: true,
            matches: { _, commandLine in commandLine.prefix(3) == ["iflearnerctl", "operator", "run"] },
            run: { try await run($0, time: time) })
    }

    private static func run(_ pod: PodProgram, time: TimeSource) async throws {
        let command = try command(of: pod)
        let log = command.log(time: time) { pod.log($0) }
        let timing = command.timing(scaledBy: max(1, Int(pod.timeScale)))
        var options = command.options(timing, environment: pod.environment, namespace: pod.namespace)
        (options.probes, options.metrics) = (nil, nil)
        let counters = OperatorMetrics()
        let controller = Operator(
            options, client: try client(of: pod, timing, time, counters), metrics: counters, time: time, log: log)
        // A pod that is deleted gets SIGTERM: what is being done is ended, and the lease given back.
        let running = Task { try await controller.run() }
        // What the readiness probe of the pod would ask, once a second.
        let probe = Task {
            while true {
                pod.setReady(controller.obstacles.isEmpty)
                try await time.sleep(.seconds(1) / pod.timeScale)
            }
        }
        defer { probe.cancel() }
        try await withTaskCancellationHandler {
            do {
                try await running.value
            } catch let error as OperatorError {
                throw ProgramExit(1, error.diagnostic.message)
            }
        } onCancel: {
            controller.stop()
        }
    }

    private static func command(of pod: PodProgram) throws -> OperatorRun {
        let parser = CommandParser(commandTree, shared: GlobalOptions.parameters.map(\.description))
        let invocation: Invocation<AppContext>
        do {
            invocation = try parser.parse(Array(pod.commandLine.dropFirst()))
        } catch {
            throw ProgramExit(Int(CommandStatus.usage.rawValue), error.message)
        }
        guard case .run(let command as OperatorRun) = invocation else {
            throw ProgramExit(Int(CommandStatus.usage.rawValue), "the command line asks for help")
        }
        return command
    }

    private static func client(
        of pod: PodProgram, _ timing: OperatorTiming, _ time: TimeSource, _ counters: OperatorMetrics
    ) throws -> ClusterClient {
        guard let token = pod.token else {
            throw ProgramExit(1, "the pod mounts no token of its service account (automountServiceAccountToken)")
        }
        var endpoint = ServerEndpoint(
            url: try ServerURL(pod.serverURL), trust: .authorities(Array(pod.authorityPEM.utf8)))
        endpoint.disablesHTTP2 = true
        return ClusterClient(
            transport: CurlTransport(endpoint),
            authenticator: Authenticator(Credentials(authorization: "Bearer \(token)")), retry: timing.retry,
            time: time,
            userAgent: OperatorRun.userAgent, log: { counters.note($0) })
    }
}
