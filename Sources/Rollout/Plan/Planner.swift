// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Values

/// Computes what a rollout would do (A-2 to A-8, A-14): reads and dry runs, nothing is written.
struct Planner: Sendable {
    let client: ClusterClient
    let store: RecordStore
    let request: RolloutRequest
    let ownership: Ownership

    let time: TimeSource

    init(client: ClusterClient, request: RolloutRequest, time: TimeSource) {
        self.client = client
        self.time = time
        self.request = request
        store = RecordStore(client: client, namespace: request.namespace, deployment: request.deployment)
        ownership = Ownership(deployment: request.deployment, namespace: request.namespace)
    }

    /// The plan; what cannot be done is among its refusals.
    func plan() async throws -> RolloutPlan {
        async let identity = ClusterProbe.identity(client)
        async let stored = store.state()
        let (cluster, state) = try await (identity, stored)
        if let state, state.record.cluster.id != cluster.id, !state.record.cluster.isWeak, !cluster.isWeak {
            throw RolloutError(
                .preflight, "the records of \(request.deployment) were written in another cluster",
                hint: "check the context of your kubeconfig")
        }
        let namespace = try await namespace(isKnown: state != nil)
        let namespaceExists = namespace != .missing
        var plan = RolloutPlan(
            request: request, cluster: cluster, stored: state, namespaceExists: namespaceExists)
        if case .createdByUs(let uid) = namespace { plan.createdNamespace = uid }
        plan.refuse(staticProblems())
        let rendered = try await RenderedObjects(request, ownership: ownership, discovery: client.discovery)
        plan.refuse(rendered.problems)
        guard plan.refusals.isEmpty else { return plan }
        plan.namespaceObject = rendered.namespace
        if !namespaceExists, !request.options.createsNamespace {
            plan.refuse([
                Cause(
                    code: ExitCode.preflight.rawValue, message: "namespace \(request.namespace) does not exist",
                    hint: "create it with: kubectl create namespace \(request.namespace)")
            ])
            return plan
        }
        let shared = try await Singletons(client: client, ownership: ownership, state: state?.record).find(in: request)
        plan.uses = shared.uses
        plan.sharedComponents = shared.components
        plan.warnings += shared.warnings
        let members = rendered.members.filter {
            !shared.components.contains($0.component) && !shared.objects.contains($0.identity)
        }
        let live = try await LiveObjects(
            client: client, ownership: ownership, members: members, inventory: state?.record.inventory ?? [],
            missingNamespace: namespaceExists ? nil : request.namespace, definedKinds: rendered.definedKinds)
        let decider = ObjectDecider(
            client: client, ownership: ownership, state: state?.record, live: live,
            coversLostRecords: request.options.coversLostRecords,
            roles: Set(members.map(\.identity).filter(\.isRole)))
        for decision in try await decider.decide(members) { plan.add(decision) }
        for hook in hooks(rendered.hooks, in: plan) {
            if let claim = missingClaim(of: hook, in: plan) {
                plan.warnings.append(
                    "\(hook.manifest.key) is left out: \(claim) is only made by this run, so there is nothing to run on yet"
                )
            } else {
                plan.hooks.append(hook)
            }
        }
        plan.leftovers = leftovers(rendered: Set(members.map(\.identity)), rendered.hooks, live, state?.record)
        plan.refuse(tooManyLeftovers(plan))
        plan.notReady = live.notReady(of: plan.objects, now: time.wall())
        return plan
    }

    private enum NamespaceFinding: Equatable {
        case missing
        case exists
        /// By a run that did not live to record it.
        case createdByUs(uid: String)
    }

    private func namespace(isKnown: Bool) async throws -> NamespaceFinding {
        if isKnown { return .exists }
        do {
            guard let object = try await client.find(ObjectKey(.namespace, name: request.namespace)) else {
                return .missing
            }
            if object.deletionTimestamp != nil {
                throw RolloutError(
                    .refused, "namespace \(request.namespace) is being deleted",
                    hint: "wait until it is gone: kubectl get namespace \(request.namespace) -w")
            }
            guard let uid = object.uid, object.annotations[RecordKeys.createdBy] == ownership.applySetID else {
                return .exists
            }
            return .createdByUs(uid: uid)
        } catch let error as APIError where error.reason == .forbidden {
            // Who may only use one namespace may often not read it: that it is there shows at the first write.
            return .exists
        }
    }

    private func staticProblems() -> [Cause] {
        var problems: [Cause] = []
        let order = ComponentOrder(request.components.map { ($0.name, $0.dependsOn) })
        if let cycle = order.cycle {
            problems.append(
                Cause(
                    code: ExitCode.invalidPlan.rawValue,
                    message: "components depend on each other in a circle: \(cycle.joined(separator: " → "))"))
        }
        if request.components.allSatisfy(\.objects.isEmpty) && request.missingDefinitions.isEmpty {
            problems.append(
                Cause(
                    code: ExitCode.refused.rawValue, message: "the plan renders no objects",
                    hint: "to remove the deployment: iflearnerctl cluster delete \(request.deployment)"))
        }
        return problems
    }

    /// The hooks of components that will change; those of a first installation and of an upgrade differ.
    private func hooks(_ hooks: [PlannedHook], in plan: RolloutPlan) -> [PlannedHook] {
        let changing = Set(plan.objects.filter(\.isChange).map(\.component))
        let present = Set(plan.stored?.record.inventory.filter { $0.uid != nil && !$0.isHook }.map(\.component) ?? [])
        return hooks.filter {
            changing.contains($0.component) && $0.runs(atInstallation: !present.contains($0.component))
        }.sorted { ($0.weight, $0.manifest.name) < ($1.weight, $1.manifest.name) }
    }

    /// A claim that a hook needs before the component's objects are written, although it is one of them.
    ///
    /// Its pod would wait for the claim, and the claim for the end of the hook.
    private func missingClaim(of hook: PlannedHook, in plan: RolloutPlan) -> ObjectKey? {
        guard hook.moment == .before else { return nil }
        let volumes = hook.manifest["spec", "template", "spec", "volumes"]?.array ?? []
        let names = volumes.compactMap { $0[path: "persistentVolumeClaim", "claimName"]?.string }
        return plan.objects.first { object in
            guard case .create = object.action else { return false }
            return object.key.kind.kind == "PersistentVolumeClaim" && names.contains(object.key.name)
                && object.key.namespace == hook.manifest.key.namespace
        }?.key
    }

    /// Objects of the inventory that are no longer rendered and may be deleted (D-2).
    private func leftovers(
        rendered: Set<ObjectIdentity>, _ hooks: [PlannedHook], _ live: LiveObjects, _ state: DeploymentState?
    ) -> [Leftover] {
        guard let state else { return [] }
        let hookIdentities = Set(hooks.map { ObjectIdentity($0.manifest.key) })
        // The same object may be rendered under another group: its uid gives it away.
        let renderedUIDs = Set(rendered.compactMap { live[$0]?.uid })
        return state.inventory.compactMap { entry in
            guard !rendered.contains(entry.identity), !hookIdentities.contains(entry.identity),
                let object = live[entry.identity], let uid = object.uid, !renderedUIDs.contains(uid),
                entry.uid == nil || entry.uid == uid, ownership.isMember(object), object.controller == nil
            else { return nil }
            var entry = entry
            entry.uid = uid
            return Leftover(entry: entry, isRetained: entry.keep != nil || Retention.reason(of: object) != nil)
        }
    }

    /// A guard against a plan that would empty the deployment by mistake (D-3).
    private func tooManyLeftovers(_ plan: RolloutPlan) -> [Cause] {
        let count = plan.leftovers.filter { !$0.isRetained }.count
        let total = plan.stored?.record.inventory.count ?? 0
        if let confirmed = request.options.confirmedPrunes, count <= confirmed { return [] }
        guard count > 5, count * 2 > total else { return [] }
        return [
            Cause(
                code: ExitCode.refused.rawValue,
                message: "the plan would delete \(count) of \(total) objects of the deployment",
                hint: "if that is what you want: --confirm-prune \(count)")
        ]
    }
}

/// Tells which cluster this is.
enum ClusterProbe {
    /// The identity of the cluster: the uid of `kube-system`, or a weak stand-in where that may not be read.
    static func identity(_ client: ClusterClient) async throws -> ClusterIdentity {
        do {
            let system = try await client.get(ObjectKey(.namespace, name: "kube-system"))
            return ClusterIdentity(id: system.uid ?? "", isWeak: system.uid == nil)
        } catch let error as APIError where error.reason == .forbidden || error.reason == .notFound {
            return ClusterIdentity(id: "", isWeak: true)
        }
    }
}
