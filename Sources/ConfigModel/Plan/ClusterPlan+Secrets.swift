// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A secret that is made before rendering, unless it is in the cluster already, and handed to the chart as values.
public struct GeneratedSecret: Sendable, Hashable {
    /// What is made.
    public enum Kind: Sendable, Hashable {
        /// A random password, for one key of the Secret.
        case password(key: String)
        /// A certificate for the admission webhook, its key and its authority, under the keys `cert`, `key` and `ca`, each of
        /// them a value below the first path; `hosts` are the names it must hold.
        case webhookCertificate(hosts: [String])
    }

    /// The component whose Secret it is.
    public let module: Module
    /// The Secret that keeps it, in the plan's namespace.
    public let secretName: String
    /// What is made.
    public let kind: Kind
    /// Where the chart's values want it; a password may be wanted in several places.
    public let valuesPaths: [[String]]
}

extension ClusterPlan {
    /// The secrets to make; none where the plan names a Secret of its own.
    public var secretValues: [GeneratedSecret] {
        var secrets: [GeneratedSecret] = []
        if modules.contains(.mysql), ownSecret(of: .mysql) == nil {
            secrets.append(
                GeneratedSecret(
                    module: .mysql, secretName: "mysql-auth", kind: .password(key: "root-password"),
                    valuesPaths: [["mysql", "auth", "rootPassword"]]))
            secrets.append(
                GeneratedSecret(
                    module: .mysql, secretName: "mysql-auth", kind: .password(key: "password"),
                    valuesPaths: [["mysql", "auth", "password"], ["global", "database", "password"]]))
        }
        // Where others write the webhook, its authority would be another one than the Secret's: then there is none.
        if modules.contains(.ingressNginx), !usesExistingIngress, clusterScoped == .create {
            let service = "ingress-nginx-controller-admission"
            secrets.append(
                GeneratedSecret(
                    module: .ingressNginx, secretName: "ingress-nginx-admission",
                    kind: .webhookCertificate(hosts: [
                        service, "\(service).\(namespace)", "\(service).\(namespace).svc",
                        "\(service).\(namespace).svc.\(clusterDomain)",
                    ]), valuesPaths: [["ingress-nginx", "webhook"]]))
        }
        return secrets
    }

    func ownSecret(of module: Module) -> String? {
        guard let name = block(of: module)["existingSecret"]?.string, !name.isEmpty else { return nil }
        return name
    }

    /// The Secrets that must be in the plan's namespace before anything is installed.
    public var expectedSecrets: [String] {
        var names = imagePullSecrets
        if let external = externalDatabase { names.append(external.passwordSecret) }
        names += modules.compactMap(ownSecret)
        if let proxySecret { names.append(proxySecret) }
        return names
    }
}
