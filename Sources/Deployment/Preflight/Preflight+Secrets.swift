// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Values

extension Preflight {
    /// Whether the Secrets that a plan names are in its namespace, and hold what they are for; the authorities of a proxy,
    /// which are no secret, too.
    func secrets(of plan: ClusterPlan) async -> [PreflightCheck] {
        var checks: [PreflightCheck] = []
        for name in plan.expectedSecrets {
            checks.append(
                await attempt("secret") {
                    let found = try await client.find(ObjectKey(.secret, namespace: plan.namespace, name: name))
                    guard let found else {
                        return PreflightCheck(
                            "secret", .fail, "'\(name)' is not in namespace '\(plan.namespace)'",
                            remedy: "create it before installing: " + Self.creation(of: name, plan))
                    }
                    let type = found["type"]?.string ?? "Opaque"
                    if plan.imagePullSecrets.contains(name), !type.hasPrefix("kubernetes.io/dockerc") {
                        return PreflightCheck(
                            "secret", .fail, "'\(name)' has the type \(type), which pulls no images",
                            remedy: Self.creation(of: name, plan))
                    }
                    let keys = name == plan.proxySecret ? ["username", "password"] : []
                    if let missing = keys.first(where: { found["data", $0] == nil }) {
                        return PreflightCheck(
                            "secret", .fail,
                            "'\(name)' has no key '\(missing)', which the relay logs in to the proxy with",
                            remedy: Self.creation(of: name, plan))
                    }
                    return PreflightCheck("secret", .ok, "'\(name)' is there")
                })
        }
        if let name = plan.proxyAuthorities {
            checks.append(await attempt("proxy authority") { try await proxyAuthorities(name, of: plan) })
        }
        return checks
    }

    /// Without them the relay's pod would wait for ever.
    private func proxyAuthorities(_ name: String, of plan: ClusterPlan) async throws -> PreflightCheck {
        let creation = "kubectl create configmap \(name) -n \(plan.namespace) --from-file=ca.crt=FILE"
        guard let found = try await client.find(ObjectKey(.configMap, namespace: plan.namespace, name: name)) else {
            return PreflightCheck(
                "proxy authority", .fail, "ConfigMap '\(name)' is not in namespace '\(plan.namespace)'",
                remedy: "create it before installing: " + creation)
        }
        guard found["data", "ca.crt"]?.string?.contains("-----BEGIN ") == true else {
            return PreflightCheck(
                "proxy authority", .fail,
                "ConfigMap '\(name)' has no certificate (PEM) under the key ca.crt, which the relay judges the proxy by",
                remedy: "delete it and create it anew: " + creation)
        }
        return PreflightCheck("proxy authority", .ok, "ConfigMap '\(name)' is there")
    }

    private static func creation(of name: String, _ plan: ClusterPlan) -> String {
        let place = "\(name) -n \(plan.namespace)"
        if plan.imagePullSecrets.contains(name) { return "kubectl create secret docker-registry \(place) ..." }
        if name == plan.proxySecret {
            return "kubectl create secret generic \(place) --from-file=username=FILE --from-file=password=FILE"
        }
        return "kubectl create secret ... \(place)"
    }
}
