// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Crypto
import Deployment
import Processes
import Records
import Rollout
import Sandbox
import TestSupport
import Values

/// A sandbox of its own for one test, and what deployments on it need.
struct Lab: Sendable {
    let server: SandboxServer
    private let transport: any HTTPTransport

    /// How many times faster than real everything goes.
    private static let pace = 20

    /// Runs a test against a fresh sandbox; without a control plane it is a bare API server.
    static func with(
        minor: Int = 33, accounts: [SandboxConfiguration.Account] = [], controlPlane: Bool = true,
        _ body: (Lab) async throws -> Void
    ) async throws {
        var configuration = SandboxConfiguration()
        configuration.minorVersion = minor
        configuration.accounts = accounts
        configuration.timeScale = Double(pace)
        configuration.runsControlPlane = controlPlane
        let server = try await SandboxServer.start(configuration)
        do {
            try await body(try Lab(server))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    private init(_ server: SandboxServer) throws {
        self.server = server
        transport = CurlTransport(try server.endpoint())
    }

    /// A client of the administrator, or of the account with a token.
    func client(_ token: String? = nil) -> ClusterClient {
        server.client(token, over: transport, retry: RetryPolicy().scaled(by: Self.pace))
    }

    /// Everything goes faster but the lock: a busy machine must not lose it.
    var timing: Timing {
        var timing = Timing().scaled(by: Self.pace)
        timing.lease = LeaseTerms()
        return timing
    }

    func deployer(_ token: String? = nil, time: TimeSource = .system) -> Deployer {
        Deployer(
            client: client(token), time: time, timing: timing, creator: "tester@lab", events: { _ in })
    }

    /// Renders, checks, plans and carries out, all in this process.
    @discardableResult
    func install(_ plan: ClusterPlan, as token: String? = nil, timeout: Duration? = nil) async throws -> JobResult {
        let deployer = deployer(token)
        let rendered = try await deployer.render(plan, file: "cluster.yaml")
        try await deployer.checkPrerequisites(of: rendered)
        var options = RolloutOptions()
        options.componentTimeout = timeout
        let changes = try await deployer.rollout.plan(deployer.request(for: rendered, options: options))
        return await deployer.rollout.run(try await deployer.rollout.begin(changes))
    }

    func state(of plan: ClusterPlan) async throws -> DeploymentState? {
        try await deployer().rollout.records(of: plan.name, in: plan.namespace).state()?.record
    }

    /// Makes an object as the administrator.
    @discardableResult
    func make(
        _ apiVersion: String, _ kind: String, _ name: String, in namespace: String? = nil,
        labels: [String: String] = [:], annotations: [String: String] = [:], _ body: Mapping = [:]
    ) async throws -> KubernetesObject {
        var object = KubernetesObject(
            ObjectKey(GroupVersionKind(apiVersion: apiVersion, kind: kind), namespace: namespace, name: name))
        object.labels = labels
        object.annotations = annotations
        for (key, value) in body { object.value[key] = value }
        return try await client().create(object).object
    }

    @discardableResult
    func makeNamespace(_ name: String, labels: [String: String] = [:]) async throws -> KubernetesObject {
        try await make("v1", "Namespace", name, labels: labels)
    }
}
