// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Forgets events after an hour, as API servers do.
///
/// What is kept for people to read is not scaled.
final class EventRetention: Controller {
    private static let lifetime = Duration.seconds(3600)

    func affected(by change: Change, in state: ClusterState) -> [ObjectKey] {
        // A repeated event is looked at when its first alarm rings, and lives on.
        change.resource == .events && change.before == nil && !change.isRemoval ? [change.key] : []
    }

    func reconcile(_ key: ObjectKey, in cluster: Cluster) throws {
        guard let event = cluster.state.object(key) else { return }
        let last = event.series.lastObservedTime.time ?? event.lastTimestamp.time ?? event.eventTime.time
        let age = cluster.now - (last ?? event.metadata.creationTimestamp.time ?? cluster.now)
        guard age < Self.lifetime else { return try cluster.delete(.events, event) }
        cluster.requeue(after: (Self.lifetime - age) * max(cluster.pace.scale, 1))
    }
}
