// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization
import Values

/// Reads and writes the object that carries a lock: a Lease, or where those are forbidden, annotations of a Secret.
final class LeaseStore: Sendable {
    private enum Carrier { case lease, secret }

    private let client: ClusterClient
    private let namespace: String
    private let name: String
    private let labels: [String: String]
    private let isLeaseAlone: Bool
    private let carrier = Mutex(Carrier.lease)

    init(
        client: ClusterClient, namespace: String, name: String, labels: [String: String], isLeaseAlone: Bool = false
    ) {
        self.client = client.on(.lease)
        self.namespace = namespace
        self.name = name
        self.labels = labels
        self.isLeaseAlone = isLeaseAlone
    }

    /// The lock as it is; nil when there is none yet.
    func read() async throws -> LeaseRecord? {
        try await withCarrier { carrier in
            do {
                let (object, date) = try await client.read(key(carrier))
                return record(object, carrier, date)
            } catch let error as APIError
                where error.reason == .notFound && !error.isMissingAPI && !error.isMissingNamespace
            {
                return nil
            }
        }
    }

    /// Writes the lock: makes it when `resourceVersion` is empty, else replaces exactly that version.
    ///
    /// - Throws: `APIError` that `isStaleObject` when someone else was faster.
    func write(_ record: LeaseRecord) async throws -> LeaseRecord {
        try await withCarrier { carrier in
            let object = object(record, carrier)
            do {
                let result =
                    record.resourceVersion.isEmpty ? try await client.create(object) : try await client.replace(object)
                return self.record(result.object, carrier, result.serverDate)
            } catch let error as APIError where error.isStaleObject {
                // Our own write may have gone through and its answer been lost.
                guard let found = try await read(), found.holder == record.holder, found.renewTime == record.renewTime
                else { throw error }
                return found
            }
        }
    }

    /// Runs an operation on the Lease, and where Leases are forbidden, from then on on the Secret.
    private func withCarrier<Result>(_ operation: (Carrier) async throws -> Result) async throws -> Result {
        if carrier.withLock({ $0 }) == .secret { return try await operation(.secret) }
        do {
            return try await operation(.lease)
        } catch let error as APIError
            where error.reason == .forbidden && !error.isNamespaceTerminating && !isLeaseAlone
        {
            let result = try await operation(.secret)
            carrier.withLock { $0 = .secret }
            return result
        }
    }

    private func key(_ carrier: Carrier) -> ObjectKey {
        switch carrier {
        case .lease: ObjectKey(.lease, namespace: namespace, name: name)
        case .secret: ObjectKey(.secret, namespace: namespace, name: name + ".lock")
        }
    }
}

// MARK: The two shapes

extension LeaseStore {
    private static let prefix = "iflearnerctl.io/lease-"

    private func record(_ object: KubernetesObject, _ carrier: Carrier, _ date: Timestamp?) -> LeaseRecord {
        let texts = object.annotations
        func text(_ field: String) -> String? {
            let text = carrier == .lease ? object["spec", field]?.string : texts[Self.prefix + field]
            return text.flatMap { $0.isEmpty ? nil : $0 }
        }
        func number(_ field: String) -> Int64? {
            carrier == .lease ? object["spec", field]?.int : texts[Self.prefix + field].flatMap { Int64($0) }
        }
        return LeaseRecord(
            holder: text("holderIdentity"), duration: .seconds(number("leaseDurationSeconds") ?? 60),
            acquireTime: text("acquireTime").flatMap(Timestamp.init(rfc3339:)),
            renewTime: text("renewTime").flatMap(Timestamp.init(rfc3339:)),
            transitions: number("leaseTransitions") ?? 0, uid: object.uid ?? "",
            resourceVersion: object.resourceVersion ?? "",
            serverDate: date)
    }

    private func object(_ record: LeaseRecord, _ carrier: Carrier) -> KubernetesObject {
        var fields: Mapping = [
            "leaseDurationSeconds": .int(max(1, record.duration.components.seconds)),
            "leaseTransitions": .int(record.transitions),
        ]
        // Newer servers refuse an empty holder: a free lock has none.
        if let holder = record.holder { fields["holderIdentity"] = .string(holder) }
        if let time = record.acquireTime { fields["acquireTime"] = .string(time.rfc3339Micro) }
        if let time = record.renewTime { fields["renewTime"] = .string(time.rfc3339Micro) }
        var object = KubernetesObject(key(carrier))
        if !record.resourceVersion.isEmpty {
            object.resourceVersion = record.resourceVersion
            // Without it the server makes a Lease that is not there, whatever version is asked for.
            object.value.set(.string(record.uid), at: ["metadata", "uid"])
        }
        object.labels = labels
        switch carrier {
        case .lease: object.value["spec"] = .mapping(fields)
        case .secret:
            object.value["type"] = "iflearnerctl.io/lock"
            for (field, value) in fields {
                object.annotations[Self.prefix + field] = value.string ?? value.int.map { String($0) }
            }
        }
        return object
    }
}
