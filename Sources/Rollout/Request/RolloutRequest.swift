// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Records

/// What a deployment is to look like: rendered manifests and how to bring them about.
public struct RolloutRequest: Sendable {
    /// The deployment's name.
    public var deployment: String
    /// The namespace of the deployment: of its records, and of objects that name none.
    public var namespace: String
    /// The components in plan order.
    public var components: [Component]
    /// The chart's name.
    public var chartName: String
    /// The chart's version.
    public var chartVersion: String
    /// The plan as text, its secrets masked: what `cluster describe` shows.
    public var plan: String
    /// The digest of the plan.
    public var planDigest: String
    /// How to go about it.
    public var options: RolloutOptions

    /// Describes a deployment.
    public init(
        deployment: String, namespace: String, components: [Component], chartName: String, chartVersion: String,
        plan: String, planDigest: String, options: RolloutOptions = RolloutOptions()
    ) {
        self.deployment = deployment
        self.namespace = namespace
        self.components = components
        self.chartName = chartName
        self.chartVersion = chartVersion
        self.plan = plan
        self.planDigest = planDigest
        self.options = options
    }

    /// The request that a stored revision stands for (J-10).
    ///
    /// `definitions` are rendered CustomResourceDefinitions; those whose digest the revision names take their place
    /// again. A definition that is not among them must be in the cluster already.
    public init(_ revision: Revision, definitions: [KubernetesObject], options: RolloutOptions) {
        var byDigest: [String: KubernetesObject] = [:]
        for definition in definitions { byDigest[ContentHash.spec(definition)] = definition }
        let components = revision.components.map { component in
            let definitions = revision.definitions.filter { $0.component == component.name }
            let manifests = revision.manifests.filter { $0.component == component.name }
            return Component(
                name: component.name, dependsOn: component.dependsOn,
                singleton: component.singleton.flatMap(Singleton.init),
                objects: definitions.compactMap { byDigest[$0.digest] } + manifests.map(\.object))
        }
        self.init(
            deployment: revision.deployment, namespace: revision.namespace, components: components,
            chartName: revision.chartName, chartVersion: revision.chartVersion, plan: revision.plan,
            planDigest: revision.planDigest, options: options)
        missingDefinitions = revision.definitions.filter { byDigest[$0.digest] == nil }
    }

    /// Definitions of a stored revision that could not be given back: they are used as they are in the cluster.
    var missingDefinitions: [Revision.Definition] = []
}

/// How a rollout goes about its work.
public struct RolloutOptions: Sendable, Hashable {
    /// How long one component may take to be ready; nil for `Timing`'s.
    public var componentTimeout: Duration?
    /// How long the job may take; nil for `Timing`'s.
    public var jobTimeout: Duration?
    /// Whether a missing namespace is created (`clusterScoped: create`).
    public var createsNamespace = true
    /// Whether objects that carry this deployment's ApplySet label without being in its inventory are taken into it:
    /// `--cover`, after a record was lost.
    public var coversLostRecords = false
    /// The most objects that a rollout may delete without asking; nil asks when it is more than half of more than five.
    public var confirmedPrunes: Int?

    /// The defaults.
    public init() {}
}
