// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
public import Values

/// The record of one job (J-6), in the Secret `iflearnerctl.<deployment>.job.<id>`.
public struct JobRecord: Sendable, Hashable {
    /// The schema this version writes; a higher one is refused.
    public static let schemaVersion = 1

    /// The job's id, a lower-case UUID.
    public var id: String
    /// What kind of work it does.
    public var method: JobMethod
    /// The deployment it works on.
    public var deployment: String
    /// The namespace of the deployment's records.
    public var namespace: String
    /// The deployment's own id.
    public var clusterID: String
    /// Who started it, as in `admin@lab`.
    public var creator: String
    /// How it stands, as written; see `JobView` for what to show.
    public var status: JobStatus
    /// The revision that it installs; nil for an uninstall.
    public var revision: Int?
    /// What it removes; nil for an installation.
    public var removal: Removal?
    /// How long one component may take to be ready, in seconds.
    public var componentTimeout: Int
    /// How long the job may take, in seconds.
    public var jobTimeout: Int
    /// When it was recorded.
    public var createdAt: Timestamp
    /// When its worker began.
    public var startTime: Timestamp?
    /// When it ended.
    public var endTime: Timestamp?
    /// What happened, in order.
    public var states: [JobEvent]
    /// Its components in plan order.
    public var subJobs: [SubJob]
    /// The closing sentence; nil while it is not over.
    public var verdict: String?
    /// Every cause of its failure.
    public var causes: [Cause]
    /// The exit code of `job watch`; nil while it is not over.
    public var exitCode: Int?
    /// What an uninstall left behind, as in `PersistentVolumeClaim/mysql`.
    public var retained: [String]
    /// The process that works on it, or did last.
    public var worker: HolderIdentity?
    /// When the worker last wrote the record.
    public var heartbeat: Timestamp?

    /// A job that has just been recorded.
    public init(
        id: String, method: JobMethod, deployment: String, namespace: String, clusterID: String, creator: String,
        revision: Int?, removal: Removal?, componentTimeout: Int, jobTimeout: Int, components: [String],
        createdAt: Timestamp
    ) {
        self.id = id
        self.method = method
        self.deployment = deployment
        self.namespace = namespace
        self.clusterID = clusterID
        self.creator = creator
        self.revision = revision
        self.removal = removal
        self.componentTimeout = componentTimeout
        self.jobTimeout = jobTimeout
        self.createdAt = createdAt
        status = .pending
        states = []
        subJobs = components.map(SubJob.init)
        causes = []
        retained = []
    }
}

extension JobRecord {
    /// The documented JSON of the record; the property names are its keys (`clusterId` for `clusterID`), `schema`
    /// tells its version.
    public var json: Value {
        var fields: Mapping = [
            "schema": .int(Int64(Self.schemaVersion)), "id": .string(id), "method": .string(method.rawValue),
            "deployment": .string(deployment), "namespace": .string(namespace), "clusterId": .string(clusterID),
            "creator": .string(creator), "status": .string(status.rawValue),
        ]
        fields.set("revision", revision)
        if let removal { fields["removal"] = removal.json }
        fields["componentTimeout"] = .int(Int64(componentTimeout))
        fields["jobTimeout"] = .int(Int64(jobTimeout))
        // To the microsecond: it orders jobs.
        fields["createdAt"] = .string(createdAt.rfc3339Micro)
        fields.set("startTime", startTime)
        fields.set("endTime", endTime)
        fields["states"] = .array(
            states.map { ["time": .string($0.time.rfc3339), "text": .string($0.text)] })
        fields["subJobs"] = .array(subJobs.map(\.json))
        fields.set("verdict", verdict)
        fields.set("causes", causes.map(\.json))
        fields.set("exitCode", exitCode)
        fields.set("retained", retained)
        fields.set("worker", worker?.description)
        fields.set("heartbeat", heartbeat)
        return .mapping(fields)
    }

    /// Reads the JSON of a record; the address names the record in errors.
    public init(json: Value, at record: ObjectKey) throws(RecordError) {
        let fields = try Schema.read(json, at: record, supported: Self.schemaVersion)
        do throws(FieldReader.Problem) {
            self.init(
                id: try fields.string("id"), method: try fields.word("method", JobMethod.self),
                deployment: try fields.string("deployment"), namespace: try fields.string("namespace"),
                clusterID: try fields.optionalString("clusterId") ?? "",
                creator: try fields.optionalString("creator") ?? "", revision: try fields.optionalInt("revision"),
                removal: try fields.object("removal", Removal.init),
                componentTimeout: try fields.int("componentTimeout"), jobTimeout: try fields.int("jobTimeout"),
                components: [], createdAt: try fields.time("createdAt"))
            status = try fields.word("status", JobStatus.self)
            startTime = try fields.optionalTime("startTime")
            endTime = try fields.optionalTime("endTime")
            states = try fields.list("states") { (fields) throws(FieldReader.Problem) in
                JobEvent(time: try fields.time("time"), text: try fields.string("text"))
            }
            subJobs = try fields.list("subJobs", SubJob.init)
            verdict = try fields.optionalString("verdict")
            causes = try fields.list("causes", Cause.init)
            exitCode = try fields.optionalInt("exitCode")
            retained = try fields.strings("retained")
            worker = try fields.optionalString("worker").flatMap { HolderIdentity($0) }
            heartbeat = try fields.optionalTime("heartbeat")
        } catch {
            throw .unreadable(record, problem: error.message)
        }
    }
}
