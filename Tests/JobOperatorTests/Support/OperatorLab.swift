// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import JobOperator
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import ClusterAPI

/// A sandbox with IflearnerJobs, and a controller of them that goes one step at a time: its cache is filled by lists.
///
/// It is a namespace of the cluster that `KUBECONFIG_E2E` names where a test takes that.
struct OperatorLab: Sendable {
    /// Nil for a real cluster.
    private let sandbox: SandboxServer?
    /// Where jobs are made unless a test says otherwise.
    let namespace: String
    private let administrator: Authenticator
    /// What the controller has asked for.
    private let exchanges: Shared<[RequestRecord]>
    /// The controller's client.
    let client: ClusterClient
    /// A client of the administrator.
    let admin: ClusterClient
    let cache = JobCache()
    let additions = StatusAdditions()
    let events: EventRecorder
    let reconciler: JobReconciler
    let transport: any HTTPTransport

    /// How a lab is set up.
    struct Setup {
        /// The minor release of Kubernetes 1.
        var minor = 33
        /// Whether a simulated cluster runs pods.
        var hasCluster = false
        /// The definition of IflearnerJobs; the chart's when nil.
        var definition: KubernetesObject?
        /// The token of the account that the controller uses; the administrator's when nil.
        var token: String?
        var accounts: [SandboxConfiguration.Account] = []
        var time = TimeSource.system
        /// Whether the test does things that no real cluster is to see.
        var needsSandbox = false
        /// What stands between the controller and the server.
        var wrap: (@Sendable (any HTTPTransport) -> any HTTPTransport)?
    }

    /// Runs a test against a fresh sandbox.
    static func with(_ setup: Setup = Setup(), _ body: (OperatorLab) async throws -> Void) async throws {
        var configuration = SandboxConfiguration()
        configuration.minorVersion = setup.minor
        configuration.runsControlPlane = setup.hasCluster
        configuration.accounts = setup.accounts
        configuration.timeScale = 20
        let server = try await SandboxServer.start(configuration)
        do {
            let lab = try OperatorLab(server, setup)
            _ = try await lab.admin.apply(setup.definition ?? JobDefinition.chart())
            try await body(lab)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Runs a test wherever it is wanted: on a real cluster in a namespace of its own, where nothing runs its pods.
    ///
    /// One that asks for a release of Kubernetes or for another account gets its sandbox.
    static func anywhere(_ setup: Setup = Setup(), _ body: (OperatorLab) async throws -> Void) async throws {
        guard setup.minor == Setup().minor, setup.token == nil, setup.definition == nil, !setup.needsSandbox,
            let cluster = try RealCluster()
        else { return try await with(setup, body) }
        let lab = OperatorLab(
            nil, CurlTransport(cluster.connection.endpoint), administrator: cluster.connection.authenticator,
            namespace: cluster.namespace, setup)
        _ = try await lab.admin.apply(try JobDefinition.chart(), options: ApplyOptions(force: true))
        try await cluster.run(lab.admin) { try await body(lab) }
    }

    private init(_ server: SandboxServer, _ setup: Setup) throws {
        self.init(
            server, CurlTransport(try server.endpoint()), administrator: server.authenticator(), namespace: "default",
            setup)
    }

    private init(
        _ server: SandboxServer?, _ transport: CurlTransport, administrator: Authenticator, namespace: String,
        _ setup: Setup
    ) {
        sandbox = server
        self.administrator = administrator
        self.namespace = namespace
        self.transport = transport
        let exchanges = Shared<[RequestRecord]>([])
        self.exchanges = exchanges
        client = ClusterClient(
            transport: setup.wrap?(transport) ?? transport,
            authenticator: setup.token.map { Authenticator(Credentials(authorization: "Bearer \($0)")) }
                ?? administrator, retry: RetryPolicy.once, log: { record in exchanges.change { $0.append(record) } })
        admin = ClusterClient(
            transport: transport, authenticator: administrator, retry: RetryPolicy().scaled(by: 20))
        events = EventRecorder(client: client, time: setup.time)
        reconciler = JobReconciler(
            client: client, cache: cache, additions: additions, events: events, time: setup.time)
    }

    /// The sandbox, of a test that runs nowhere else.
    var server: SandboxServer { get throws { try #require(sandbox) } }

    /// Whether it is a real cluster.
    var isReal: Bool { sandbox == nil }

    /// Sends a request as it is, with the administrator's credentials.
    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        let credentials = try await administrator.credentials(now: TimeSource.system.wall())
        var request = request
        request.headers["Authorization"] = credentials.authorization
        request.identity = credentials.identity
        return try await transport.send(request)
    }

    /// The name of a job.
    func key(_ name: String) -> JobKey { JobKey(namespace: namespace, name: name) }

    // MARK: The controller

    /// Brings the cache up to date, as informers do.
    func refresh() async throws {
        let scope = isReal ? namespace : nil
        let jobs = try await admin.list(JobContract.kind, namespace: scope).items
        for key in Set(cache.jobs).subtracting(jobs.map { Self.key($0) }) { cache.forget(job: key) }
        for job in jobs { cache.note(job: job) }
        let maps = try await admin.list(.configMap, namespace: scope).items
        for key in Set(cache.policyKeys).subtracting(maps.map { Self.key($0) }) { cache.forget(policy: key) }
        for map in maps { cache.note(policy: map) }
        for kind in ChildKind.allCases {
            let objects = try await admin.list(try await kind.served(by: admin), namespace: scope).items
            let gone = Set(cache.keys(of: kind)).subtracting(objects.map { Self.key($0) })
            for key in gone { cache.forget(kind, key, lastState: cache.child(kind, key)?.object) }
            for object in objects { cache.note(kind, object) }
        }
    }

    private static func key(_ object: KubernetesObject) -> JobKey {
        JobKey(namespace: object.namespace ?? "", name: object.name)
    }

    /// One pass over a job with a cache that is up to date.
    @discardableResult
    func pass(_ name: String, in namespace: String? = nil) async throws -> ReconcileOutcome {
        try await refresh()
        return try await reconciler.reconcile(JobKey(namespace: namespace ?? self.namespace, name: name))
    }

    /// Passes over a job until one makes no request.
    @discardableResult
    func settle(_ name: String, in namespace: String? = nil) async throws -> ReconcileOutcome {
        for _ in 0..<10 {
            try await refresh()
            let before = exchanges.now.count
            let outcome = try await reconciler.reconcile(JobKey(namespace: namespace ?? self.namespace, name: name))
            if exchanges.now.count == before { return outcome }
        }
        Issue.record("the job does not come to rest: \(requestLines(last: 20))")
        return .settled
    }

    /// The requests of the controller, as `PATCH /api/v1/...`, without queries.
    func requests(of body: () async throws -> Void) async throws -> [String] {
        let before = exchanges.now.count
        try await body()
        return exchanges.now.dropFirst(before).map { "\($0.method.rawValue) \($0.target.prefix { $0 != "?" })" }
    }

    /// Writes the events that were recorded so far, and lists those of a job as `Warning HostTaken`.
    func events(of name: String, in namespace: String? = nil) async throws -> [KubernetesObject] {
        events.finish()
        await events.run()
        return try await admin.list(.event, namespace: namespace ?? self.namespace).items
            .filter { $0["involvedObject", "name"]?.string == name }
    }

    // MARK: The cluster

    /// Makes a job as the user does.
    @discardableResult
    func make(
        _ name: String, _ role: String = "server", host: String = "t1.server.iflearner.com", spec: Mapping = [:],
        in namespace: String? = nil
    ) async throws -> IflearnerJob {
        var fields: Mapping = [
            "role": .string(role), "host": .string(host),
            "template": [
                "spec": [
                    "restartPolicy": "Never",
                    "containers": [["name": "trainer", "image": "iflearner/iflearner:v0.1.0", "args": ["-n=2"]]],
                ]
            ],
        ]
        // What a test says of pods, no kubelet of a real cluster contradicts.
        if isReal { fields["schedulername"] = "nobody" }
        for (key, value) in spec { fields[key] = value }
        var object = KubernetesObject(
            ObjectKey(JobContract.kind, namespace: namespace ?? self.namespace, name: name))
        object.value["spec"] = .mapping(fields)
        return IflearnerJob(try await admin.create(object).object)
    }

    /// A job as it is now.
    func job(_ name: String, in namespace: String? = nil) async throws -> IflearnerJob {
        IflearnerJob(
            try await admin.get(ObjectKey(JobContract.kind, namespace: namespace ?? self.namespace, name: name)))
    }

    /// What was made for a job; nil where there is none.
    func child(_ kind: ChildKind, _ name: String, in namespace: String? = nil) async throws -> KubernetesObject? {
        try await admin.find(
            ObjectKey(try await kind.served(by: admin), namespace: namespace ?? self.namespace, name: name))
    }

    /// Changes fields of an object by a merge patch, as a user's hand does.
    func edit(_ object: KubernetesObject, _ patch: Value, subresource: String? = nil) async throws {
        _ = try await admin.patch(
            object.key, .merge, patch, options: WriteOptions(fieldManager: "hand", subresource: subresource))
    }

    /// Changes the spec of a job.
    func edit(_ name: String, spec: Value) async throws {
        try await edit(try await job(name).object, ["spec": spec])
    }

    /// Sets the status of a job's pod, as its kubelet does.
    func setPod(_ name: String, _ status: Value) async throws {
        let pod = try #require(try await child(.pod, name))
        try await edit(pod, ["status": status], subresource: "status")
    }

    /// Deletes an object at once.
    func delete(_ object: KubernetesObject) async throws {
        _ = try await admin.delete(object.key, options: DeleteOptions(gracePeriodSeconds: 0))
    }

    /// Says what the jobs of a role get, as the chart does.
    func set(policy: String, for role: JobRole, in namespace: String? = nil) async throws {
        let (name, key) = JobContract.policy(for: role)
        var map = KubernetesObject(ObjectKey(.configMap, namespace: namespace ?? self.namespace, name: name))
        map.value["data"] = [key: .string(policy)]
        _ = try await admin.apply(map)
    }

    /// The certificates that both roles need.
    func makeCertificates(in namespace: String? = nil) async throws {
        for root in JobContract.trustRoots {
            var map = KubernetesObject(
                ObjectKey(.configMap, namespace: namespace ?? self.namespace, name: root.configMap))
            map.value["data"] = [root.key: "certificate"]
            _ = try await admin.create(map)
        }
        for role in JobRole.allCases {
            var secret = KubernetesObject(
                ObjectKey(
                    .secret, namespace: namespace ?? self.namespace, name: JobContract.tlsSecret(for: role)))
            secret.value["type"] = "kubernetes.io/tls"
            secret.value["data"] = ["tls.crt": "Y2VydA==", "tls.key": "a2V5"]
            _ = try await admin.create(secret)
        }
    }

    private func requestLines(last count: Int) -> String {
        exchanges.now.suffix(count).map { "\n\($0)" }.joined()
    }
}

extension IflearnerJob {
    /// A condition as `False HostTaken`; nil where there is none.
    func told(_ kind: JobCondition.Kind) -> String? {
        object.condition(kind.rawValue).map { "\($0.status.rawValue) \($0.reason)" }
    }
}
