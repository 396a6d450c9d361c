// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records

/// The inventory while a job changes it: at every moment a superset of what exists.
actor Ledger {
    private var order: [ObjectIdentity] = []
    private var entriesByIdentity: [ObjectIdentity: InventoryEntry] = [:]

    /// Starts with the union of the old inventory and what is going to be written.
    init(_ union: [InventoryEntry]) {
        for entry in union where entriesByIdentity.updateValue(entry, forKey: entry.identity) == nil {
            order.append(entry.identity)
        }
    }

    /// The inventory as it is now.
    var entries: [InventoryEntry] { order.compactMap { entriesByIdentity[$0] } }

    /// Notes that an object exists, with its uid.
    func exists(_ entry: InventoryEntry) {
        if entriesByIdentity.updateValue(entry, forKey: entry.identity) == nil { order.append(entry.identity) }
    }

    /// Notes that an object is gone, or belongs to nobody any more.
    func removed(_ identity: ObjectIdentity) { entriesByIdentity[identity] = nil }

    /// Drops what was in an old inventory, is not in the plan and was found gone.
    func keep(only identities: Set<ObjectIdentity>) {
        for identity in order where !identities.contains(identity) { entriesByIdentity[identity] = nil }
    }
}
