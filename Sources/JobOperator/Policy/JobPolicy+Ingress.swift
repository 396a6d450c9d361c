// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension JobPolicy {
    /// What the Ingress of a role's jobs looks like; nil for clients without one (C13).
    ///
    /// A server is dialled, whatever the policy says of it; a client only for secure aggregation between parties.
    func ingressSettings(for role: JobRole) -> IngressSettings? {
        guard let ingress else { return role == .server ? .upstream : nil }
        var settings = IngressSettings.speakingGRPC(to: ingress.controller)
        settings.className = ingress.className
        settings.annotations.merge(ingress.annotations) { _, own in own }
        return settings
    }
}

extension IngressSettings {
    /// How a controller is told to speak gRPC to pods, for as long as a round lasts; nothing for one that is not known.
    ///
    /// Some read it from the Service instead of the Ingress.
    static func speakingGRPC(to controller: String) -> IngressSettings {
        var settings = IngressSettings(className: "", annotations: [:])
        switch controller {
        case "nginx": settings.annotations = nginxAnnotations
        case "haproxy":
            // There are two of the name: HAProxy Technologies' and haproxy-ingress. Each passes over the other's.
            settings.annotations = [
                "haproxy.org/server-proto": "h2", "haproxy.org/ssl-redirect": "true",
                "haproxy.org/timeout-server": "3600s",
                "haproxy-ingress.github.io/backend-protocol": "h2", "haproxy-ingress.github.io/ssl-redirect": "true",
                "haproxy-ingress.github.io/timeout-server": "3600s",
            ]
        case "traefik":
            settings.annotations = ["traefik.ingress.kubernetes.io/router.tls": "true"]
            settings.serviceAnnotations = ["traefik.ingress.kubernetes.io/service.serversscheme": "h2c"]
        case "contour":
            settings.annotations = [
                "ingress.kubernetes.io/force-ssl-redirect": "true", "projectcontour.io/response-timeout": "3600s",
            ]
            settings.serviceAnnotations = [
                "projectcontour.io/upstream-protocol.h2c": "\(JobContract.grpc.service)"
            ]
        case "openshift":
            settings.annotations = [
                "route.openshift.io/termination": "edge", "haproxy.router.openshift.io/timeout": "3600s",
            ]
            settings.appProtocol = "h2c"
        default: break
        }
        return settings
    }
}
