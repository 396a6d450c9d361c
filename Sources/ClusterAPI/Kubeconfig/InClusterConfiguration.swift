// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Diagnostics
import Processes

/// What every pod finds about its own cluster.
enum InClusterConfiguration {
    private static let folder = "/var/run/secrets/kubernetes.io/serviceaccount"

    /// The connection of a pod's service account; nil outside of a pod.
    static func connection(
        _ environment: [String: String], namespace: String?, time: TimeSource, folder: String = Self.folder
    ) throws(KubeconfigError) -> ClusterConnection? {
        guard let host = environment["KUBERNETES_SERVICE_HOST"], !host.isEmpty,
            let portText = environment["KUBERNETES_SERVICE_PORT"], let port = Int(portText),
            FileBytes.permissions(of: folder + "/token") != nil
        else { return nil }
        var endpoint = ServerEndpoint(url: ServerURL(isSecure: true, host: host, port: port))
        endpoint.provenance = "the service account of this pod"
        do {
            endpoint.trust = .authorities(try FileBytes.read(folder + "/ca.crt"))
        } catch {
            throw KubeconfigError("the certificate authority of this pod's cluster cannot be read: \(error.reason)")
        }
        let ownNamespace = (try? FileBytes.read(folder + "/namespace")).map { String(decoding: $0, as: UTF8.self) }
        let source = TokenFile(
            path: folder + "/token", fallback: nil, user: "of this pod's service account", time: time)
        return ClusterConnection(
            endpoint: endpoint, authenticator: Authenticator(.tokenFile(source)),
            namespace: namespace ?? environment["POD_NAMESPACE"] ?? ownNamespace ?? "default", context: "in-cluster",
            cluster: "in-cluster", user: "service account", files: [], warnings: [])
    }
}
