// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values
import YAMLText

extension TestCluster {
    /// Applies manifests as an administrator would.
    func apply(_ manifests: String) async throws {
        for document in try Value.yamlDocuments(Array(manifests.utf8), file: "manifests") where document != .null {
            _ = try await client.apply(KubernetesObject(document), options: ApplyOptions(fieldManager: "admin"))
        }
    }

    /// Makes a namespace.
    func createNamespace(_ name: String) async throws {
        _ = try await client.create(KubernetesObject(ObjectKey(.namespace, name: name)))
    }

    /// Makes a storage class that provisions like the standard one.
    func createStorageClass(_ name: String) async throws {
        try await apply(
            """
            apiVersion: storage.k8s.io/v1
            kind: StorageClass
            metadata: {name: \(name)}
            provisioner: sandbox.iflearnerctl.io/provisioner
            reclaimPolicy: Delete
            volumeBindingMode: WaitForFirstConsumer
            """)
    }

    /// Makes a Secret that pulls images.
    func createPullSecret(_ name: String, in namespace: String) async throws {
        try await apply(
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: \(name), namespace: \(namespace)}
            type: kubernetes.io/dockerconfigjson
            data: {.dockerconfigjson: eyJhdXRocyI6e319}
            """)
    }
}
