// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Values

/// Finds IflearnerJobs by name, by the beginning of a name or by the id of their task.
public struct JobFinder: Sendable {
    /// Where to look.
    public enum Scope: Sendable, Hashable {
        /// One namespace.
        case namespace(String)
        /// One namespace, and for a name that is not there, wherever one may look.
        case preferring(String)
        /// All namespaces or an error.
        case all
    }

    /// What there is of a name.
    public enum Match: Sendable {
        /// The job that is meant.
        case one(IflearnerJob)
        /// Several could be meant.
        case several([IflearnerJob])
        /// None; those that there are.
        case none([IflearnerJob])
    }

    private let client: ClusterClient
    private let scope: Scope

    /// A finder.
    public init(client: ClusterClient, scope: Scope) {
        self.client = client
        self.scope = scope
    }

    /// The jobs of the scope, by namespace and name; of a preferred namespace those in it alone.
    public func jobs(selector: Selector = .all) async throws -> [IflearnerJob] {
        switch scope {
        case .namespace(let namespace), .preferring(let namespace): try await list(namespace, selector)
        case .all: try await list(nil, selector)
        }
    }

    /// How many jobs there are elsewhere, by namespace; none where one may not look.
    public func elsewhere() async throws -> [(namespace: String, count: Int)] {
        guard case .preferring(let namespace) = scope else { return [] }
        let counts = try await permitted(nil).reduce(into: [String: Int]()) { $0[$1.key.namespace, default: 0] += 1 }
        return counts.filter { $0.key != namespace }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// The job of a name, of the beginning of one, or of a task's id or its beginning.
    ///
    /// A whole name goes before everything else, and the preferred namespace before the others.
    public func job(_ wanted: String) async throws -> Match {
        let near = try await jobs()
        let match = Self.match(wanted, among: near)
        guard case .none = match, case .preferring = scope else { return match }
        let everywhere = try await permitted(nil)
        return everywhere.isEmpty ? match : Self.match(wanted, among: everywhere)
    }

    /// Which of some jobs is meant.
    static func match(_ wanted: String, among jobs: [IflearnerJob]) -> Match {
        guard !wanted.isEmpty else { return .none(jobs) }
        for fits in [
            { $0.key.name == wanted }, { TaskIdentity($0)?.task == wanted },
            { $0.key.name.hasPrefix(wanted) || TaskIdentity($0)?.task.hasPrefix(wanted) == true },
        ] as [(IflearnerJob) -> Bool] {
            let found = jobs.filter(fits)
            if found.count == 1, let job = found.first { return .one(job) }
            if found.count > 1 { return .several(found) }
        }
        return .none(jobs)
    }

    private func permitted(_ namespace: String?) async throws -> [IflearnerJob] {
        do {
            return try await list(namespace, .all)
        } catch let error as APIError where error.reason == .forbidden {
            return []
        }
    }

    private func list(_ namespace: String?, _ selector: Selector) async throws -> [IflearnerJob] {
        try await client.list(JobContract.kind, namespace: namespace, selector: selector).items.map(IflearnerJob.init)
            .sorted { ($0.key.namespace, $0.key.name) < ($1.key.namespace, $1.key.name) }
    }
}
