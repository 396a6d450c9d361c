// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization
import Values

/// Writes the status of jobs, only where it differs.
final class StatusWriter: Sendable {
    private struct Write: Hashable {
        var wanted: Int
        var result: Int
    }

    private struct State {
        /// What the server made of what was written last, where a schema drops some of it.
        var writes: [JobKey: Write] = [:]
        /// Whether the definition knows all fields: upstream's lacks the newer ones, and an apply is refused for them.
        var canApply = true
    }

    /// How often a status is built anew because the job changed meanwhile.
    private static let tries = 5
    private let client: ClusterClient
    private let state = Mutex(State())

    init(client: ClusterClient) {
        self.client = client
    }

    /// Forgets a job.
    func forget(_ key: JobKey) { state.withLock { $0.writes[key] = nil } }

    /// Writes the status of a job as it was seen; what was written is returned, nil when there was nothing to write.
    ///
    /// Each write is for the version that was seen: a leader who slept does not put back what his successor wrote. A
    /// finished job stays finished.
    func write(_ builder: StatusBuilder, to seen: IflearnerJob) async throws -> Value? {
        var job = seen
        var failure: (any Error)?
        for _ in 0..<Self.tries {
            let wanted = builder.status(over: job.status)
            if job.isFinished, !JobPhase(ofStatus: wanted).isFinal { return nil }
            guard needsWriting(wanted, job) else { return nil }
            do {
                let result = try await send(wanted, job)
                note(result, of: wanted, job.key)
                return wanted
            } catch let error as APIError where error.isStaleObject || error.reason == .notFound {
                failure = error
            }
            guard let fresh = try await client.find(job.object.key).map(IflearnerJob.init), fresh.uid == seen.uid,
                !fresh.isBeingDeleted
            else { return nil }
            job = fresh
        }
        if let failure { throw failure }
        return nil
    }

    private func needsWriting(_ wanted: Value, _ job: IflearnerJob) -> Bool {
        let old = job.status?.droppingNulls().mapping ?? Mapping()
        guard let wantedFields = wanted.mapping else { return false }
        let isSame =
            wantedFields.allSatisfy { key, value in old[key] == value }
            && old.keys.allSatisfy { wantedFields.contains($0) || !StatusBuilder.ownFields.contains($0) }
        if isSame { return false }
        let write = Write(wanted: wanted.hashValue, result: (job.status ?? .null).hashValue)
        return state.withLock { $0.writes[job.key] } != write
    }

    private func note(_ result: KubernetesObject, of wanted: Value, _ key: JobKey) {
        let write = Write(wanted: wanted.hashValue, result: (result.value["status"] ?? .null).hashValue)
        state.withLock { $0.writes[key] = write }
    }

    private func send(_ status: Value, _ job: IflearnerJob) async throws -> KubernetesObject {
        if state.withLock(\.canApply) {
            do {
                return try await apply(status, job)
            } catch let error as APIError where error.isAboutApplying {
                state.withLock { $0.canApply = false }
            }
        }
        return try await patch(status, job)
    }

    private func apply(_ status: Value, _ job: IflearnerJob) async throws -> KubernetesObject {
        var object = KubernetesObject(job.object.key)
        object.value.set(.string(job.uid), at: ["metadata", "uid"])
        object.resourceVersion = job.object.resourceVersion
        object.value["status"] = status
        let options = ApplyOptions(
            fieldManager: JobContract.fieldManager, force: true, fieldValidation: .ignore, subresource: "status")
        return try await client.apply(object, options: options).object
    }

    private func patch(_ status: Value, _ job: IflearnerJob) async throws -> KubernetesObject {
        var fields = status.mapping ?? Mapping()
        for key in StatusBuilder.ownFields where fields[key] == nil { fields[key] = .null }
        var metadata: Mapping = ["uid": .string(job.uid)]
        metadata["resourceVersion"] = job.object.resourceVersion.map(Value.string)
        let options = WriteOptions(
            fieldManager: JobContract.fieldManager, fieldValidation: .ignore, subresource: "status")
        return try await client.patch(
            job.object.key, .merge, ["metadata": .mapping(metadata), "status": .mapping(fields)], options: options
        ).object
    }
}
