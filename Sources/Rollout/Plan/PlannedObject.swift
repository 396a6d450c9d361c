// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Records

/// What is to be done about one rendered object.
public struct PlannedObject: Sendable {
    /// The component it belongs to.
    public var component: String
    /// The stage it is written in.
    public var stage: Stage
    /// The object as it is sent, with the deployment's marks.
    public var manifest: KubernetesObject
    /// What is to be done.
    public var action: Action
    /// The object in the cluster; nil where there is none, or none of ours.
    public var live: KubernetesObject?
    /// Why it stays in the cluster when its component goes; nil when it goes too.
    public var keep: Keep?

    /// What is to be done about an object.
    public enum Action: Sendable, Hashable {
        /// It is not there. `isChecked` when the server was asked whether it would accept it.
        case create(isChecked: Bool)
        /// It is ours and differs; `uid` is the one it must still have.
        case update(uid: String)
        /// An uninstall kept it; it becomes ours again.
        case adopt(uid: String)
        /// It is ours, and as it should be.
        case unchanged(uid: String)
    }

    /// The kind, namespace and name.
    public var key: ObjectKey { manifest.key }
    /// The identity without the version.
    public var identity: ObjectIdentity { ObjectIdentity(manifest.key) }
    /// The hash of what was rendered.
    public var specHash: String { manifest.annotations[RecordKeys.specHash] ?? "" }

    /// Whether something has to be written.
    public var isChange: Bool {
        if case .unchanged = action { false } else { true }
    }

    /// The uid in the cluster, as far as it is known.
    var uid: String? {
        switch action {
        case .create: nil
        case .update(let uid), .adopt(let uid), .unchanged(let uid): uid
        }
    }

    /// The entry of the inventory.
    func entry(uid: String?) -> InventoryEntry {
        InventoryEntry(
            component: component, key: key, uid: uid, specHash: specHash, stage: stage.rawValue, keep: keep)
    }
}

/// A hook of a chart: a Job that is run when its component changes.
public struct PlannedHook: Sendable {
    /// The component it belongs to.
    public var component: String
    /// Whether it runs before or after the component is written.
    public var moment: Moment
    /// Its place among the hooks of the same moment: lower runs first.
    public var weight: Int
    /// The Job as it is sent, with the deployment's marks.
    public var manifest: KubernetesObject

    /// When a hook runs.
    public enum Moment: Sendable, Hashable {
        /// Before the component's objects are written.
        case before
        /// After the component is ready.
        case after
    }
}

/// An object of the inventory that is no longer rendered.
public struct Leftover: Sendable, Hashable {
    /// Its inventory entry, with the uid it has now.
    public var entry: InventoryEntry
    /// Whether it stays in the cluster.
    public var isRetained: Bool
}

extension PlannedObject {
    /// Whether it gives a role to somebody.
    var isBinding: Bool { ["RoleBinding", "ClusterRoleBinding"].contains(identity.kind.kind) }
}

extension ObjectIdentity {
    /// Whether it is a role that bindings give.
    var isRole: Bool { kind.group == "rbac.authorization.k8s.io" && ["Role", "ClusterRole"].contains(kind.kind) }
}
