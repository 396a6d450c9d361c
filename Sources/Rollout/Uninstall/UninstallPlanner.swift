// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Values

/// Computes what an uninstall would remove (X-1): reads only.
struct UninstallPlanner: Sendable {
    let client: ClusterClient
    let deployment: String
    let namespace: String
    let removal: Removal
    var isResuming = false

    private var ownership: Ownership { Ownership(deployment: deployment, namespace: namespace) }
    private var store: RecordStore {
        RecordStore(client: client, namespace: namespace, deployment: deployment)
    }

    func plan() async throws -> UninstallPlan {
        var plan = UninstallPlan(
            deployment: deployment, namespace: namespace, removal: removal, stored: try await store.state(),
            components: [], doomed: [], retained: [], namespaceUID: nil, refusals: [])
        guard let state = plan.stored?.record else {
            try await planWithoutState(&plan)
            return plan
        }
        let cluster = try await ClusterProbe.identity(client)
        if state.cluster.id != cluster.id, !state.cluster.isWeak, !cluster.isWeak {
            throw RolloutError(
                .preflight, "the records of \(deployment) were written in another cluster",
                hint: "check the context of your kubeconfig")
        }
        try choose(from: state, &plan)
        guard plan.refusals.isEmpty else { return plan }
        let chosen = Set(plan.components)
        let inventory = state.inventory.filter { plan.removesEverything || chosen.contains($0.component) }
        plan.retained = inventory.filter { !goes($0) }
        plan.doomed = try await identified(inventory.filter(goes))
        try await checkUsers(of: inventory, &plan)
        try await checkDefinitions(&plan)
        try await chooseNamespace(state, &plan)
        return plan
    }

    // MARK: What goes

    private func choose(from state: DeploymentState, _ plan: inout UninstallPlan) throws {
        let present = state.components.filter { $0.status != .removed }
        guard let wanted = removal.components else {
            plan.components = state.components.map(\.name)
            return
        }
        for name in wanted {
            guard let component = state.components.first(where: { $0.name == name }) else {
                throw RolloutError(
                    .notFound, "deployment \(deployment) has no component \(name)",
                    hint: "it has \(present.map(\.name).joined(separator: ", "))")
            }
            // Removing it once more is no error: there is nothing left to do.
            if component.status != .removed || state.inventory.contains(where: { $0.component == name }) {
                plan.components.append(name)
            }
        }
        plan.components = state.components.map(\.name).filter(Set(plan.components).contains)
        let order = ComponentOrder(present.map { ($0.name, $0.dependsOn) })
        for name in plan.components where !removal.isForced {
            let needed = order.dependents(of: name).filter { !plan.components.contains($0) }
            guard !needed.isEmpty else { continue }
            plan.refusals.append(
                Cause(
                    component: name, code: ExitCode.refused.rawValue,
                    message: "\(name) is needed by \(needed.joined(separator: ", "))",
                    hint: "remove those too, or use --force"))
        }
    }

    private func goes(_ entry: InventoryEntry) -> Bool {
        switch entry.keep {
        case nil: true
        case .data?: removal.deletesData
        case .definition?: removal.deletesDefinitions
        case .namespace?, .policy?: false
        }
    }

    /// The entries with the uids that their objects have: a run that died may not have recorded them.
    private func identified(_ entries: [InventoryEntry]) async throws -> [InventoryEntry] {
        let unknown = entries.filter { $0.uid == nil }
        guard !unknown.isEmpty else { return entries }
        let found = try await unknown.concurrentMap { entry -> InventoryEntry? in
            do {
                guard let object = try await client.find(entry.key), ownership.isMember(object) else { return nil }
                var entry = entry
                entry.uid = object.uid
                return entry
            } catch is DiscoveryError {
                return nil
            } catch let error as APIError where error.isMissingAPI || error.isMissingNamespace {
                return nil
            }
        }
        return entries.filter { $0.uid != nil } + found.compactMap(\.self)
    }

    // MARK: Without a state record

    /// The deployment is gone: what an earlier uninstall kept may still be asked for; else it is done, or unknown.
    private func planWithoutState(_ plan: inout UninstallPlan) async throws {
        if removal.components == nil, removal.deletesData || removal.deletesDefinitions {
            plan.doomed = try await keptObjects()
            plan.components = Set(plan.doomed.map(\.component)).sorted()
        }
        guard plan.doomed.isEmpty, !isResuming else { return }
        // The record of a job that died after it had removed the state counts as well.
        let wasUninstalled = try await store.jobs().contains { $0.method == .uninstall }
        guard wasUninstalled else {
            throw RolloutError(
                .notFound, "there is no deployment \(deployment) in namespace \(namespace)",
                hint: "iflearnerctl cluster list -A lists all deployments")
        }
    }

    private func keptObjects() async throws -> [InventoryEntry] {
        var kinds: [(GroupVersionKind, String?)] = []
        if removal.deletesData {
            kinds += [(.persistentVolumeClaim, namespace), (.secret, namespace)]
        }
        if removal.deletesDefinitions { kinds.append((.customResourceDefinition, nil)) }
        var entries: [InventoryEntry] = []
        for (kind, namespace) in kinds {
            let list = try await client.listMetadata(
                kind, namespace: namespace, selector: Selector(labels: [RecordKeys.deployment: deployment]))
            for object in list.items where ownership.isRetained(object) {
                let key = ObjectKey(kind, namespace: object.namespace, name: object.name)
                entries.append(
                    InventoryEntry(
                        component: object.labels[RecordKeys.component] ?? "", key: key, uid: object.uid,
                        specHash: object.annotations[RecordKeys.specHash] ?? "",
                        stage: Stage(of: kind.groupKind, servesWebhooks: false).rawValue))
            }
        }
        return entries
    }

    // MARK: What others need

    /// Others may rely on what this deployment provides to the whole cluster (S-4).
    private func checkUsers(of inventory: [InventoryEntry], _ plan: inout UninstallPlan) async throws {
        let provided = inventory.filter { ["CustomResourceDefinition", "IngressClass"].contains($0.key.kind.kind) }
        guard !provided.isEmpty, !removal.isForced else { return }
        let uids = Set(provided.compactMap(\.uid))
        let others: [DeploymentSummary]
        do {
            others = try await RecordIndex(client: client, namespace: nil).deployments().filter { other in
                (other.namespace, other.name) != (namespace, deployment)
                    && other.uses.contains { uids.contains($0.uid) }
            }
        } catch let error as APIError where error.reason == .forbidden {
            plan.refusals.append(
                Cause(
                    code: ExitCode.conflict.rawValue,
                    message: "whether other deployments use \(provided.map(\.key.description).joined(separator: ", ")) "
                        + "may not be looked up: \(error.message)", hint: "ask an administrator, or use --force"))
            return
        }
        guard !others.isEmpty else { return }
        let names = others.map { "\($0.namespace)/\($0.name)" }.joined(separator: ", ")
        plan.refusals.append(
            Cause(
                code: ExitCode.conflict.rawValue,
                message: "\(provided.map(\.key.description).joined(separator: ", ")) is used by \(names)",
                hint: "uninstall those first, or use --force"))
    }

    /// A definition takes every object of its kind with it: it goes only when there is none left but those of this plan.
    private func checkDefinitions(_ plan: inout UninstallPlan) async throws {
        for entry in plan.doomed where entry.key.kind == .customResourceDefinition {
            guard let definition = try await client.find(entry.key) else { continue }
            let group = definition["spec", "group"]?.string ?? ""
            let kind = definition["spec", "names", "kind"]?.string ?? ""
            let doomed = Set(plan.doomed.compactMap(\.uid))
            do {
                guard
                    let resource = try await client.discovery.catalog().preferredResource(
                        for: GroupKind(group: group, kind: kind))
                else { continue }
                let left = try await client.listMetadata(resource.kind).items.filter { !doomed.contains($0.uid ?? "") }
                guard let first = left.first else { continue }
                plan.refusals.append(
                    Cause(
                        object: entry.key.description, code: ExitCode.refused.rawValue,
                        message: "\(left.count) objects of kind \(kind) are left, such as "
                            + "\(first.name) in namespace \(first.namespace ?? ""): deleting the definition would delete them",
                        hint: "delete them first, or leave --delete-crds out"))
            } catch let error as APIError where error.isMissingAPI {
                continue
            }
        }
    }

    // MARK: The namespace

    /// The namespace goes only when we created it, it was asked for and nothing else is in it.
    private func chooseNamespace(_ state: DeploymentState, _ plan: inout UninstallPlan) async throws {
        guard removal.deletesNamespace, plan.removesEverything else { return }
        guard let uid = state.createdNamespace,
            let live = try await client.find(ObjectKey(.namespace, name: namespace)), live.uid == uid
        else {
            plan.refusals.append(
                Cause(
                    code: ExitCode.refused.rawValue,
                    message: "namespace \(namespace) was not created by this deployment",
                    hint: "leave --delete-namespace out; delete it yourself if nothing else is in it"))
            return
        }
        let doomed = Set(plan.doomed.map(\.identity))
        let kept = plan.retained.filter { $0.key.namespace == namespace }.map(\.key.description)
        let foreign = try await foreignObjects(besides: doomed)
        guard kept.isEmpty, foreign.isEmpty else {
            plan.refusals.append(
                Cause(
                    code: ExitCode.refused.rawValue,
                    message:
                        "namespace \(namespace) still holds \((kept + foreign).prefix(10).joined(separator: ", "))",
                    hint: kept.isEmpty
                        ? "move them elsewhere, or leave --delete-namespace out"
                        : "add --delete-data to delete data too"))
            return
        }
        plan.namespaceUID = uid
    }

    /// Objects that people put into the namespace; what Kubernetes and our controllers make of others is not among them.
    private func foreignObjects(besides doomed: Set<ObjectIdentity>) async throws -> [String] {
        let apps = ["Deployment", "StatefulSet", "DaemonSet"].map { GroupVersionKind(apiVersion: "apps/v1", kind: $0) }
        let kinds: [GroupVersionKind] = [.pod, .service, .configMap, .secret, .persistentVolumeClaim, .job] + apps
        let lists = try await kinds.concurrentMap { kind in
            try await client.listMetadata(kind, namespace: namespace).items.filter { object in
                let key = ObjectKey(kind, namespace: namespace, name: object.name)
                return !doomed.contains(ObjectIdentity(key)) && object.controller == nil && !isOwn(object, kind)
            }.map { "\(kind.kind)/\($0.name)" }
        }
        return lists.flatMap(\.self)
    }

    private func isOwn(_ object: KubernetesObject, _ kind: GroupVersionKind) -> Bool {
        if object.labels[RecordKeys.record] != nil, object.labels[RecordKeys.deployment] == deployment { return true }
        if ownership.isMember(object) { return true }
        switch kind.kind {
        case "ConfigMap": return ["kube-root-ca.crt", "openshift-service-ca.crt"].contains(object.name)
        case "Secret": return object.annotations["kubernetes.io/service-account.name"] != nil
        default: return false
        }
    }
}
