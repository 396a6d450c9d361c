// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// What an Ingress of a job has beyond its host: the class of its controller, and how that is told to speak gRPC.
public struct IngressSettings: Sendable, Hashable {
    /// The IngressClass; empty for the cluster's default.
    public var className: String
    /// The annotations, without that of the class.
    public var annotations: [String: String]
    /// What the Service has besides, for controllers that read it there.
    public var serviceAnnotations: [String: String] = [:]
    /// The `appProtocol` of the Service's gRPC port, for controllers that go by it; they are younger than the field.
    public var appProtocol: String?

    /// Makes settings.
    public init(className: String, annotations: [String: String]) {
        self.className = className
        self.annotations = annotations
    }

    /// As upstream has them, for ingress-nginx (C7).
    ///
    /// The last uploader's call lasts as long as the aggregation, which the default of 60 seconds would cut (D19).
    public static let upstream = IngressSettings(className: "nginx", annotations: nginxAnnotations)

    /// How ingress-nginx is told to speak gRPC, with whole models in a message, for as long as a round lasts.
    public static let nginxAnnotations = [
        "nginx.ingress.kubernetes.io/ssl-redirect": "true",
        "nginx.ingress.kubernetes.io/backend-protocol": "GRPC",
        "nginx.ingress.kubernetes.io/proxy-body-size": "1024m",
        "nginx.ingress.kubernetes.io/proxy-read-timeout": "3600",
        "nginx.ingress.kubernetes.io/proxy-send-timeout": "3600",
    ]
}

/// How an Ingress names its class: never in both ways, which the API refuses (D20).
enum IngressClassForm: Sendable, Hashable {
    /// `spec.ingressClassName`, where there is an IngressClass of the name.
    case field
    /// The annotation, which controllers know that are older than IngressClasses.
    case annotation

    /// The annotation's name.
    static let annotationName = "kubernetes.io/ingress.class"
}
