// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Arguments
import ClusterAPI
import Crypto
import Deployment
import Diagnostics
import JobOperator
import Processes
import Rollout
import Sockets
public import Telemetry
import Values

/// `operator run`: the controller of IflearnerJobs in the foreground.
struct OperatorRun: ProgramCommand {
    static let manual = Manual(
        "run", summary: "Run the controller of IflearnerJobs in the foreground",
        discussion: """
            It makes the pod, the Service and the Ingress of every IflearnerJob and keeps its status, as the upstream \
            operator does, whose flags it takes. It watches all namespaces, or those of -n and --watch-namespace; the \
            namespace of the kubeconfig does not count. SIGTERM ends it in order, with code 0.
            """,
        examples: [
            .init("iflearnerctl operator run --sandbox", "Run the training jobs of the sandbox."),
            .init("iflearnerctl operator run -n default", "One namespace: a Role there is all it needs."),
            .init("iflearnerctl operator run --leader-elect", "One of several, as in a Deployment."),
        ])
    static let parameters: [Parameter<OperatorRun>] =
        [
            .options(
                "watch-namespace", nil, \.watchNamespaces, "NAME", "Run the jobs of this namespace; may be repeated."),
            .option("workers", nil, \.workers, "N", "How many jobs are worked on at once (default 4)."),
            .flag("leader-elect", nil, \.leaderElect, "Work only as the holder of a Lease: one of several."),
            .option(
                "leader-election-namespace", nil, \.electionNamespace, "NAME",
                "The namespace of the Lease (default: the pod's own, or the context's)."),
            .option("leader-election-id", nil, \.electionName, "NAME", "The name of the Lease (default: upstream's)."),
            .option(
                "health-probe-bind-address", nil, \.probes, "ADDRESS",
                "Where /healthz and /readyz are served (default :8081); 0 for nowhere."),
            .option(
                "metrics-bind-address", nil, \.metrics, "ADDRESS",
                "Where /metrics is served (default :8080); 0 for nowhere."),
            .option(
                "training-interval", nil, \.trainingInterval, "DURATION",
                "How often aggregators are asked how far trainings are (default 30s); 0 for never."),
            .option(
                "stalled-after", nil, \.stalledAfter, "DURATION",
                "How long a training may stand still before it is Stalled (default 15m)."),
            .option("log-format", nil, \.logFormat, "FORMAT", "How the log is written (default text)."),
        ] + ZapFlags.lifted(\.zap) + GlobalOptions.lifted(\.global)

    var watchNamespaces: [String] = []
    var workers = 4
    var leaderElect = false
    var electionNamespace: String?
    var electionName = JobContract.leaseName
    var probes = BindAddress.port(8081)
    var metrics = BindAddress.port(8080)
    var trainingInterval: Duration?
    var stalledAfter: Duration?
    var logFormat: Log.Format?
    var zap = ZapFlags()
    var global = GlobalOptions()

    func validate() throws(UsageError) {
        guard (1...64).contains(workers) else { throw UsageError("--workers takes 1 to 64") }
        if let trainingInterval, trainingInterval > .zero, trainingInterval < .seconds(1) {
            throw UsageError("--training-interval takes 1s or more, or 0 for never")
        }
        if let stalledAfter, stalledAfter < .seconds(1) { throw UsageError("--stalled-after takes 1s or more") }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let log = log(time: context.time) { context.output.message($0) }
        let timing = timing(scaledBy: context.timeScale)
        let counters = OperatorMetrics()
        // Where it works is told by -n alone, and where it runs by everything else.
        var place = global
        place.namespace = nil
        let cluster = try await context.resolve(place, startsSandbox: true)
        var retry = timing.retry
        if let limit = global.requestTimeout { (retry.readTimeout, retry.writeTimeout) = (limit, limit) }
        let client = cluster.makeClient(
            retry: retry, time: context.time, userAgent: Self.userAgent,
            log: { request in
                counters.note(request)
                log.debug("request", ["request": .string("\(request)")])
            })
        let controller = Operator(
            options(timing, environment: context.environment, namespace: cluster.namespace), client: client,
            metrics: counters, time: context.time, log: log)
        let signals = SignalStream.signals([.interrupt, .terminate])
        let listening = Task {
            for await signal in signals {
                log.info("is asked to end", ["signal": .string("\(signal)")])
                controller.stop()
                // Whoever asks twice does not want to wait.
                SignalStream.restoreDefault(signal)
            }
        }
        defer { listening.cancel() }
        do {
            try await controller.run()
        } catch let error as OperatorError {
            guard case .leadershipLost = error else { throw error }
            log.error("ends", ["error": .string(error.diagnostic.message)])
            return CommandStatus(rawValue: Int32(ExitCode.internalError.rawValue))
        }
        return .success
    }
}

// MARK: What the flags say, in a process of its own and in a pod of the sandbox

extension OperatorRun {
    static let userAgent = "iflearnerctl-operator/\(ToolVersion.current)"

    func log(time: TimeSource, to write: @escaping @Sendable (String) -> Void) -> Log {
        Log(
            from: global.verbose || zap.isDebug ? .debug : .info, as: logFormat ?? zap.format ?? .text, time: time,
            to: write)
    }

    func timing(scaledBy divisor: Int) -> OperatorTiming {
        var timing = OperatorTiming().scaled(by: divisor)
        if let trainingInterval {
            timing.polling.interval = trainingInterval
            timing.polling.longestInterval = max(timing.polling.longestInterval, trainingInterval)
        }
        if let stalledAfter { timing.polling.patience = stalledAfter }
        return timing
    }

    /// `namespace` is where the controller itself is.
    func options(
        _ timing: OperatorTiming, environment: [String: String], namespace: String
    ) -> OperatorOptions {
        var options = OperatorOptions()
        options.namespaces = watchNamespaces + (global.namespace.map { [$0] } ?? [])
        options.workers = workers
        options.probes = probes.address
        options.metrics = metrics.address
        options.timing = timing
        guard leaderElect else { return options }
        let pod = environment["POD_NAME"].flatMap { $0.isEmpty ? nil : $0 }
        options.election = LeaderElectionOptions(
            namespace: electionNamespace ?? namespace, name: electionName, host: pod ?? ProcessIdentity.current.host)
        return options
    }
}

extension Log.Format: ArgumentValue {}
