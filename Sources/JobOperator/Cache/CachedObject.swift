// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Values

/// An object as the cache keeps it: its identity for quick questions, and its document as compact JSON.
///
/// A tree of values takes ten times the memory of its text, and most objects are looked at once an hour.
public struct CachedObject: Sendable, Hashable {
    /// The namespace and name.
    public let key: JobKey
    /// The uid.
    public let uid: String
    /// The version that was seen.
    public let resourceVersion: String
    /// The owner that controls the object, if there is one.
    public let controller: OwnerReference?
    /// Whether the object is being deleted.
    public let isBeingDeleted: Bool
    /// The document without `managedFields`; empty where only the identity was kept.
    private let document: [UInt8]

    /// Keeps an object; of a stranger's, the identity is enough.
    public init(_ object: KubernetesObject, identityOnly: Bool = false) {
        key = JobKey(namespace: object.namespace ?? "", name: object.name)
        uid = object.uid ?? ""
        resourceVersion = object.resourceVersion ?? ""
        controller = object.controller
        isBeingDeleted = object.deletionTimestamp != nil
        guard !identityOnly else {
            document = []
            return
        }
        var value = object.value
        value.set(nil, at: ["metadata", "managedFields"])
        document = value.json()
    }

    /// The whole object; nil where only the identity was kept.
    public var object: KubernetesObject? {
        guard !document.isEmpty else { return nil }
        do {
            return KubernetesObject(try Value(json: document))
        } catch {
            // It was written by ourselves a moment ago.
            preconditionFailure("a cached document is not JSON: \(error)")
        }
    }

    /// Whether this is the same version of the same object.
    func isSame(as other: CachedObject?) -> Bool {
        !resourceVersion.isEmpty && other?.uid == uid && other?.resourceVersion == resourceVersion
    }

    /// Whether a job controls this object: by uid, for names are used again (D5).
    public func isControlled(by job: IflearnerJob) -> Bool { controller?.uid == job.uid && !job.uid.isEmpty }
}
