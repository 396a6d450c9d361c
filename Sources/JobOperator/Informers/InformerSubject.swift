// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI

/// What an informer follows.
enum InformerSubject: Sendable, Hashable, CustomStringConvertible {
    /// The jobs themselves.
    case jobs
    /// What is made for jobs, and strangers' objects of the same kind.
    case children(ChildKind)
    /// What the jobs of a role get.
    case policy(JobRole)

    /// Everything that is followed.
    static let all: [InformerSubject] =
        [.jobs] + ChildKind.allCases.map(InformerSubject.children) + JobRole.allCases.map(InformerSubject.policy)

    /// As in messages.
    var description: String {
        switch self {
        case .jobs: "IflearnerJobs"
        case .children(.pod): "Pods"
        case .children(.service): "Services"
        case .children(.ingress): "Ingresses"
        case .children(.disruptionBudget): "PodDisruptionBudgets"
        case .policy(let role): "ConfigMaps named \(JobContract.policy(for: role).configMap)"
        }
    }

    /// Whether the controller does nothing without it.
    ///
    /// Jobs get their pods where Ingresses cannot be had (C14). Where what jobs may do is not known, they do nothing.
    var isRequired: Bool {
        switch self {
        case .jobs, .children(.pod), .children(.service), .policy: true
        case .children(.ingress), .children(.disruptionBudget): false
        }
    }

    /// Which objects are asked for.
    var selector: Selector {
        switch self {
        // Ours have the label (C4), and so does the name of an object that a Service of ours could select.
        case .children(.pod), .children(.service): Selector(presentLabels: [JobContract.appLabel])
        case .policy(let role): Selector(fields: ["metadata.name": JobContract.policy(for: role).configMap])
        case .jobs, .children(.ingress), .children(.disruptionBudget): .all
        }
    }

    /// The kind at the version to speak.
    ///
    /// - Throws: `DiscoveryError` when the server does not serve it; other `ClusterFailure`s.
    func served(by client: ClusterClient) async throws -> GroupVersionKind {
        switch self {
        case .jobs: JobContract.kind
        case .children(let kind): try await kind.served(by: client)
        case .policy: .configMap
        }
    }

    /// What is kept of an object.
    func sighting(_ object: KubernetesObject) -> Sighting {
        switch self {
        case .jobs: Sighting(job: object)
        case .children(let kind): Sighting(kind, object)
        case .policy: Sighting(policy: object)
        }
    }
}
