// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// An entry of `metadata.ownerReferences`.
public struct OwnerReference: Sendable, Hashable {
    /// The owner's `apiVersion`.
    public var apiVersion: String
    /// The owner's kind.
    public var kind: String
    /// The owner's name.
    public var name: String
    /// The owner's uid, which alone identifies it.
    public var uid: String
    /// Whether this owner manages the object; at most one does.
    public var isController: Bool

    /// Reads an entry; nil when it names no uid.
    public init?(_ value: Value) {
        guard let uid = value["uid"]?.string, !uid.isEmpty else { return nil }
        self.uid = uid
        apiVersion = value["apiVersion"]?.string ?? ""
        kind = value["kind"]?.string ?? ""
        name = value["name"]?.string ?? ""
        isController = value["controller"]?.bool ?? false
    }
}
