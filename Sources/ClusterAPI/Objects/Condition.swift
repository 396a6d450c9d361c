// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// An entry of `status.conditions`.
public struct Condition: Sendable, Hashable {
    /// The three answers of a condition.
    public enum Status: String, Sendable {
        /// It holds.
        case yes = "True"
        /// It does not hold.
        case no = "False"
        /// The server cannot tell, or wrote something else.
        case unknown = "Unknown"
    }

    /// What the condition is about, as in `Available`.
    public var type: String
    /// Whether it holds.
    public var status: Status
    /// One word for programs; empty when there is none.
    public var reason: String
    /// One sentence for people; empty when there is none.
    public var message: String
    /// When it last changed, as the server wrote it.
    public var lastTransitionTime: String?
    /// The generation it was computed for; nil for kinds that do not say.
    public var observedGeneration: Int64?

    /// Reads an entry; nil when it has no type.
    public init?(_ value: Value) {
        guard let type = value["type"]?.string, !type.isEmpty else { return nil }
        self.type = type
        status = Status(rawValue: value["status"]?.string ?? "") ?? .unknown
        reason = value["reason"]?.string ?? ""
        message = value["message"]?.string ?? ""
        lastTransitionTime = value["lastTransitionTime"]?.string
        observedGeneration = value["observedGeneration"]?.int
    }
}
