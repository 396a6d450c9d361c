// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Values

extension RecordStore {
    /// The revisions of the deployment, oldest first, from their metadata alone: one request.
    public func revisions() async throws -> [RevisionSummary] {
        try await client.listMetadata(
            .secret, namespace: namespace,
            selector: Selector(labels: [RecordKeys.deployment: deployment, RecordKeys.record: "revision"])
        ).items.compactMap(RevisionSummary.init).sorted { $0.number < $1.number }
    }

    /// Reads a revision with its manifests.
    public func revision(_ number: Int) async throws -> Revision {
        let key = Self.revisionKey(deployment, number, namespace: namespace)
        let codec = RevisionCodec()
        var secrets = [try RecordSecret.data(of: try await client.get(key))]
        for chunk in 1..<max(1, try codec.chunkCount(secrets[0], at: key)) {
            let key = Self.revisionKey(deployment, number, chunk: chunk, namespace: namespace)
            secrets.append(try RecordSecret.data(of: try await client.get(key)))
        }
        return try codec.decode(secrets, at: key)
    }

    /// Checks that the revision fits into its Secrets, before anything is written.
    public func validate(_ revision: Revision) throws {
        _ = try RevisionCodec().encode(revision)
    }

    /// Writes a revision as `pending`.
    ///
    /// Chunks go first: a revision whose header is there is complete.
    public func create(_ revision: Revision, mark: WriteMark) async throws {
        let chunks = try RevisionCodec().encode(revision)
        for (number, data) in chunks.enumerated().reversed() {
            let key = Self.revisionKey(deployment, revision.number, chunk: number, namespace: namespace)
            var annotations: [String: String] = [:]
            var labels = labels(number == 0 ? "revision" : "chunk", [RecordKeys.revision: String(revision.number)])
            if number == 0 {
                labels[RecordKeys.state] = Phase.pending.rawValue
                annotations[RecordKeys.summary] = RevisionSummary.json(of: revision, chunks: chunks.count).jsonString()
            }
            _ = try await create(
                RecordSecret(
                    key: key, type: "iflearnerctl.io/revision", labels: labels, annotations: annotations, data: data,
                    isImmutable: true), mark: mark)
        }
    }

    /// Notes on a revision how far it came; its data never changes.
    public func mark(revision number: Int, as phase: Phase, mark: WriteMark) async throws {
        let patch: Value = [
            "metadata": [
                "labels": [RecordKeys.state: .string(phase.rawValue)],
                "annotations": [RecordKeys.write: .string(mark.description)],
            ]
        ]
        _ = try await client.patch(Self.revisionKey(deployment, number, namespace: namespace), .merge, patch)
    }

    /// Deletes a revision with its chunks.
    public func delete(_ revision: RevisionSummary) async throws {
        for chunk in 1..<max(1, revision.chunks) {
            try await delete(
                Self.revisionKey(deployment, revision.number, chunk: chunk, namespace: namespace), uid: nil)
        }
        try await delete(Self.revisionKey(deployment, revision.number, namespace: namespace), uid: revision.uid)
    }
}

/// A revision as its metadata describe it.
public struct RevisionSummary: Sendable, Hashable {
    /// The number.
    public var number: Int
    /// How far it came; nil when the label is damaged.
    public var phase: Phase?
    /// When it was made, RFC 3339.
    public var createdAt: String
    /// The job that made it.
    public var job: String
    /// The chart's version.
    public var chartVersion: String
    /// The digest of the plan.
    public var planDigest: String
    /// How many Secrets it has.
    public var chunks: Int
    /// The uid of its Secret.
    public var uid: String

    /// Reads the metadata of a revision's Secret; nil when it has no number.
    init?(_ object: KubernetesObject) {
        guard let number = object.labels[RecordKeys.revision].flatMap({ Int($0) }) else { return nil }
        self.number = number
        phase = object.labels[RecordKeys.state].flatMap(Phase.init)
        // What is damaged shows as missing: the list must still show the rest.
        let summary = object.annotations[RecordKeys.summary].flatMap { try? Value(json: $0) } ?? .null
        createdAt = summary["createdAt"]?.string ?? object.creationTimestamp ?? ""
        job = summary["job"]?.string ?? ""
        chartVersion = summary["chartVersion"]?.string ?? ""
        planDigest = summary["planDigest"]?.string ?? ""
        chunks = summary["chunks"]?.int.map { Int($0) } ?? 1
        uid = object.uid ?? ""
    }

    static func json(of revision: Revision, chunks: Int) -> Value {
        [
            "createdAt": .string(revision.createdAt.rfc3339), "job": .string(revision.job),
            "chartVersion": .string(revision.chartVersion), "planDigest": .string(revision.planDigest),
            "chunks": .int(Int64(chunks)),
        ]
    }
}

/// Which revisions a history keeps.
public enum RevisionTrim {
    /// How many revisions are kept.
    public static let limit = 10

    /// The revisions to delete, oldest first: all but the newest ten, never the current one or the last deployed one.
    public static func surplus(
        _ revisions: [RevisionSummary], current: Int, limit: Int = limit
    ) -> [RevisionSummary] {
        let deployed = revisions.last { $0.phase == .deployed }?.number
        let newest = Set(revisions.map(\.number).sorted().suffix(limit))
        return revisions.filter { !newest.contains($0.number) && $0.number != current && $0.number != deployed }
    }
}
