// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Judges Services and Ingresses.
enum NetworkReadiness {
    static func service(_ service: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        let type = service["spec", "type"]?.string ?? "ClusterIP"
        if type == "ExternalName" { return .ready }
        guard let address = service["spec", "clusterIP"]?.string, !address.isEmpty else {
            return .progressing("NoClusterIP", "it has no cluster address yet")
        }
        guard type == "LoadBalancer" else { return .ready }
        let external = service["spec", "externalIPs"]?.array ?? []
        guard external.isEmpty, !hasAddress(service) else { return .ready }
        return missingAddress("the load balancer has no address yet", context)
    }

    static func ingress(_ ingress: KubernetesObject, _ context: ReadinessContext) -> Readiness {
        if let name = ingress["spec", "ingressClassName"]?.string, isMissing("IngressClass", name, nil, context) {
            return .failing("IngressClassMissing", "there is no IngressClass \(name)")
        }
        for name in secrets(of: ingress) where isMissing("Secret", name, ingress.namespace, context) {
            return .failing("TLSSecretMissing", "there is no Secret \(name) with its certificate")
        }
        for backend in backends(of: ingress) {
            if let problem = problem(with: backend, ingress, context) { return problem }
        }
        return hasAddress(ingress) ? .ready : missingAddress("no controller has given it an address yet", context)
    }

    private static func hasAddress(_ object: KubernetesObject) -> Bool {
        object["status", "loadBalancer", "ingress"]?.array?.isEmpty == false
    }

    private static func missingAddress(_ message: String, _ context: ReadinessContext) -> Readiness {
        switch context.address {
        case .require: .progressing("NoAddress", message)
        case .warn: .ready(warning: message)
        case .ignore: .ready
        }
    }

    // MARK: What an Ingress points to

    private struct Backend {
        var service: String
        var port: Value?
    }

    private static func secrets(of ingress: KubernetesObject) -> [String] {
        (ingress["spec", "tls"]?.array ?? []).compactMap { $0["secretName"]?.string }
    }

    /// The backends of both shapes: `service.name` of v1, `serviceName` of v1beta1.
    private static func backends(of ingress: KubernetesObject) -> [Backend] {
        let rules = (ingress["spec", "rules"]?.array ?? []).flatMap { $0[path: "http", "paths"]?.array ?? [] }
        let values =
            [ingress["spec", "defaultBackend"], ingress["spec", "backend"]].compactMap(\.self)
            + rules.compactMap { $0["backend"] }
        return values.compactMap { value in
            if let service = value["service"], let name = service["name"]?.string {
                return Backend(service: name, port: service[path: "port", "number"] ?? service[path: "port", "name"])
            }
            return value["serviceName"]?.string.map { Backend(service: $0, port: value["servicePort"]) }
        }
    }

    private static func problem(
        with backend: Backend, _ ingress: KubernetesObject, _ context: ReadinessContext
    ) -> Readiness? {
        guard context.objects.knownKinds.contains(GroupVersionKind.service.groupKind) else { return nil }
        guard let service = context.objects.object(.service, namespace: ingress.namespace, name: backend.service) else {
            return .failing("BackendMissing", "there is no Service \(backend.service) behind it")
        }
        guard let port = backend.port else { return nil }
        let ports = service["spec", "ports"]?.array ?? []
        guard ports.contains(where: { $0["port"] == port || $0["name"] == port }) else {
            let text = port.string ?? port.int.map { String($0) } ?? "?"
            return .failing("BackendPortMissing", "Service \(backend.service) has no port \(text)")
        }
        return nil
    }

    private static func isMissing(
        _ kind: String, _ name: String, _ namespace: String?, _ context: ReadinessContext
    ) -> Bool {
        let type =
            kind == "Secret"
            ? GroupVersionKind.secret : GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: kind)
        return context.objects.knownKinds.contains(type.groupKind)
            && context.objects.object(type, namespace: namespace, name: name) == nil
    }
}
