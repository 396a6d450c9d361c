// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

extension CheckedJob {
    /// The Ingress at an `apiVersion` of networking.k8s.io: `v1`, or `v1beta1`, which has another backend (D1).
    func ingress(_ settings: IngressSettings, apiVersion: String, classForm: IngressClassForm) -> KubernetesObject {
        var annotations = settings.annotations
        let className = settings.className.isEmpty ? nil : settings.className
        annotations[IngressClassForm.annotationName] = classForm == .annotation ? className : nil
        let sorted = annotations.sorted { $0.key < $1.key }.map { ($0.key, Value.string($0.value)) }
        var object = job.child(
            apiVersion: apiVersion, kind: "Ingress", labels: appLabels, annotations: Mapping(sorted))
        let (name, port) = (Value.string(key.name), Value.int(JobContract.grpc.service))
        let backend: Value =
            apiVersion.hasSuffix("/v1")
            ? ["service": ["name": name, "port": ["number": port]]] : ["serviceName": name, "servicePort": port]
        var spec: Mapping = [
            "rules": [
                [
                    "host": .string(host),
                    "http": ["paths": [["path": "/", "pathType": "Prefix", "backend": backend]]],
                ]
            ],
            "tls": [["hosts": [.string(host)], "secretName": .string(JobContract.tlsSecret(for: role))]],
        ]
        if classForm == .field { spec["ingressClassName"] = className.map(Value.string) }
        object.value["spec"] = .mapping(spec)
        return object
    }
}
