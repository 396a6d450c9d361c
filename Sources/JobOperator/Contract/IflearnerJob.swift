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
    /// `metadata.generation`: counts the changes of `spec`.
    public var generation: Int64 { object.generation ?? 0 }
}

extension IflearnerJob {
    /// Why the status says that the job is not run; nil when it is, or was, or nobody has looked yet.
    public var refusal: JobRefusal.Reason? {
        guard phase == JobPhase.failed.rawValue else { return nil }
        return (status?["reason"]?.string).flatMap(JobRefusal.Reason.init)
    }

    /// Whether a pod of this job ended: that is final for the uid, whatever happens to the pod (D7).
    public var isFinished: Bool { JobPhase(rawValue: phase)?.isFinal == true && refusal == nil }

    /// The owner reference of everything that is made for the job (C10).
    ///
    /// It is the controller's, so that no other adopts it, and deleting the job in the foreground waits for it.
    var ownerReference: Value {
        [
            "apiVersion": .string(JobContract.kind.apiVersion), "kind": .string(JobContract.kind.kind),
            "name": .string(key.name), "uid": .string(uid), "controller": true, "blockOwnerDeletion": true,
        ]
    }

    /// The start of an object for the job: named as it is, and owned by it (C2, C10).
    func child(apiVersion: String, kind: String, labels: Mapping, annotations: Mapping = Mapping()) -> KubernetesObject
    {
        var metadata: Mapping = [
            "name": .string(key.name), "namespace": .string(key.namespace), "labels": .mapping(labels),
        ]
        if !annotations.isEmpty { metadata["annotations"] = .mapping(annotations) }
        metadata["ownerReferences"] = [ownerReference]
        return KubernetesObject([
            "apiVersion": .string(apiVersion), "kind": .string(kind), "metadata": .mapping(metadata),
        ])
    }
}
