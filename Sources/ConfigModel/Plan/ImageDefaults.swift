// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The images of a plan that names none (`facts/iflearner.md` §1.1).
enum ImageDefaults {
    /// An image by its parts.
    struct Image: Sendable {
        let name: String
        let tag: String
    }

    /// 8.0 is the last series that authenticates the clients of the flow images by default.
    static let mysql = Image(name: "docker.io/library/mysql", tag: "8.0.46")
    static let flowServer = Image(name: "ghcr.io/iflytek/iflearner-flow-server", tag: "v0.2.0")
    static let flowFederate = Image(name: "ghcr.io/iflytek/iflearner-flow-federate", tag: "v0.2.0")
    static let aggregator = Image(name: "ghcr.io/iflytek/iflearner", tag: "v0.1.0")
    static let `operator` = Image(name: "ghcr.io/iflearnerctl/iflearnerctl", tag: "0.2.0")
    static let upstreamOperator = Image(name: "ghcr.io/iflytek/iflearner-operator", tag: "v0.2.0")
    static let ingressNginx = "registry.k8s.io/ingress-nginx/controller"
}
