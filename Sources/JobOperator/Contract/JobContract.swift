// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI

/// The names that flow and its users rely on, whoever runs the controller.
///
/// They are those of the upstream operator (`controllers/iflearnerjob_controller.go` of iflytek/iflearner-operator v0.2.0).
public enum JobContract {
    /// The kind that is reconciled.
    public static let kind = GroupVersionKind(apiVersion: "git.iflytek.com/v1", kind: "IflearnerJob")
    /// The field manager of everything that the controller writes.
    public static let fieldManager = "iflearner-operator"
    /// The Lease of the controller that leads: upstream's, so that the two never run side by side in a namespace.
    public static let leaseName = "b64cd87e.git.iflytek.com"
    /// The label by which the Service finds the pod; its value is the job's name (C4).
    public static let appLabel = "app"

    /// The aggregator's and the trainers' gRPC port in the pod, and the Service's port for it (C3).
    public static let grpc = (container: Int64(50001), service: Int64(80))
    /// The aggregator's HTTP port in the pod, and the Service's port for it (C3).
    public static let http = (container: Int64(50002), service: Int64(82))

    /// The Secret of type `kubernetes.io/tls` of an Ingress (C6).
    public static func tlsSecret(for role: JobRole) -> String {
        switch role {
        case .server: "server-iflearner-secret"
        case .client: "party-iflearner-secret"
        }
    }

    /// A trust root that is mounted into a client's first container (C5).
    public struct TrustRoot: Sendable, Hashable {
        /// The ConfigMap, and the volume's name.
        public let configMap: String
        /// Its key, which is the mount's `subPath` too.
        public let key: String
        /// Where trainers look for it.
        public var mountPath: String { "/etc/\(key)" }
    }

    /// The trust roots of a client: the server's certificate and the other parties'.
    public static let trustRoots = [
        TrustRoot(configMap: "server-iflearner-crt", key: "server-iflearner-secret.crt"),
        TrustRoot(configMap: "party-iflearner-crt", key: "party-iflearner-secret.crt"),
    ]

    /// The ConfigMap in a namespace that says what the jobs of a role get, and its key.
    public static func policy(for role: JobRole) -> (configMap: String, key: String) {
        ("iflearner-jobs-\(role.rawValue)", "policy.yaml")
    }
}
