// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
public import Processes
import Values

extension RecordStore {
    /// Reads a job record; nil when there is none.
    public func job(_ id: String) async throws -> Stored<JobRecord>? {
        let key = Self.jobKey(deployment, id, namespace: namespace)
        guard let object = try await client.find(key) else { return nil }
        return Stored(try JobRecord(json: try RecordSecret.json("job", of: object), at: key), object)
    }

    /// Writes a job record: makes it, or replaces the one that was read; it is cut to its limit (J-6).
    public func write(
        _ job: JobRecord, replacing stored: Stored<JobRecord>?, mark: WriteMark
    ) async throws -> Stored<JobRecord> {
        let record = job.trimmed()
        let secret = RecordSecret(
            key: Self.jobKey(deployment, job.id, namespace: namespace), type: "iflearnerctl.io/job",
            labels: labels("job", [RecordKeys.job: job.id]),
            annotations: [RecordKeys.summary: JobSummary.json(of: record).jsonString()],
            data: ["job": record.json.json()])
        guard let stored else { return Stored(record, try await create(secret, mark: mark)) }
        let object = try await replace(secret, at: (stored.resourceVersion, stored.annotations), mark: mark)
        return Stored(record, object)
    }

    /// Asks the job's worker to stop at the next safe point (J-9): a flag in the record.
    public func requestStop(of id: String, at time: Timestamp) async throws {
        let patch: Value = ["metadata": ["annotations": [RecordKeys.stopRequested: .string(time.rfc3339)]]]
        _ = try await client.patch(Self.jobKey(deployment, id, namespace: namespace), .merge, patch)
    }

    /// Takes the request to stop back, as a resume does.
    public func clearStop(of id: String) async throws {
        let patch: Value = ["metadata": ["annotations": [RecordKeys.stopRequested: nil]]]
        _ = try await client.patch(Self.jobKey(deployment, id, namespace: namespace), .merge, patch)
    }

    /// Whether the job was asked to stop; one small read.
    public func isStopRequested(for id: String) async throws -> Bool {
        try await client.get(Self.jobKey(deployment, id, namespace: namespace))
            .annotations[RecordKeys.stopRequested] != nil
    }

    /// The jobs of the deployment, newest first, from their metadata alone: one request.
    public func jobs() async throws -> [JobSummary] {
        try await RecordIndex(client: client, namespace: namespace).jobs().filter { $0.deployment == deployment }
    }

    /// Deletes a job record.
    public func delete(_ job: JobSummary) async throws {
        try await delete(Self.jobKey(deployment, job.id, namespace: namespace), uid: job.uid)
    }
}

/// A job as its metadata describe it: a row of `job list`.
public struct JobSummary: Sendable, Hashable {
    /// The job's id.
    public var id: String
    /// The deployment it works on.
    public var deployment: String
    /// The namespace of its record.
    public var namespace: String
    /// What kind of work it does; nil when the record is damaged.
    public var method: JobMethod?
    /// How it stands, as written; nil when the record is damaged.
    public var status: JobStatus?
    /// Whether its stop was asked for.
    public var isStopRequested: Bool
    /// Who started it.
    public var creator: String
    /// The deployment's own id.
    public var clusterID: String
    /// When it was recorded; nil when the record is damaged.
    public var createdAt: Timestamp?
    /// When its worker began.
    public var startTime: Timestamp?
    /// When it ended.
    public var endTime: Timestamp?
    /// The exit code; nil while it is not over.
    public var exitCode: Int?
    /// The uid of its Secret.
    public var uid: String

    init?(_ object: KubernetesObject) {
        guard let id = object.labels[RecordKeys.job] else { return nil }
        self.id = id
        deployment = object.labels[RecordKeys.deployment] ?? ""
        namespace = object.namespace ?? ""
        // What is damaged shows as missing: the list must still show the rest.
        let summary = object.annotations[RecordKeys.summary].flatMap { try? Value(json: $0) } ?? .null
        method = summary["method"]?.string.flatMap(JobMethod.init)
        status = summary["status"]?.string.flatMap(JobStatus.init)
        isStopRequested = object.annotations[RecordKeys.stopRequested] != nil
        creator = summary["creator"]?.string ?? ""
        clusterID = summary["clusterId"]?.string ?? ""
        let created = summary["createdAt"]?.string ?? object.creationTimestamp
        createdAt = created.flatMap { Timestamp(rfc3339: $0) }
        startTime = summary["startTime"]?.string.flatMap { Timestamp(rfc3339: $0) }
        endTime = summary["endTime"]?.string.flatMap { Timestamp(rfc3339: $0) }
        exitCode = summary["exitCode"]?.int.map { Int($0) }
        uid = object.uid ?? ""
    }

    static func json(of job: JobRecord) -> Value {
        var fields: Mapping = [
            "method": .string(job.method.rawValue), "status": .string(job.status.rawValue),
            "creator": .string(job.creator), "clusterId": .string(job.clusterID),
        ]
        fields["createdAt"] = .string(job.createdAt.rfc3339Micro)
        fields.set("startTime", job.startTime)
        fields.set("endTime", job.endTime)
        fields.set("exitCode", job.exitCode)
        return .mapping(fields)
    }
}
