// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import TestSupport
import Testing
import Values
import YAMLText

/// An API server of a test's own, and the administrator's way to it.
struct TestSandbox: Sendable {
    let server: SandboxServer
    let client: ClusterClient

    /// Runs a test against a fresh server and stops it, whatever happens.
    static func with(
        _ configuration: SandboxConfiguration = Self.bare, definesJobs: Bool = true,
        _ test: (TestSandbox) async throws -> Void
    ) async throws {
        let server = try await SandboxServer.start(configuration)
        do {
            let sandbox = TestSandbox(server: server, client: try Self.client(of: server))
            if definesJobs { try await sandbox.define() }
            try await test(sandbox)
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// An API server with nothing behind it.
    static var bare: SandboxConfiguration {
        var configuration = SandboxConfiguration()
        configuration.runsControlPlane = false
        return configuration
    }

    /// A client as an account, by its token.
    static func client(
        of server: SandboxServer, token: String? = nil, retry: RetryPolicy = .once, time: TimeSource = .system,
        log: (@Sendable (RequestRecord) -> Void)? = nil
    ) throws -> ClusterClient {
        server.client(
            token, over: CurlTransport(try server.endpoint()), retry: retry, time: time, userAgent: "operator-test",
            log: log)
    }

    // MARK: Objects

    static let definition = ObjectKey(.customResourceDefinition, name: "iflearnerjobs.git.iflytek.com")

    /// Installs the definition of IflearnerJobs.
    func define() async throws {
        _ = try await client.create(try JobDefinition.chart())
        try await eventually("IflearnerJobs are served") {
            try await client.find(ObjectKey(JobContract.kind, namespace: "default", name: "none")) == nil
        }
    }

    /// Makes a job.
    @discardableResult
    func createJob(
        _ name: String, in namespace: String = "default", role: String = "server", host: String? = nil
    ) async throws -> KubernetesObject {
        var object = KubernetesObject(ObjectKey(JobContract.kind, namespace: namespace, name: name))
        object.value["spec"] = [
            "role": .string(role), "host": .string(host ?? "\(name).server.iflearner.com"),
            "template": ["spec": ["containers": [["name": .string(name), "image": "iflearner:v0.1.0"]]]],
        ]
        return try await client.create(object).object
    }

    /// Makes an object of YAML.
    @discardableResult
    func create(_ yaml: String) async throws -> KubernetesObject {
        try await client.create(KubernetesObject(try Value(yaml: Array(yaml.utf8), file: "test"))).object
    }

    /// The key of an object that bears a job's name.
    static func key(_ kind: GroupVersionKind, _ name: String, in namespace: String = "default") -> ObjectKey {
        ObjectKey(kind, namespace: namespace, name: name)
    }
}
