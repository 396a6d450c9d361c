// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The lists that clients are reading page by page, as they were when the first page was told.
final class ListSnapshots: Sendable {
    private struct Snapshot {
        let resource: GroupResource
        let namespace: String?
        let revision: Int64
        let objects: [StoredObject]
    }

    /// How many lists are kept.
    private static let capacity = 32
    private let snapshots = Mutex<[Snapshot]>([])

    func keep(_ objects: [StoredObject], _ resource: GroupResource, namespace: String?, revision: Int64) {
        snapshots.withLock { snapshots in
            snapshots.removeAll {
                $0.resource == resource && $0.namespace == namespace && $0.revision == revision
            }
            snapshots.append(
                Snapshot(resource: resource, namespace: namespace, revision: revision, objects: objects))
            if snapshots.count > Self.capacity { snapshots.removeFirst() }
        }
    }

    func objects(_ resource: GroupResource, namespace: String?, revision: Int64) -> [StoredObject]? {
        snapshots.withLock { snapshots in
            snapshots.first {
                $0.resource == resource && $0.namespace == namespace && $0.revision == revision
            }?.objects
        }
    }

    /// Forgets all, as a real server does after some minutes.
    func expire() { snapshots.withLock { $0 = [] } }
}
