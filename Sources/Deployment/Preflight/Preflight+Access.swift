// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Values
import YAMLText

extension Preflight {
    /// Whether the server serves every kind at the version that was rendered.
    func servedAPIs(_ deployment: RenderedDeployment) async throws -> PreflightCheck {
        let catalog = try await client.discovery.catalog()
        let defined = Set(
            deployment.objects.filter { $0.kind == "CustomResourceDefinition" }.compactMap {
                $0["spec", "group"]?.string
            })
        let missing = Set(deployment.objects.map(\.groupVersionKind)).filter {
            catalog.resource(for: $0) == nil && !defined.contains($0.group)
        }
        guard !missing.isEmpty else { return PreflightCheck("apis", .ok, "every kind of the plan is served") }
        let needing = deployment.documents.filter { missing.contains($0.object.groupVersionKind) }.map(\.component)
        let names = missing.map(\.description).sorted().joined(separator: ", ")
        return PreflightCheck(
            "apis", .fail, "not served: \(names)",
            remedy:
                "use a newer Kubernetes, or leave out what needs it: \(Set(needing).sorted().joined(separator: ", "))")
    }

    /// The rights of whoever installs, asked for a namespace at a time, and one by one only where that leaves doubt.
    func permissions(_ deployment: RenderedDeployment) async -> [PreflightCheck] {
        let rights = deployment.installerRights
        var checks: [PreflightCheck] = []
        for (namespace, rules) in rights.namespaced {
            checks.append(
                await attempt("permissions") {
                    let granted = try await client.selfSubjectRulesReview(namespace: namespace)
                    let missing = try await missing(rules, in: namespace) { question in
                        granted.rules.contains { $0.covers(question) }
                    }
                    return Self.finding(missing, "in namespace '\(namespace)'", kind: "Role", namespace: namespace)
                })
        }
        if !rights.clusterWide.isEmpty {
            checks.append(
                await attempt("permissions") {
                    // Whoever may do everything is not asked for each thing.
                    let isAdmin = try await client.selfSubjectAccessReview(AccessQuestion("*", "*", group: "*"))
                        .isAllowed
                    let missing = try await missing(rights.clusterWide, in: nil) { _ in isAdmin }
                    return Self.finding(missing, "for the whole cluster", kind: "ClusterRole", namespace: nil)
                })
        }
        return checks
    }

    private func missing(
        _ rules: [RoleRule], in namespace: String?, _ isKnown: (AccessQuestion) -> Bool
    ) async throws -> [RoleRule] {
        var found: [RoleRule] = []
        for rule in rules {
            for resource in rule.resources {
                let parts = resource.split(separator: "/").map(String.init)
                var verbs: [String] = []
                for verb in rule.verbs {
                    let question = AccessQuestion(
                        verb, parts.first ?? resource, group: rule.group, subresource: parts.count > 1 ? parts[1] : "",
                        namespace: namespace, name: rule.names.first ?? "")
                    if isKnown(question) { continue }
                    if try await !client.selfSubjectAccessReview(question).isAllowed { verbs.append(verb) }
                }
                if !verbs.isEmpty { found.append(RoleRule(rule.group, [resource], names: rule.names, verbs: verbs)) }
            }
        }
        return RoleRule.merged(found)
    }

    private static func finding(
        _ missing: [RoleRule], _ place: String, kind: String, namespace: String?
    ) -> PreflightCheck {
        guard !missing.isEmpty else { return PreflightCheck("permissions", .ok, "complete \(place)") }
        let what = missing.flatMap { rule in rule.resources.map { "\(rule.verbs.joined(separator: ",")) \($0)" } }
        var metadata: Mapping = ["name": "iflearnerctl-missing"]
        if let namespace { metadata["namespace"] = .string(namespace) }
        let role: Value = [
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": .string(kind), "metadata": .mapping(metadata),
            "rules": .array(missing.map(\.value)),
        ]
        return PreflightCheck(
            "permissions", .fail, "missing \(place): \(what.joined(separator: "; "))",
            remedy: "ask the administrator for this, or for what 'iflearnerctl rbac print --for installer' prints:\n"
                + role.yamlString(keys: .given))
    }

    /// With `clusterScoped: expect`, whether the administrator has applied what lies outside namespaces.
    func clusterScopedObjects(of deployment: RenderedDeployment) async -> [PreflightCheck] {
        var checks: [PreflightCheck] = []
        for object in deployment.clusterScopedObjects {
            checks.append(
                await attempt("cluster scope") {
                    try await client.find(object.key) == nil
                        ? PreflightCheck(
                            "cluster scope", .fail, "\(object.key) is not there",
                            remedy:
                                "send this to the administrator: iflearnerctl cluster render -f \(deployment.planFile) --scope cluster"
                        )
                        : PreflightCheck("cluster scope", .ok, "\(object.key) is there")
                })
        }
        return checks
    }
}
