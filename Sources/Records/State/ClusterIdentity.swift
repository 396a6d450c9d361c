// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// Which cluster a record was written in.
public struct ClusterIdentity: Sendable, Hashable {
    /// The uid of namespace `kube-system`, or where that is forbidden a hash of the server's address and CA.
    public var id: String
    /// Whether `id` is only the hash, which changes with the address.
    public var isWeak: Bool

    /// Identifies a cluster.
    public init(id: String, isWeak: Bool) {
        self.id = id
        self.isWeak = isWeak
    }

    var json: Value {
        var fields: Mapping = ["id": .string(id)]
        fields.set("weak", isWeak)
        return .mapping(fields)
    }

    init(_ fields: FieldReader) throws(FieldReader.Problem) {
        id = try fields.string("id")
        isWeak = try fields.bool("weak")
    }
}
