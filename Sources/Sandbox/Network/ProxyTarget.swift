// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// What a request of the API server's proxy is for: `name`, `name:port` or `scheme:name:port`.
struct ProxyTarget: Sendable {
    let scheme: String
    let name: String
    /// A number or a name; empty when none was told.
    let port: String

    /// Reads the name in a path; nil for one that makes no sense.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        switch parts.count {
        case 1: (scheme, name, port) = ("", parts[0], "")
        case 2: (scheme, name, port) = ("", parts[0], parts[1])
        case 3: (scheme, name, port) = (parts[0], parts[1], parts[2])
        default: return nil
        }
        guard ["", "http", "https"].contains(scheme), NameRules.subdomain(name).isEmpty else { return nil }
    }
}

/// A port of a pod, and the pod that has the address; nil when a test answers for one that is not there.
struct PodPort: Sendable {
    var address: String
    var port: Int
    var pod: Fields?

    /// As it is dialled.
    var description: String { "\(address):\(port)" }
}

/// Finds the pods behind what the proxy is asked for, as the API server does it.
struct ProxyResolution: Sendable {
    let store: ObjectStore
    let namespace: String

    /// The port of a pod behind a Service; `text` is the target as it was asked for.
    ///
    /// - Throws: `StatusError`: 404 without Service, 503 without the port or a pod that is ready.
    func service(_ target: ProxyTarget, asked text: String) throws -> PodPort {
        var name = target.port
        if let number = Int(target.port) {
            guard let service = find(.services, target.name) else { throw StatusError.notFound(.services, target.name) }
            guard let port = service.spec.ports.list.first(where: { $0.port.number == number }) else {
                throw Self.unavailable("no service port \(number) found for service \"\(target.name)\"")
            }
            name = port.name.text
        }
        guard let endpoints = find(.endpoints, target.name) else {
            throw StatusError.notFound(find(.services, target.name) == nil ? .services : .endpoints, target.name)
        }
        guard !endpoints.subsets.list.isEmpty else {
            throw Self.unavailable("no endpoints available for service \"\(target.name)\"")
        }
        for subset in endpoints.subsets.list {
            guard let port = subset.ports.list.first(where: { $0.name.text == name })?.port.number else { continue }
            for address in subset.addresses.list {
                // Only to addresses that are really pods'.
                guard let pod = find(.pods, address.targetRef.name.text), pod.status.podIP.text == address.ip.text
                else {
                    continue
                }
                return PodPort(address: address.ip.text, port: port, pod: pod)
            }
        }
        throw Self.unavailable("no endpoints available for service \"\(text)\"")
    }

    /// The port of a pod; that of its first container's when none is told.
    func pod(_ target: ProxyTarget) throws -> PodPort {
        guard let pod = find(.pods, target.name) else { throw StatusError.notFound(.pods, target.name) }
        guard let address = pod.status.podIP.nonEmpty else {
            throw StatusError.badRequest("address not allowed")
        }
        let declared = pod.spec.containers.list.compactMap { $0.ports.list.first?.containerPort.number }.first
        let fallback = target.scheme == "https" ? 443 : 80
        return PodPort(address: address, port: Int(target.port) ?? declared ?? fallback, pod: pod)
    }

    private func find(_ resource: GroupResource, _ name: String) -> Fields? {
        store.get(ObjectKey(resource, namespace: namespace, name: name)).map { Fields($0.value) }
    }

    static func unavailable(_ message: String) -> StatusError {
        StatusError(code: 503, reason: "ServiceUnavailable", message: message)
    }
}
