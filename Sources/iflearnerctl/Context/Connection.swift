// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Deployment
import Diagnostics
import Processes
import Records
import Rollout

/// The cluster that a command works on.
struct Connection: Sendable {
    /// Speaks to the API server.
    let client: ClusterClient
    /// Who and where, as the kubeconfig says.
    let cluster: ClusterConnection
    /// The namespace of `-n`; nil when it was not given.
    let chosenNamespace: String?
    /// Reads jobs; its events go nowhere.
    private let rollout: Rollout
    private let context: AppContext

    init(_ cluster: ClusterConnection, client: ClusterClient, chosenNamespace: String?, context: AppContext) {
        self.cluster = cluster
        self.client = client
        self.chosenNamespace = chosenNamespace
        self.context = context
        rollout =
            Deployer(
                client: client, time: context.time, timing: context.timing, creator: "", events: { _ in }
            ).rollout
    }

    /// The URL of the API server, which tells clusters apart in the local index.
    var server: String { cluster.endpoint.url.description }

    /// How a worker finds the same cluster.
    var reference: ConnectionReference {
        ConnectionReference(kubeconfigs: cluster.files, context: cluster.files.isEmpty ? nil : cluster.context)
    }

    /// Who starts jobs, as in `admin@lab`.
    private var creator: String { cluster.user.isEmpty ? cluster.context : "\(cluster.user)@\(cluster.context)" }

    /// A deployer whose events go to a function.
    func deployer(_ context: AppContext, events: @escaping @Sendable (EventLine) -> Void) -> Deployer {
        Deployer(client: client, time: context.time, timing: context.timing, creator: creator, events: events)
    }

    // MARK: Finding

    /// Looks for deployments and jobs where `-n` says, else wherever it may.
    func finder(allNamespaces: Bool = false) -> RecordFinder {
        if allNamespaces { return RecordFinder(client: client, scope: .all) }
        if let chosenNamespace { return RecordFinder(client: client, scope: .namespace(chosenNamespace)) }
        var places = knownNamespaces
        if !places.contains(cluster.namespace) { places.append(cluster.namespace) }
        return RecordFinder(client: client, scope: .everywhere(fallback: places))
    }

    /// The namespaces in which this machine has started jobs.
    private var knownNamespaces: [String] {
        guard let state = try? context.stateDirectory() else { return [] }
        var found: [String] = []
        for entry in LocalIndex(state).entries(of: server) where !found.contains(entry.namespace) {
            found.append(entry.namespace)
        }
        return found
    }

    /// How a removal by this machine ended whose record went with its namespace (J-6); nil when nothing is known of it.
    func localVerdict(ofJob id: String) -> LocalVerdict? {
        localVerdicts { $0.isRemoval && $0.job.hasPrefix(id) }.first
    }

    /// The same of a job whose worker may be seeing to the end of the namespace.
    func localVerdict(ofEndingJob id: String) async throws -> LocalVerdict? {
        guard let state = try? context.stateDirectory(),
            LocalIndex(state).entries(of: server).contains(where: { $0.isRemoval && $0.job.hasPrefix(id) })
        else { return nil }
        let deadline = context.time.monotonic() + context.timing.deletionStuck
        while true {
            if let verdict = localVerdict(ofJob: id) { return verdict }
            guard context.time.monotonic() < deadline else { return nil }
            try await context.time.sleep(.milliseconds(50))
        }
    }

    /// The last removal of a deployment that this machine brought to its end; without a name, of the only one.
    func localRemoval(of name: String?) -> LocalVerdict? {
        let removals = localVerdicts { entry in
            entry.isRemoval && (name == nil || entry.deployment == name)
                && (chosenNamespace == nil || entry.namespace == chosenNamespace)
        }.filter { $0.result.code == .success }
        let places = Set(removals.map { [$0.entry.namespace, $0.entry.deployment] })
        return places.count == 1 ? removals.first : nil
    }

    private func localVerdicts(where isWanted: (LocalIndex.Entry) -> Bool) -> [LocalVerdict] {
        guard let state = try? context.stateDirectory() else { return [] }
        return LocalIndex(state).entries(of: server).filter(isWanted).compactMap { LocalVerdict(of: $0, in: state) }
    }

    /// The records of a job's deployment.
    func store(of job: JobRecord) -> RecordStore {
        RecordStore(client: client, namespace: job.namespace, deployment: job.deployment)
    }

    /// A job with the status to show.
    func job(_ id: String) async throws -> JobView {
        let found = try await finder().job(id)
        return try await rollout.job(found.id, of: found.deployment, in: found.namespace)
    }

    /// Jobs with the statuses to show.
    func shown(_ jobs: [JobSummary]) async throws -> [JobSummary] { try await rollout.shown(jobs) }

    /// Asks a job to stop, or deletes its record.
    var jobs: Rollout { rollout }

    // MARK: Checks

    /// What `doctor` says about the connection itself.
    func checks(at now: Timestamp) -> [PreflightCheck] {
        let from = cluster.files.isEmpty ? "inside of a pod" : cluster.files.joined(separator: ", ")
        return [
            PreflightCheck(
                "connection", .ok,
                "context '\(cluster.context)' (\(server)) as '\(cluster.user)', namespace '\(cluster.namespace)', from \(from)"
            )
        ] + cluster.warnings.map { PreflightCheck("kubeconfig", .warn, $0.message, remedy: $0.hint ?? "") }
    }
}

extension AppContext {
    /// Finds out which cluster is meant and opens it; nothing is sent.
    ///
    /// `startsSandbox` tells whether `--sandbox` starts it; commands that only read ask the user to.
    func connect(_ global: GlobalOptions, startsSandbox: Bool = false) async throws -> Connection {
        try connection(to: try await resolve(global, startsSandbox: startsSandbox), global: global)
    }

    /// Finds out which cluster is meant; nothing is sent to it.
    func resolve(_ global: GlobalOptions, startsSandbox: Bool = false) async throws -> ClusterConnection {
        try global.validate()
        if global.noColor { output.disableColour() }
        var options = ConnectionOptions(
            kubeconfig: global.kubeconfig, context: global.context, namespace: global.namespace)
        var environment = environment
        if global.sandbox {
            let sandbox = SandboxHandle(state: try stateDirectory(), context: self)
            options.kubeconfig = try await sandbox.kubeconfig(starting: startsSandbox)
            environment["KUBECONFIG"] = nil
        }
        let cluster = try ClusterConnection.resolve(options, environment: environment, time: time)
        for warning in cluster.warnings { output.message(warning.rendered()) }
        if global.verbose { sayOrigins(of: cluster, global) }
        return cluster
    }

    /// Opens the cluster of a worker's instructions.
    func connect(_ reference: ConnectionReference) async throws -> Connection {
        var environment = environment
        environment["KUBECONFIG"] = reference.kubeconfigs.isEmpty ? nil : reference.kubeconfigs.joined(separator: ":")
        let cluster = try ClusterConnection.resolve(
            ConnectionOptions(context: reference.context), environment: environment, time: time)
        return try connection(to: cluster, global: GlobalOptions(), isWorker: true)
    }

    private func connection(
        to cluster: ClusterConnection, global: GlobalOptions, isWorker: Bool = false
    ) throws -> Connection {
        var retry = RetryPolicy()
        // Somebody is waiting for the first word; a worker is not somebody.
        if !isWorker { retry.firstContactBudget = .seconds(5) }
        retry = retry.scaled(by: timeScale)
        if let limit = global.requestTimeout {
            retry.readTimeout = limit
            // Longer writes could outlive the lock (J-3).
            retry.writeTimeout = min(limit, retry.writeTimeout)
        }
        var log: (@Sendable (RequestRecord) -> Void)?
        if global.verbose { log = { [output] in output.message($0.description) } }
        let client = cluster.makeClient(
            retry: retry, discoveryFolder: try stateDirectory().path + "/discovery", time: time,
            userAgent: "iflearnerctl/\(ToolVersion.current)", log: log)
        return Connection(cluster, client: client, chosenNamespace: global.namespace, context: self)
    }

    private func sayOrigins(of cluster: ClusterConnection, _ global: GlobalOptions) {
        let from =
            global.sandbox
            ? "--sandbox"
            : global.kubeconfig != nil
                ? "--kubeconfig"
                : environment["KUBECONFIG"] != nil ? "$KUBECONFIG" : "the default"
        output.message("kubeconfig: \(cluster.files.joined(separator: ", ")) (\(from))")
        output.message("context: \(cluster.context) (\(global.context == nil ? "current-context" : "--context"))")
        output.message("namespace: \(cluster.namespace) (\(global.namespace == nil ? "context" : "-n"))")
    }
}
