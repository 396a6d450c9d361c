// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Values

/// An IflearnerJob as the server has it: whatever users wrote, checked or not.
public struct IflearnerJob: Sendable, Hashable {
    /// The whole object.
    public let object: KubernetesObject

    /// Wraps an object without checking it.
    public init(_ object: KubernetesObject) {
        self.object = object
    }

    /// The namespace and name.
    public var key: JobKey { JobKey(namespace: object.namespace ?? "", name: object.name) }
    /// The uid; empty before the server has seen the object.
    public var uid: String { object.uid ?? "" }
    /// Whether the job is being deleted.
    public var isBeingDeleted: Bool { object.deletionTimestamp != nil }
    /// `spec.role` when it is one of the two.
    public var role: JobRole? { object["spec", "role"]?.string.flatMap(JobRole.init) }
    /// `spec.host`; empty when there is none.
    public var host: String { object["spec", "host"]?.string ?? "" }
    /// `spec.schedulername`; empty when there is none.
    public var schedulerName: String { object["spec", "schedulername"]?.string ?? "" }
    /// `spec.template`; nil when there is none.
    public var template: Value? { object["spec", "template"] }
    /// `status`; nil before anybody wrote one.
    public var status: Value? { object.value["status"] }
    /// `status.phase`; empty when there is none.
    public var phase: String { object["status", "phase"]?.string ?? "" }
}
