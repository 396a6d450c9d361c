// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import TestSupport
import Testing

/// The real cluster that `KUBECONFIG_E2E` names, for tests that run wherever they are wanted.
struct RealCluster {
    let connection: ClusterConnection
    /// The namespace of one test: nobody else is in its way, and nothing stays behind.
    let namespace: String

    /// Finds the cluster; nil where none is named.
    init?() throws {
        guard let path = Environment.current["KUBECONFIG_E2E"], !path.isEmpty else { return nil }
        connection = try ClusterConnection.resolve(ConnectionOptions(kubeconfig: path))
        namespace = "operator-test-\(UInt32.random(in: 0...UInt32.max))"
    }

    /// Runs a test in its namespace, which goes with all that is in it.
    func run(_ admin: ClusterClient, _ body: () async throws -> Void) async throws {
        let key = ObjectKey(.namespace, name: namespace)
        _ = try await admin.create(KubernetesObject(key))
        let result: Result<Void, any Error>
        do {
            try await waitForAccount(admin)
            result = .success(try await body())
        } catch {
            result = .failure(error)
        }
        _ = try await admin.delete(key)
        try result.get()
    }

    /// Waits for the account that pods need, for as long as a cluster may take to make that of a new namespace.
    private func waitForAccount(_ admin: ClusterClient) async throws {
        let account = ObjectKey(
            GroupVersionKind(apiVersion: "v1", kind: "ServiceAccount"), namespace: namespace, name: "default")
        try await eventually("\(namespace) has its account") { try await admin.find(account) != nil }
    }
}
