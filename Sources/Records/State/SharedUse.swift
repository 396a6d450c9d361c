// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Values

/// An object of the cluster that a deployment relies on but does not own (S-4).
public struct SharedUse: Sendable, Hashable {
    /// Its kind, namespace and name.
    public var key: ObjectKey
    /// Its uid when it was found.
    public var uid: String
    /// Who provides it: `<namespace>/<deployment>`, or nil where it is not one of ours.
    public var provider: String?
    /// The component of the plan that it stands in for.
    public var component: String

    /// Notes a use.
    public init(key: ObjectKey, uid: String, provider: String?, component: String) {
        self.key = key
        self.uid = uid
        self.provider = provider
        self.component = component
    }

    /// The documented JSON: `component`, `apiVersion`, `kind`, `namespace`, `name`, `uid`, `provider`.
    public var json: Value {
        var fields: Mapping = [
            "component": .string(component), "apiVersion": .string(key.kind.apiVersion), "kind": .string(key.kind.kind),
        ]
        fields.set("namespace", key.namespace)
        fields["name"] = .string(key.name)
        fields["uid"] = .string(uid)
        fields.set("provider", provider)
        return .mapping(fields)
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        component = try fields.string("component")
        key = try ObjectKey(fields)
        uid = try fields.string("uid")
        provider = try fields.optionalString("provider")
    }
}
