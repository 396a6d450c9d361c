// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Something that happened to an object, whoever did it.
struct Change {
    /// Where the object is or was.
    var key: ObjectKey
    /// The object as it is now, or as it was last known when it is gone.
    var object: Fields
    /// The object as it was known before; nil when it is new.
    var before: Fields?
    /// Whether the object is gone.
    var isRemoval = false

    /// The collection of the object.
    var resource: GroupResource { key.resource }
    /// The namespace of the object.
    var namespace: String { key.namespace }

    /// The keys of the objects of a collection that control this one, or did before.
    func controllers(_ owners: GroupResource) -> [ObjectKey] {
        [object, before].compactMap { version in
            guard let reference = version?.controllerReference, reference.kind.text == owners.kind?.name else {
                return nil
            }
            return ObjectKey(owners, namespace: namespace, name: reference.name.text)
        }
    }
}

/// A level-based control loop: told that something may have changed, it looks at the state and moves it one step closer.
///
/// The runtime calls one controller for one object at a time. A controller keeps nothing that it could not find again in the
/// store, except how long something has lasted.
protocol Controller: AnyObject {
    /// The objects that this controller must look at after a change.
    func affected(by change: Change, in state: ClusterState) -> [ObjectKey]

    /// Looks at one object, which may be gone, and acts.
    ///
    /// - Throws: What the store answered; the runtime tries again later.
    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws
}
