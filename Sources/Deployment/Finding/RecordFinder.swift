// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Records

/// Finds deployments and jobs by name or id: in the namespace that was asked for, or wherever one may look (spec/cli.md).
public struct RecordFinder: Sendable {
    /// Where to look.
    public enum Scope: Sendable, Hashable {
        /// One namespace.
        case namespace(String)
        /// All namespaces; where that is forbidden, the given ones.
        case everywhere(fallback: [String])
        /// All namespaces or an error.
        case all
    }

    private let client: ClusterClient
    private let scope: Scope

    /// A finder.
    public init(client: ClusterClient, scope: Scope) {
        self.client = client
        self.scope = scope
    }

    /// The deployments within the scope, by namespace and name.
    public func deployments() async throws -> [DeploymentSummary] {
        try await look { try await $0.deployments() }
    }

    /// The jobs within the scope, newest first.
    public func jobs() async throws -> [JobSummary] {
        try await look { try await $0.jobs() }
    }

    /// The deployment of a name or of an id's beginning; without either, the only one there is.
    ///
    /// - Throws: `FindingError` when there is none or more than one.
    public func deployment(_ nameOrID: String?) async throws -> DeploymentSummary {
        let all = try await deployments()
        let matches = all.filter { summary in
            guard let nameOrID else { return true }
            return summary.name == nameOrID || Self.isPrefix(nameOrID, of: summary.id)
        }
        if matches.count == 1, let match = matches.first { return match }
        // Of several with a name, the one where this machine works is meant (spec/cli.md).
        let near = matches.filter { preferred.contains($0.namespace) }
        if nameOrID != nil, near.count == 1, let match = near.first { return match }
        throw FindingError(
            what: "deployment", wanted: nameOrID, isAmbiguous: matches.count > 1,
            candidates: (matches.isEmpty ? all : matches).map { "\($0.name) (namespace \($0.namespace))" })
    }

    /// The job of an id or of its beginning.
    ///
    /// - Throws: `FindingError` when there is none or more than one.
    public func job(_ id: String) async throws -> JobSummary {
        let all = try await jobs()
        let matches = all.filter { Self.isPrefix(id, of: $0.id) }
        if matches.count == 1, let match = matches.first { return match }
        throw FindingError(
            what: "job", wanted: id, isAmbiguous: matches.count > 1,
            candidates: (matches.isEmpty ? Array(all.prefix(5)) : matches).map {
                "\($0.id) (\($0.namespace)/\($0.deployment))"
            })
    }

    private var preferred: [String] { if case .everywhere(let fallback) = scope { fallback } else { [] } }

    private static func isPrefix(_ text: String, of id: String) -> Bool {
        text.count >= 4 && id.hasPrefix(text.lowercased())
    }

    private func look<Record: Sendable>(_ read: (RecordIndex) async throws -> [Record]) async throws -> [Record] {
        switch scope {
        case .namespace(let namespace): return try await read(RecordIndex(client: client, namespace: namespace))
        case .all: return try await read(RecordIndex(client: client, namespace: nil))
        case .everywhere(let fallback):
            do {
                return try await read(RecordIndex(client: client, namespace: nil))
            } catch let error as APIError where error.reason == .forbidden {
                var found: [Record] = []
                var refused = 0
                for namespace in fallback {
                    do {
                        found += try await read(RecordIndex(client: client, namespace: namespace))
                    } catch let inner as APIError where inner.reason == .forbidden {
                        refused += 1
                        // That nothing may be looked at does not mean that there is nothing.
                        if refused == fallback.count { throw inner }
                    }
                }
                return found
            }
        }
    }
}

/// There is no such deployment or job, or there are several.
public struct FindingError: Error, Sendable, Hashable {
    /// What was looked for, as in `deployment`.
    public var what: String
    /// The name or id; nil when the only one was meant.
    public var wanted: String?
    /// Whether there are several.
    public var isAmbiguous: Bool
    /// Those that fit, or those that there are.
    public var candidates: [String]

    /// Makes an error of what was looked for and what there is.
    public init(what: String, wanted: String?, isAmbiguous: Bool, candidates: [String]) {
        self.what = what
        self.wanted = wanted
        self.isAmbiguous = isAmbiguous
        self.candidates = candidates
    }

    /// What happened.
    public var message: String {
        guard let wanted else {
            return isAmbiguous ? "there is more than one \(what): name one" : "there is no \(what)"
        }
        return isAmbiguous ? "'\(wanted)' is more than one \(what)" : "there is no \(what) '\(wanted)'"
    }

    /// What there is.
    public var hint: String? {
        candidates.isEmpty ? nil : (isAmbiguous ? "one of: " : "there is: ") + candidates.joined(separator: ", ")
    }
}
