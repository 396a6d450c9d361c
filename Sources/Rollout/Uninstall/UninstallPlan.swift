// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Records

/// What an uninstall would remove, computed without writing anything.
public struct UninstallPlan: Sendable {
    /// The deployment's name.
    public var deployment: String
    /// The namespace of its records.
    public var namespace: String
    /// What was asked for.
    public var removal: Removal
    /// The state record; nil when the deployment is gone but for what an earlier uninstall kept.
    public var stored: Stored<DeploymentState>?
    /// The components that go, in plan order.
    public var components: [String]
    /// Objects to delete.
    public var doomed: [InventoryEntry]
    /// Objects that stay and belong to nobody afterwards.
    public var retained: [InventoryEntry]
    /// The uid of the namespace, if it goes.
    public var namespaceUID: String?
    /// Why it cannot be done; empty when it can.
    public var refusals: [Cause]

    /// Whether there is anything to do.
    public var hasChanges: Bool {
        if !doomed.isEmpty || namespaceUID != nil { return true }
        return stored != nil && (removesEverything || !retained.isEmpty)
    }

    /// Whether the records go too.
    public var removesEverything: Bool { removal.components == nil }

    /// The error of a plan that cannot be carried out; nil when it can.
    public var refusal: RolloutError? { refusals.isEmpty ? nil : RolloutError(refusals) }
}
