// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A change of a collection, as a watch reports it.
public enum WatchEvent: Sendable, Hashable {
    /// An object appeared; with an old starting version, one that is already known may appear again.
    case added(KubernetesObject)
    /// An object changed.
    case modified(KubernetesObject)
    /// An object went; the value is its last state.
    case deleted(KubernetesObject)
    /// Nothing happened up to this version.
    case bookmark(resourceVersion: String)

    /// The object that changed; nil for a bookmark.
    public var object: KubernetesObject? {
        switch self {
        case .added(let object), .modified(let object), .deleted(let object): object
        case .bookmark: nil
        }
    }
}
