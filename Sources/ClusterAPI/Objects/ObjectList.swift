// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// Objects of one kind as a list request gave them.
public struct ObjectList: Sendable {
    /// The objects; each states its own `apiVersion` and `kind`, which servers leave out of list items.
    public var items: [KubernetesObject]
    /// The version of the collection, from which a watch can go on; empty when the server gave none.
    public var resourceVersion: String
    /// The server's clock when it answered; nil when it did not say.
    public var serverDate: Timestamp?

    /// Makes a list.
    public init(items: [KubernetesObject], resourceVersion: String, serverDate: Timestamp? = nil) {
        self.items = items
        self.resourceVersion = resourceVersion
        self.serverDate = serverDate
    }
}
