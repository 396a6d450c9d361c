// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Values

/// One object that belongs to a deployment.
public struct InventoryEntry: Sendable, Hashable {
    /// The component it belongs to.
    public var component: String
    /// Its kind at the version it was written, its namespace and its name.
    public var key: ObjectKey
    /// Its uid; nil from the write-ahead record until the object is known to exist.
    public var uid: String?
    /// The hash of what was rendered when it was last written.
    public var specHash: String
    /// The stage it is applied in; removal goes the other way.
    public var stage: Int
    /// Why it stays in the cluster when its component goes; nil when it goes too.
    public var keep: Keep?
    /// Whether it is run (a hook) rather than kept in a state.
    public var isHook: Bool

    /// Lists an object.
    public init(
        component: String, key: ObjectKey, uid: String?, specHash: String, stage: Int, keep: Keep? = nil,
        isHook: Bool = false
    ) {
        self.component = component
        self.key = key
        self.uid = uid
        self.specHash = specHash
        self.stage = stage
        self.keep = keep
        self.isHook = isHook
    }

    /// The identity that outlives a change of the API version.
    public var identity: ObjectIdentity { ObjectIdentity(key) }

    /// The documented JSON: `component`, `apiVersion`, `kind`, `namespace`, `name`, `uid`, `specHash`, `stage`, `keep`, `hook`.
    public var json: Value {
        var fields: Mapping = [
            "component": .string(component), "apiVersion": .string(key.kind.apiVersion), "kind": .string(key.kind.kind),
        ]
        fields.set("namespace", key.namespace)
        fields["name"] = .string(key.name)
        fields.set("uid", uid)
        fields["specHash"] = .string(specHash)
        fields["stage"] = .int(Int64(stage))
        fields.set("keep", keep?.rawValue)
        fields.set("hook", isHook)
        return .mapping(fields)
    }

    /// Reads the documented JSON; nil when it is something else.
    public init?(json: Value) {
        guard let fields = try? FieldReader(json), let entry = try? InventoryEntry(fields) else { return nil }
        self = entry
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        component = try fields.string("component")
        key = try ObjectKey(fields)
        uid = try fields.optionalString("uid")
        specHash = try fields.string("specHash")
        stage = try fields.int("stage")
        keep = fields.value["keep"] == nil ? nil : try fields.word("keep", Keep.self)
        isHook = try fields.bool("hook")
    }
}

/// Why an object stays in the cluster when its component goes.
public enum Keep: String, Sendable, Hashable, CaseIterable {
    /// It holds data, or the credentials of data.
    case data
    /// It is a definition: objects of its kind would go with it.
    case definition
    /// It is a namespace: everything in it would go with it.
    case namespace
    /// Its chart asks for it (`helm.sh/resource-policy: keep`).
    case policy
}

/// An object's group, kind, namespace and name: the same object at whatever API version.
public struct ObjectIdentity: Sendable, Hashable, CustomStringConvertible {
    /// The group and kind.
    public var kind: GroupKind
    /// The namespace; nil for a cluster-scoped object.
    public var namespace: String?
    /// The name.
    public var name: String

    /// The identity of an address.
    public init(_ key: ObjectKey) {
        kind = key.kind.groupKind
        namespace = key.namespace
        name = key.name
    }

    /// As people write it: `Deployment/mysql`.
    public var description: String { "\(kind.kind)/\(name)" }
}

extension ObjectKey {
    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        self.init(
            GroupVersionKind(apiVersion: try fields.string("apiVersion"), kind: try fields.string("kind")),
            namespace: try fields.optionalString("namespace"), name: try fields.string("name"))
    }
}
