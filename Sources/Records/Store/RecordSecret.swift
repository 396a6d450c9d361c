// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Values

/// A record's Secret before it is sent.
struct RecordSecret {
    var key: ObjectKey
    var type: String
    var labels: [String: String]
    var annotations: [String: String]
    var data: [String: [UInt8]]
    var isImmutable = false

    /// The document, marked as this write.
    func object(mark: WriteMark) -> KubernetesObject {
        var object = KubernetesObject(key)
        object.labels = labels
        object.annotations = annotations.merging([RecordKeys.write: mark.description]) { $1 }
        object.value["type"] = .string(type)
        if isImmutable { object.value["immutable"] = true }
        object.value["data"] = .mapping(
            Mapping(data.sorted { $0.key < $1.key }.map { ($0.key, .string(Base64.encode($0.value))) }))
        return object
    }

    /// The decoded data of a Secret.
    static func data(of object: KubernetesObject) throws(RecordError) -> [String: [UInt8]] {
        var data: [String: [UInt8]] = [:]
        for (key, value) in object.value["data"]?.mapping ?? Mapping() {
            do {
                data[key] = try Base64.decode(value.string ?? "")
            } catch {
                throw .unreadable(object.key, problem: "its key \(key) is not base64")
            }
        }
        return data
    }

    /// The JSON of one key of a Secret.
    static func json(_ name: String, of object: KubernetesObject) throws(RecordError) -> Value {
        guard let bytes = try data(of: object)[name] else {
            throw .unreadable(object.key, problem: "it has no key \(name)")
        }
        do {
            return try Value(json: bytes)
        } catch {
            throw .unreadable(object.key, problem: "its key \(name) is no JSON: \(error)")
        }
    }
}

/// A record as it was read or written, with what the next write of it needs.
public struct Stored<Record: Sendable>: Sendable {
    /// The record.
    public var record: Record
    /// The version of its Secret.
    public var resourceVersion: String
    /// The uid of its Secret.
    public var uid: String
    /// Who wrote it last; nil when the mark is missing or not ours.
    public var mark: WriteMark?
    /// The annotations of its Secret.
    public var annotations: [String: String]

    init(_ record: Record, _ object: KubernetesObject) {
        self.record = record
        resourceVersion = object.resourceVersion ?? ""
        uid = object.uid ?? ""
        annotations = object.annotations
        mark = annotations[RecordKeys.write].flatMap { WriteMark($0) }
    }
}
