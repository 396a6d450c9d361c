// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Deployment
import JobOperator
import Rollout

extension Connection {
    /// Looks for IflearnerJobs where `-n` says, else in the kubeconfig's namespace and, for names, beyond it.
    func jobFinder(allNamespaces: Bool = false) -> JobFinder {
        if allNamespaces { return JobFinder(client: client, scope: .all) }
        if let chosenNamespace { return JobFinder(client: client, scope: .namespace(chosenNamespace)) }
        return JobFinder(client: client, scope: .preferring(cluster.namespace))
    }

    /// The namespace that is looked at when no other one is named.
    var jobNamespace: String { chosenNamespace ?? cluster.namespace }

    /// The IflearnerJob of a name, of its beginning, or of its task's id.
    ///
    /// - Throws: `FindingError` when there is none or more than one.
    func iflearnerJob(_ wanted: String) async throws -> IflearnerJob {
        try await withJobKind {
            switch try await jobFinder().job(wanted) {
            case .one(let job): return job
            case .several(let jobs): throw Self.error(wanted, jobs, isAmbiguous: true)
            case .none(let jobs): throw Self.error(wanted, jobs, isAmbiguous: false)
            }
        }
    }

    private static func error(_ wanted: String, _ jobs: [IflearnerJob], isAmbiguous: Bool) -> FindingError {
        let shown = jobs.prefix(5).map { "\($0.key.name) (namespace \($0.key.namespace))" }
        let more = jobs.count > shown.count ? ["\(jobs.count - shown.count) more"] : []
        return FindingError(what: "IflearnerJob", wanted: wanted, isAmbiguous: isAmbiguous, candidates: shown + more)
    }

    /// Does something with IflearnerJobs; where the cluster has no such kind, that is said with what brings it.
    func withJobKind<Result>(_ body: () async throws -> Result) async throws -> Result {
        do {
            return try await body()
        } catch let error as DiscoveryError where error.kind.groupKind == JobContract.kind.groupKind {
            throw DeploymentError(
                .preflight, "this cluster has no IflearnerJobs: their CustomResourceDefinition is not installed",
                hint: "an installation with the operator brings it: iflearnerctl cluster install -f cluster.yaml")
        }
    }
}
