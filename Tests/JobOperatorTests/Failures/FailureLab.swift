// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import FoundationEssentials
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// A cluster in which things go wrong, for controllers as they are in the product.
///
/// It is a sandbox, or a namespace of the cluster that `KUBECONFIG_E2E` names, where a test needs no faults.
struct FailureLab: Sendable {
    /// Stands for what can be restarted; nil for a real cluster.
    let server: Shared<SandboxServer>?
    let endpoint: ServerEndpoint
    let authenticator: Authenticator
    /// The administrator's client.
    let admin: ClusterClient
    let namespace: String
    /// The controllers' clocks.
    let time: QuickTime

    /// Runs a test in a sandbox.
    static func with(
        speed: Int = 20, definesJobs: Bool = true, _ configure: (inout SandboxConfiguration) -> Void = { _ in },
        _ body: (FailureLab) async throws -> Void
    ) async throws {
        var configuration = SandboxConfiguration()
        configuration.timeScale = Double(speed)
        configure(&configuration)
        let server = Shared(try await SandboxServer.start(configuration))
        do {
            let lab = FailureLab(
                server, try server.now.endpoint(), server.now.authenticator(), "default", speed: speed)
            try await lab.define()
            try await body(lab)
        } catch {
            await server.now.stop()
            throw error
        }
        await server.now.stop()
    }

    /// Runs a test wherever it is wanted: on a real cluster in a namespace of its own.
    static func anywhere(speed: Int = 20, _ body: (FailureLab) async throws -> Void) async throws {
        guard let cluster = try RealCluster() else { return try await with(speed: speed, { _ in }, body) }
        let lab = FailureLab(
            nil, cluster.connection.endpoint, cluster.connection.authenticator, cluster.namespace, speed: speed)
        try await lab.define()
        try await cluster.run(lab.admin) { try await body(lab) }
    }

    private init(
        _ server: Shared<SandboxServer>?, _ endpoint: ServerEndpoint, _ authenticator: Authenticator,
        _ namespace: String, speed: Int
    ) {
        self.server = server
        self.endpoint = endpoint
        self.authenticator = authenticator
        self.namespace = namespace
        time = QuickTime(speed)
        admin = ClusterClient(
            transport: CurlTransport(endpoint), authenticator: authenticator, retry: RetryPolicy().scaled(by: 20),
            userAgent: "administrator")
    }

    /// The sandbox.
    var sandbox: SandboxServer { get throws { try #require(server).now } }

    /// Installs the definition of IflearnerJobs.
    func define() async throws {
        _ = try await admin.apply(try JobDefinition.chart(), options: ApplyOptions(force: true))
        try await eventually("IflearnerJobs are served") {
            try await admin.list(JobContract.kind, namespace: namespace).items.count >= 0
        }
    }

    // MARK: Objects

    func key(_ kind: GroupVersionKind, _ name: String) -> ObjectKey {
        ObjectKey(kind, namespace: namespace, name: name)
    }

    /// Makes a job.
    @discardableResult
    func createJob(_ name: String, role: String = "server", host: String? = nil) async throws -> KubernetesObject {
        var object = KubernetesObject(key(JobContract.kind, name))
        object.value["spec"] = [
            "role": .string(role), "host": .string(host ?? "\(name).\(namespace).iflearner.com"),
            "template": [
                "spec": [
                    "restartPolicy": "Never", "terminationGracePeriodSeconds": 1,
                    "containers": [["name": .string(name), "image": "iflearner:v0.1.0", "args": ["-n=2"]]],
                ]
            ],
        ]
        return try await admin.create(object).object
    }

    /// Deletes a job; what was made for it goes by itself.
    func deleteJob(_ name: String) async throws { _ = try await admin.delete(key(JobContract.kind, name)) }

    /// A job as it is now.
    func job(_ name: String) async throws -> IflearnerJob {
        IflearnerJob(try await admin.get(key(JobContract.kind, name)))
    }

    /// What was made for a job; nil where there is none.
    func child(_ kind: ChildKind, _ name: String) async throws -> KubernetesObject? {
        try await admin.find(key(try await kind.served(by: admin), name))
    }

    /// Changes an object as a user's hand does, and again where servers give up among many writers.
    func edit(_ object: ObjectKey, _ patch: Value, subresource: String? = nil) async throws {
        for _ in 0..<50 {
            do {
                _ = try await admin.patch(
                    object, .merge, patch, options: WriteOptions(fieldManager: "hand", subresource: subresource))
                return
            } catch let error as APIError where error.reason == .conflict {
                continue
            }
        }
        throw NeverHappened(what: "\(object) is edited")
    }

    /// The certificates that jobs need, so that nothing is looked for again.
    func makeCertificates() async throws {
        for root in JobContract.trustRoots {
            var map = KubernetesObject(key(.configMap, root.configMap))
            map.value["data"] = [root.key: "certificate"]
            _ = try await admin.create(map)
        }
        for role in JobRole.allCases {
            var secret = KubernetesObject(key(.secret, JobContract.tlsSecret(for: role)))
            secret.value["data"] = ["tls.crt": "Y2VydA==", "tls.key": "a2V5"]
            _ = try await admin.create(secret)
        }
    }

    // MARK: Convergence

    /// Waits until jobs have all that they ask for, and say so.
    func complete(_ names: String..., sourceLocation: SourceLocation = #_sourceLocation) async throws {
        for name in names {
            try await eventually("\(name) is complete", sourceLocation: sourceLocation) { try await isComplete(name) }
        }
    }

    /// Whether a job has its pod, Service and Ingress, which are its own by uid, and says so.
    func isComplete(_ name: String) async throws -> Bool {
        let job = try await job(name)
        guard !job.isBeingDeleted else { return false }
        for condition in [JobCondition.Kind.podCreated, .serviceReady, .ingressReady] {
            guard job.condition(condition)?.status == .yes else { return false }
        }
        for kind in [ChildKind.pod, .service, .ingress] {
            guard let child = try await child(kind, name), child.deletionTimestamp == nil,
                CachedObject(child).isControlled(by: job)
            else { return false }
        }
        return true
    }

    /// Whether the cluster has done what is to be done, and nothing is about to happen by itself.
    func isAtRest() async -> Bool {
        // Of what a real cluster is about to do nobody knows.
        guard let server = server?.now else { return true }
        await server.settle()
        return await server.rest.map { $0 > .seconds(60) } ?? true
    }

    /// Waits until nothing of a name is left.
    func gone(_ name: String) async throws {
        for kind in [ChildKind.pod, .service, .ingress] {
            try await eventually("\(kind.kind)/\(name) is gone") { try await child(kind, name) == nil }
        }
    }
}
