// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Records
import Values

/// The members of a deployment as they are in the cluster: one list per kind and namespace.
struct LiveObjects: Sendable {
    private struct Collection: Hashable {
        var kind: GroupVersionKind
        var namespace: String?
    }

    private var objects: [ObjectIdentity: KubernetesObject] = [:]
    private let missingNamespace: String?
    /// Kinds that are not served yet: their definitions are part of the plan.
    private var unserved: Set<GroupKind> = []

    /// Knows of no object, and takes every kind and namespace to be there.
    init() { missingNamespace = nil }

    /// Lists the members of every kind that is rendered or in the inventory.
    init(
        client: ClusterClient, ownership: Ownership, members: [RenderedObjects.Member], inventory: [InventoryEntry],
        missingNamespace: String?, definedKinds: [GroupKind: Bool]
    ) async throws {
        self.missingNamespace = missingNamespace
        var collections: Set<Collection> = []
        var rendered: Set<GroupKind> = []
        for member in members {
            collections.insert(Collection(kind: member.manifest.key.kind, namespace: member.manifest.namespace))
            rendered.insert(member.manifest.key.kind.groupKind)
        }
        for entry in inventory {
            // A rendered version of the kind is served; the recorded one may be gone.
            let version = members.first { $0.manifest.key.kind.groupKind == entry.key.kind.groupKind }
            let kind = version?.manifest.key.kind ?? entry.key.kind
            collections.insert(Collection(kind: kind, namespace: entry.key.namespace))
        }
        collections = collections.filter { missingNamespace == nil || $0.namespace != missingNamespace }
        let lists = try await collections.concurrentMap { collection in
            try await Self.list(
                collection, client, ownership, isOwnKind: definedKinds[collection.kind.groupKind] != nil)
        }
        for (kind, items) in lists {
            if let items {
                for object in items { objects[ObjectIdentity(object.key)] = object }
            } else {
                unserved.insert(kind)
            }
        }
    }

    private static func list(
        _ collection: Collection, _ client: ClusterClient, _ ownership: Ownership, isOwnKind: Bool
    ) async throws -> (GroupKind, [KubernetesObject]?) {
        let kind = collection.kind.groupKind
        do {
            return (
                kind,
                try await client.list(
                    collection.kind, namespace: collection.namespace, selector: ownership.selector
                ).items
            )
        } catch let error as DiscoveryError {
            if let version = error.servedVersions.first {
                let served = GroupVersionKind(group: kind.group, version: version, kind: kind.kind)
                let list = try await client.list(
                    served, namespace: collection.namespace, selector: ownership.selector)
                return (kind, list.items)
            }
            return (kind, nil)
        } catch let error as APIError where error.isMissingAPI {
            return (kind, nil)
        }
    }

    /// The member of an identity.
    subscript(identity: ObjectIdentity) -> KubernetesObject? { objects[identity] }

    /// Whether the server can be asked about an object now: its namespace and kind are there.
    func isCheckable(_ key: ObjectKey) -> Bool {
        if let missingNamespace, key.namespace == missingNamespace { return false }
        return !unserved.contains(key.kind.groupKind)
    }

    /// What is not ready of what is planned to stay as it is, judged without looking at pods: the lists tell it all.
    func notReady(of planned: [PlannedObject], now: Timestamp) -> [String] {
        let context = ReadinessContext(objects: ObjectSnapshot(objects.values), now: now)
        return planned.compactMap { object in
            guard case .unchanged = object.action, let live = object.live, WaitTarget(key: object.key).isWatched,
                !mayWaitForPod(live), let reason = ReadinessRules.evaluate(live, in: context).reason
            else { return nil }
            return ReadinessWait.sentence(object.key, reason)
        }
    }

    /// Whether a claim may be without a volume only because no pod has asked for it yet, as that of a CronJob.
    ///
    /// Only its storage class would tell; a workload that misses its volume is not ready itself.
    private func mayWaitForPod(_ live: KubernetesObject) -> Bool {
        live.kind == "PersistentVolumeClaim" && live["status", "phase"]?.string == "Pending"
            && live.annotations["volume.kubernetes.io/selected-node"] == nil
    }
}
