// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// Looks for what a cluster can have only once, before anything of it is planned (S-4).
struct Singletons: Sendable {
    /// What was found outside of the inventory.
    struct Finding: Sendable {
        /// Components that somebody else provides completely.
        var components: Set<String> = []
        /// Single objects that somebody else provides.
        var objects: Set<ObjectIdentity> = []
        var uses: [SharedUse] = []
        var warnings: [String] = []
    }

    let client: ClusterClient
    let ownership: Ownership
    let state: DeploymentState?

    func find(in request: RolloutRequest) async throws -> Finding {
        var finding = Finding()
        for component in request.components {
            switch component.singleton {
            case .jobOperator?: try await findOperator(component, &finding)
            case .ingressController?: try await findController(component, &finding)
            case nil: break
            }
        }
        return finding
    }

    private func isOurs(_ key: ObjectKey) -> Bool { state?.entry(ObjectIdentity(key)) != nil }

    private func findOperator(_ component: Component, _ finding: inout Finding) async throws {
        for definition in component.objects where definition.kind == "CustomResourceDefinition" {
            guard !isOurs(definition.key), let live = try await client.find(definition.key),
                !ownership.isRetained(live), !ownership.isMember(live), let uid = live.uid
            else { continue }
            let provider = live.annotations[RecordKeys.operatorOf]
            finding.objects.insert(ObjectIdentity(definition.key))
            finding.uses.append(
                SharedUse(key: definition.key, uid: uid, provider: provider, component: component.name))
            if provider != nil {
                finding.components.insert(component.name)
            } else if let found = try await upstreamOperator(&finding), let uid = found.uid {
                finding.components.insert(component.name)
                finding.uses.append(SharedUse(key: found.key, uid: uid, provider: nil, component: component.name))
            }
        }
    }

    /// The operator's Deployment as upstream's bundle installs it.
    private func upstreamOperator(_ finding: inout Finding) async throws -> KubernetesObject? {
        try await deployments(["control-plane": "controller-manager"], &finding)
            .first { $0.name.contains("iflearner-operator") }
    }

    private func findController(_ component: Component, _ finding: inout Finding) async throws {
        let own = component.objects.first(where: Singleton.isIngressClass)
        if let own, isOurs(own.key) { return }
        let kind = own?.groupVersionKind ?? GroupVersionKind(apiVersion: "networking.k8s.io/v1", kind: "IngressClass")
        let classes = try await readable("IngressClasses", &finding) {
            try await client.list(kind).items.filter(Singleton.isIngressClass)
        }
        var found = classes?.first { !ownership.isMember($0) && !ownership.isRetained($0) }
        if found == nil {
            // Component labels differ: `controller` upstream, the component's name in our own chart.
            found = try await deployments(["app.kubernetes.io/name": "ingress-nginx"], &finding).first {
                !ownership.isMember($0) && $0.labels["app.kubernetes.io/component"] != "default-backend"
            }
        }
        guard let found, let uid = found.uid else { return }
        finding.components.insert(component.name)
        finding.uses.append(
            SharedUse(key: found.key, uid: uid, provider: provider(of: found), component: component.name))
    }

    /// `<namespace>/<deployment>` of one of our deployments; nil for others' objects.
    private func provider(of object: KubernetesObject) -> String? {
        guard let deployment = object.labels[RecordKeys.deployment] else { return nil }
        return object.namespace.map { "\($0)/\(deployment)" } ?? deployment
    }

    private func deployments(
        _ labels: [String: String], _ finding: inout Finding
    ) async throws -> [KubernetesObject] {
        try await readable("Deployments of all namespaces", &finding) {
            try await client.list(.deployment, selector: Selector(labels: labels)).items
        } ?? []
    }

    /// The result of a look at the whole cluster; nil where it is not permitted, which is said once.
    private func readable<Result>(
        _ what: String, _ finding: inout Finding, _ read: () async throws -> Result
    ) async throws -> Result? {
        do {
            return try await read()
        } catch let error as APIError where error.reason == .forbidden || error.isMissingAPI {
            finding.warnings.append("cannot look for shared components: \(error.description)")
            return nil
        } catch is DiscoveryError {
            return nil
        }
    }
}
