// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A port of a Service, as it is reached from outside of the cluster: through the API server's proxy.
public struct ServiceAddress: Sendable, Hashable, CustomStringConvertible {
    /// The namespace of the Service.
    public var namespace: String
    /// Its name.
    public var name: String
    /// The Service's port, not the pod's.
    public var port: Int64

    /// Names a port of a Service.
    public init(namespace: String, name: String, port: Int64) {
        self.namespace = namespace
        self.name = name
        self.port = port
    }

    /// As in `Service/aggregator:82 in namespace default`.
    public var description: String { "Service/\(name):\(port) in namespace \(namespace)" }

    /// The path below which the Service's own paths begin.
    ///
    /// The colon stays as it is: `name:port` is also how RBAC's `resourceNames` write it.
    var proxyPath: String {
        let (namespace, name) = (PercentEncoding.pathSegment(namespace), PercentEncoding.pathSegment(name))
        return "/api/v1/namespaces/\(namespace)/services/\(name):\(port)/proxy"
    }
}
