// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Processes

/// What a write did.
public struct ApplyResult: Sendable {
    /// The object as the server has it now; of a dry run, as it would have it.
    public var object: KubernetesObject
    /// Whether the object was not there before.
    public var created: Bool
    /// The server's warnings, each once.
    public var warnings: [String]
    /// The server's clock when it answered; nil when it did not say.
    public var serverDate: Timestamp?

    /// Makes a result.
    public init(object: KubernetesObject, created: Bool, warnings: [String] = [], serverDate: Timestamp? = nil) {
        self.object = object
        self.created = created
        self.warnings = warnings
        self.serverDate = serverDate
    }
}

/// What a deletion did.
public enum DeleteResult: Sendable {
    /// The object is gone, or was not there.
    case gone
    /// The object is being deleted: finalizers, dependents or the grace period hold it.
    case pending(KubernetesObject)
}
