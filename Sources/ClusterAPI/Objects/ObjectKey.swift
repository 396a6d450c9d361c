// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The address of one object: its kind, namespace and name.
public struct ObjectKey: Hashable, Sendable, CustomStringConvertible {
    /// The kind at the version to speak.
    public var kind: GroupVersionKind
    /// The namespace; nil for a cluster-scoped object.
    public var namespace: String?
    /// The name.
    public var name: String

    /// Addresses an object; a cluster-scoped one has no namespace.
    public init(_ kind: GroupVersionKind, namespace: String? = nil, name: String) {
        self.kind = kind
        self.namespace = namespace
        self.name = name
    }

    /// As people write it: `Deployment/mysql`.
    public var description: String { "\(kind.kind)/\(name)" }

    /// With the namespace, for messages that stand alone: `Deployment/mysql in namespace fl`.
    public var longDescription: String {
        namespace.map { "\(description) in namespace \($0)" } ?? description
    }
}
