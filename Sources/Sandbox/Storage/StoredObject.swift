// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// One object as it was at one revision; never changed.
final class StoredObject: Sendable {
    let key: ObjectKey
    /// The revision of the store that wrote it, which is its `metadata.resourceVersion`.
    let revision: Int64
    /// The object, with `apiVersion` and `kind`.
    let value: Value
    /// The object as JSON: what most answers are made of.
    let json: [UInt8]

    init(key: ObjectKey, revision: Int64, value: Value) {
        self.key = key
        self.revision = revision
        var value = value
        value["metadata"]?["resourceVersion"] = .string("\(revision)")
        self.value = value.orderedObject
        json = self.value.json()
    }

    init(key: ObjectKey, revision: Int64, json: [UInt8]) throws(JSONError) {
        self.key = key
        self.revision = revision
        self.json = json
        value = try Value(json: json)
    }
}

/// One change of the store.
struct StoreEvent: Sendable {
    enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    let kind: Kind
    /// The object after the change; for a deletion the last state, with the revision of the deletion.
    let object: StoredObject
    /// The object before the change.
    let previous: StoredObject?
}
