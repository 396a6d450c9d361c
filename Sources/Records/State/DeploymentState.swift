// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
public import Values

/// The state record of a deployment: what belongs to it and how far its last job came.
///
/// It is the parent of the deployment's ApplySet and lives in the Secret `iflearnerctl.<deployment>`.
public struct DeploymentState: Sendable, Hashable {
    /// The schema this version writes; a higher one is refused.
    public static let schemaVersion = 1

    /// The deployment's own id, made at its first installation: `UUID` of `cluster list`, `ClusterId` of jobs.
    public var id: String
    /// The deployment's name.
    public var deployment: String
    /// The namespace of its records.
    public var namespace: String
    /// Which cluster it is in.
    public var cluster: ClusterIdentity
    /// What it is doing.
    public var status: DeploymentStatus
    /// How far the last job came.
    public var phase: Phase
    /// The revision that the last job installs or installed.
    public var revision: Int
    /// The newest revision that was completely deployed; nil before the first.
    public var deployedRevision: Int?
    /// The id of the last job.
    public var job: String
    /// The chart's name.
    public var chartName: String
    /// The chart's version.
    public var chartVersion: String
    /// The version of the tool that wrote the record.
    public var toolVersion: String
    /// The digest of the plan of `revision`.
    public var planDigest: String
    /// When the deployment was first installed.
    public var createdAt: Timestamp
    /// When the record was written.
    public var updatedAt: Timestamp
    /// The uid of the namespace, if this deployment created it; nil for one that was there.
    public var createdNamespace: String?
    /// The components in plan order.
    public var components: [ComponentRecord]
    /// Every object that may exist because of this deployment.
    public var inventory: [InventoryEntry]
    /// Objects of others that it relies on.
    public var uses: [SharedUse]

    /// Makes a state record; lists start empty.
    public init(
        id: String, deployment: String, namespace: String, cluster: ClusterIdentity, status: DeploymentStatus,
        phase: Phase, revision: Int, job: String, chartName: String, chartVersion: String, toolVersion: String,
        planDigest: String, createdAt: Timestamp
    ) {
        self.id = id
        self.deployment = deployment
        self.namespace = namespace
        self.cluster = cluster
        self.status = status
        self.phase = phase
        self.revision = revision
        self.job = job
        self.chartName = chartName
        self.chartVersion = chartVersion
        self.toolVersion = toolVersion
        self.planDigest = planDigest
        self.createdAt = createdAt
        updatedAt = createdAt
        components = []
        inventory = []
        uses = []
    }

    /// The id of the ApplySet that the members carry as a label.
    public var applySetID: String { ApplySet.id(deployment: deployment, namespace: namespace) }

    /// The inventory entry of an object.
    public func entry(_ identity: ObjectIdentity) -> InventoryEntry? { inventory.first { $0.identity == identity } }
}

extension DeploymentState {
    /// The documented JSON of the record; the property names are its keys, `schema` tells its version.
    public var json: Value {
        var fields: Mapping = [
            "schema": .int(Int64(Self.schemaVersion)), "id": .string(id), "deployment": .string(deployment),
            "namespace": .string(namespace), "cluster": cluster.json, "status": .string(status.rawValue),
            "phase": .string(phase.rawValue), "revision": .int(Int64(revision)),
        ]
        fields.set("deployedRevision", deployedRevision)
        fields.set("job", job)
        fields.set("chartName", chartName)
        fields.set("chartVersion", chartVersion)
        fields.set("toolVersion", toolVersion)
        fields.set("planDigest", planDigest)
        fields.set("createdAt", createdAt)
        fields.set("updatedAt", updatedAt)
        fields.set("createdNamespace", createdNamespace)
        fields["components"] = .array(components.map(\.json))
        fields["inventory"] = .array(inventory.map(\.json))
        fields.set("uses", uses.map(\.json))
        return .mapping(fields)
    }

    /// Reads the JSON of a record; the address names the record in errors.
    public init(json: Value, at record: ObjectKey) throws(RecordError) {
        let fields = try Schema.read(json, at: record, supported: Self.schemaVersion)
        do {
            self.init(
                id: try fields.string("id"), deployment: try fields.string("deployment"),
                namespace: try fields.string("namespace"),
                cluster: try fields.object("cluster", ClusterIdentity.init) ?? ClusterIdentity(id: "", isWeak: true),
                status: try fields.word("status", DeploymentStatus.self),
                phase: try fields.word("phase", Phase.self), revision: try fields.int("revision"),
                job: try fields.optionalString("job") ?? "", chartName: try fields.optionalString("chartName") ?? "",
                chartVersion: try fields.optionalString("chartVersion") ?? "",
                toolVersion: try fields.optionalString("toolVersion") ?? "",
                planDigest: try fields.optionalString("planDigest") ?? "", createdAt: try fields.time("createdAt"))
            updatedAt = try fields.optionalTime("updatedAt") ?? createdAt
            deployedRevision = try fields.optionalInt("deployedRevision")
            createdNamespace = try fields.optionalString("createdNamespace")
            components = try fields.list("components", ComponentRecord.init)
            inventory = try fields.list("inventory", InventoryEntry.init)
            uses = try fields.list("uses", SharedUse.init)
        } catch {
            throw .unreadable(record, problem: error.message)
        }
    }
}
