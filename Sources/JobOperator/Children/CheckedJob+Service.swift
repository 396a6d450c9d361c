// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Values

extension CheckedJob {
    /// The label by which the Service finds the pod (C4).
    var appLabels: Mapping { [JobContract.appLabel: .string(key.name)] }

    /// The Service: gRPC for both roles, and the aggregator's HTTP for servers (C3).
    ///
    /// Whatever else a Service has, `clusterIP` above all, is the server's business.
    ///
    /// - Parameter settings: Those of the Ingress that leads to it, if one does.
    /// - Returns: What is applied.
    func service(_ settings: IngressSettings? = nil) -> KubernetesObject {
        var grpc = Self.port("grpc", JobContract.grpc)
        grpc["appProtocol"] = settings?.appProtocol.map(Value.string)
        var ports = [grpc]
        if role == .server { ports.append(Self.port("http", JobContract.http)) }
        let annotations = (settings?.serviceAnnotations ?? [:]).sorted { $0.key < $1.key }
        var object = job.child(
            apiVersion: "v1", kind: "Service", labels: appLabels,
            annotations: Mapping(annotations.map { ($0.key, .string($0.value)) }))
        object.value["spec"] = [
            "type": "ClusterIP", "selector": .mapping(appLabels), "ports": .array(ports),
        ]
        return object
    }

    private static func port(_ name: String, _ port: (container: Int64, service: Int64)) -> Value {
        ["name": .string(name), "protocol": "TCP", "port": .int(port.service), "targetPort": .int(port.container)]
    }
}
