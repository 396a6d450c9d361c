// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
public import Values

/// Finds deployments and jobs by their records' metadata: one request per list, whatever the number of records.
public struct RecordIndex: Sendable {
    private let client: ClusterClient
    private let namespace: String?

    /// Looks into one namespace, or into all where that is permitted (nil).
    public init(client: ClusterClient, namespace: String?) {
        self.client = client
        self.namespace = namespace
    }

    /// The deployments, by namespace and name.
    public func deployments() async throws -> [DeploymentSummary] {
        try await records("state").compactMap(DeploymentSummary.init).sorted {
            ($0.namespace, $0.name) < ($1.namespace, $1.name)
        }
    }

    /// The jobs, newest first.
    public func jobs() async throws -> [JobSummary] {
        try await records("job").compactMap(JobSummary.init).sorted {
            ($0.createdAt ?? Timestamp(seconds: 0), $0.id) > ($1.createdAt ?? Timestamp(seconds: 0), $1.id)
        }
    }

    private func records(_ kind: String) async throws -> [KubernetesObject] {
        try await client.listMetadata(
            .secret, namespace: namespace, selector: Selector(labels: [RecordKeys.record: kind])
        ).items
    }
}

/// A deployment as the metadata of its state record describe it: a row of `cluster list`.
public struct DeploymentSummary: Sendable, Hashable {
    /// The deployment's own id; empty when the record is damaged.
    public var id: String
    /// The deployment's name.
    public var name: String
    /// Its namespace.
    public var namespace: String
    /// The revision that the last job installs or installed.
    public var revision: Int
    /// What it is doing; nil when the record is damaged.
    public var status: DeploymentStatus?
    /// The chart's name.
    public var chartName: String
    /// The chart's version.
    public var chartVersion: String
    /// The last job.
    public var job: String
    /// When it was first installed.
    public var createdAt: Timestamp?
    /// Objects of others that it relies on.
    public var uses: [SharedUse]

    init(_ state: DeploymentState) {
        id = state.id
        name = state.deployment
        namespace = state.namespace
        revision = state.revision
        status = state.status
        chartName = state.chartName
        chartVersion = state.chartVersion
        job = state.job
        createdAt = state.createdAt
        uses = state.uses
    }

    init?(_ object: KubernetesObject) {
        guard let name = object.labels[RecordKeys.deployment], let namespace = object.namespace else { return nil }
        self.name = name
        self.namespace = namespace
        // What is damaged shows as missing: the list must still show the rest.
        let summary = object.annotations[RecordKeys.summary].flatMap { try? Value(json: $0) } ?? .null
        id = summary["id"]?.string ?? ""
        revision = summary["revision"]?.int.map { Int($0) } ?? 0
        status = summary["status"]?.string.flatMap(DeploymentStatus.init)
        chartName = summary["chartName"]?.string ?? ""
        chartVersion = summary["chartVersion"]?.string ?? ""
        job = summary["job"]?.string ?? ""
        let created = summary["createdAt"]?.string ?? object.creationTimestamp
        createdAt = created.flatMap { Timestamp(rfc3339: $0) }
        let listed = object.annotations[RecordKeys.uses].flatMap { try? Value(json: $0) }?.array ?? []
        uses = listed.compactMap { try? SharedUse(try FieldReader($0)) }
    }

    /// The documented JSON: `id name namespace revision status chartName chartVersion job createdAt`.
    public var json: Value {
        var fields: Mapping = ["id": .string(id), "name": .string(name), "namespace": .string(namespace)]
        fields["revision"] = .int(Int64(revision))
        fields.set("status", status?.rawValue)
        fields.set("chartName", chartName)
        fields.set("chartVersion", chartVersion)
        fields.set("job", job)
        fields.set("createdAt", createdAt)
        return .mapping(fields)
    }
}
