// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Records

/// What a rollout would do, computed without writing anything.
public struct RolloutPlan: Sendable {
    /// What was asked for.
    public var request: RolloutRequest
    /// Which cluster was looked at.
    public var cluster: ClusterIdentity
    /// The state record the plan starts from; nil for a first installation.
    public var stored: Stored<DeploymentState>?
    /// Whether the deployment's namespace is there.
    public var namespaceExists: Bool
    /// Every rendered object that this deployment owns, in order.
    public var objects: [PlannedObject]
    /// The hooks that will run.
    public var hooks: [PlannedHook]
    /// Objects of the inventory that are no longer rendered.
    public var leftovers: [Leftover]
    /// Objects of others that are used instead of rendered ones.
    public var uses: [SharedUse]
    /// Components that others provide completely.
    public var sharedComponents: Set<String>
    /// Why the plan cannot be carried out; empty when it can.
    public var refusals: [Cause]
    /// What the user should know.
    public var warnings: [String]
    /// What is not ready of what is there already: `Deployment/mysql: 0 of 1 replicas are available`.
    public var notReady: [String]

    /// The deployment's own namespace as rendered; nil when the plan renders none.
    var namespaceObject: KubernetesObject?

    /// The uid of the deployment's namespace, if an earlier run of ours created it without living to record it.
    var createdNamespace: String?

    /// A plan without anything in it yet.
    init(
        request: RolloutRequest, cluster: ClusterIdentity, stored: Stored<DeploymentState>?, namespaceExists: Bool
    ) {
        self.request = request
        self.cluster = cluster
        self.stored = stored
        self.namespaceExists = namespaceExists
        objects = []
        hooks = []
        leftovers = []
        uses = []
        sharedComponents = []
        refusals = []
        warnings = []
        notReady = []
    }

    mutating func refuse(_ causes: [Cause]) { refusals += causes }

    mutating func add(_ decision: ObjectDecider.Decision) {
        if let object = decision.object { objects.append(object) }
        if let refusal = decision.refusal { refusals.append(refusal) }
        warnings += decision.warnings
    }

    /// Whether carrying it out would write anything.
    ///
    /// A deployment whose last job did not end well is finished by carrying the plan out again.
    public var hasChanges: Bool {
        if objects.contains(where: \.isChange) || leftovers.contains(where: { !$0.isRetained }) { return true }
        guard let state = stored?.record else { return true }
        return state.phase != .deployed || Set(state.uses) != Set(uses) || state.status != .running
    }

    /// Whether this is the first installation.
    public var isFirst: Bool { stored == nil }

    /// The plan in numbers.
    public var summary: PlanSummary {
        var summary = PlanSummary()
        for object in objects {
            switch object.action {
            case .create: summary.created += 1
            case .update, .adopt: summary.updated += 1
            case .unchanged: summary.unchanged += 1
            }
        }
        summary.pruned = leftovers.filter { !$0.isRetained }.count
        summary.shared = uses.count
        summary.refused = refusals.count
        return summary
    }

    /// The error of a plan that cannot be carried out; nil when it can.
    public var refusal: RolloutError? { refusals.isEmpty ? nil : RolloutError(refusals) }
}
