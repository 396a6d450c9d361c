// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Keeps in every namespace what Kubernetes puts there: the ServiceAccount `default` and the ConfigMap `kube-root-ca.crt`.
final class NamespaceContents: Controller {
    private static let rootCertificate = "kube-root-ca.crt"
    private let certificateAuthority: String

    /// - Parameter certificateAuthority: The certificates that the API server's own chains to, as PEM.
    init(certificateAuthority: String) { self.certificateAuthority = certificateAuthority }

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        switch change.resource {
        case .namespaces: change.isRemoval ? [] : [change.key]
        case .serviceAccounts where change.isRemoval && change.key.name == "default",
            .configMaps where change.key.name == Self.rootCertificate:
            [ObjectKey(.namespaces, name: change.namespace)]
        default: []
        }
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let namespace = cluster.state.object(key), !namespace.isTerminating else { return }
        if cluster.state.object(.serviceAccounts, namespace: key.name, "default") == nil {
            try cluster.create(.serviceAccounts, ["metadata": ["name": "default", "namespace": .string(key.name)]])
        }
        let data: Value = ["ca.crt": .string(certificateAuthority)]
        guard let map = cluster.state.object(.configMaps, namespace: key.name, Self.rootCertificate) else {
            let description: Value = [
                "kubernetes.io/description":
                    "Contains a CA bundle that can be used to verify the kube-apiserver when using internal endpoints such as the internal service IP or kubernetes.default.svc. No other usage is guaranteed across distributions of Kubernetes clusters."
            ]
            try cluster.create(
                .configMaps,
                [
                    "metadata": [
                        "name": .string(Self.rootCertificate), "namespace": .string(key.name),
                        "annotations": description,
                    ], "data": data,
                ])
            return
        }
        guard var value = map.value, !map.isTerminating, map.data.value != data else { return }
        value["data"] = data
        try cluster.update(.configMaps, value)
    }
}
