// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

/// The rules of one kind of object, for writes to it or to one of its subresources.
struct ObjectRules: Sendable {
    let resource: APIResource
    let subresource: String
    /// The type server-side apply, patches and validation walk along.
    let schema: TypeSchema

    init(_ resource: APIResource, subresource: String = "") {
        self.resource = resource
        self.subresource = subresource
        schema =
            resource.definition?.version(resource.version)?.type
            ?? BuiltInTypes.schema(apiVersion: resource.groupVersion, kind: resource.kind) ?? .unknown
    }

    var group: String { resource.group }

    /// The tracker of who owns which fields, for a write at a time.
    func ownership(at time: Timestamp) -> FieldOwnership {
        FieldOwnership(
            apiVersion: resource.groupVersion, kind: resource.kind, schema: schema, subresource: subresource,
            resetFields: resetFields, time: "\(time)")
    }

    /// What a write like this cannot change.
    private var resetFields: FieldSet {
        switch subresource {
        case "status":
            return FieldSet([[.field("spec")], [.field("metadata")]].map { $0 })
        case "": return resource.hasStatus ? FieldSet([[.field("status")]]) : FieldSet()
        default: return FieldSet()
        }
    }

    // MARK: Before a write

    /// Kinds whose objects count the changes of what is wanted.
    private static let counted: Set<String> = [
        "Deployment", "ReplicaSet", "StatefulSet", "DaemonSet", "ReplicationController", "Job", "CronJob", "Ingress",
        "IngressClass", "NetworkPolicy", "PodDisruptionBudget", "CustomResourceDefinition", "PriorityClass",
        "MutatingWebhookConfiguration", "ValidatingWebhookConfiguration", "EndpointSlice",
    ]

    var countsGenerations: Bool { resource.definition != nil || Self.counted.contains(resource.kind) }

    /// Kinds whose objects may be created with a status.
    private static let keepsStatus: Set<String> = ["Node", "PersistentVolume"]

    func prepareForCreate(_ object: inout Value, at time: Timestamp) {
        var metadata = object["metadata"]?.mapping ?? Mapping()
        for key in ["resourceVersion", "selfLink", "deletionTimestamp", "deletionGracePeriodSeconds", "generation"] {
            metadata[key] = nil
        }
        metadata["uid"] = .string(SecureRandom.uuid())
        metadata["creationTimestamp"] = .string("\(time)")
        if countsGenerations { metadata["generation"] = 1 }
        object["metadata"] = .mapping(metadata)
        object["apiVersion"] = .string(resource.groupVersion)
        object["kind"] = .string(resource.kind)
        if resource.hasStatus, !Self.keepsStatus.contains(resource.kind) { object["status"] = nil }
        object = object.normalized(as: schema)
    }

    /// Kinds of Kubernetes whose objects are replaced only by those who have seen them.
    private static let conditional: Set<String> = [
        "CustomResourceDefinition", "Lease", "PodDisruptionBudget", "MutatingWebhookConfiguration",
        "ValidatingWebhookConfiguration", "CSIDriver", "CSINode", "VolumeAttachment", "RuntimeClass",
    ]

    /// Refuses a replacement that does not say what it replaces, where that is not allowed.
    func checkUnconditional(_ name: String) throws {
        guard resource.definition != nil || Self.conditional.contains(resource.kind) else { return }
        let error = FieldError.invalid(
            FieldPath("metadata.resourceVersion"), 0, "must be specified for an update")
        throw StatusError.invalid(group: group, kind: resource.kind, name: name, [error])
    }

    /// The state that is written when a client sends one: what a client cannot change stays as it is.
    func prepareForUpdate(_ sent: Value, replacing current: Value) throws -> Value {
        var object = sent
        let old = current["metadata"]?.mapping ?? Mapping()
        object["apiVersion"] = .string(resource.groupVersion)
        object["kind"] = .string(resource.kind)
        switch subresource {
        case "": if resource.hasStatus { object["status"] = current["status"] }
        case "status":
            let status = object["status"]
            let managedFields = object[path: "metadata", "managedFields"]
            object = current
            object["status"] = status
            object.set(managedFields, at: ["metadata", "managedFields"])
        case "finalize":
            let finalizers = object[path: "spec", "finalizers"]
            object = current
            object.set(finalizers, at: ["spec", "finalizers"])
        default: break
        }
        var metadata = object["metadata"]?.mapping ?? Mapping()
        var errors: [FieldError] = []
        // Kubernetes' own kinds look at the uid in a status, too; custom resources do not.
        if subresource == "status", resource.definition == nil { metadata["uid"] = sent[path: "metadata", "uid"] }
        for key in ["uid", "creationTimestamp"] {
            if let text = metadata[key]?.string, !text.isEmpty, text != old[key]?.string {
                errors.append(.invalid(FieldPath("metadata")[key], .string(text), "field is immutable"))
            }
        }
        for key in [
            "name", "namespace", "uid", "creationTimestamp", "generation", "deletionTimestamp",
            "deletionGracePeriodSeconds",
        ] {
            metadata[key] = old[key]
        }
        metadata["selfLink"] = nil
        let before = old["finalizers"]?.array ?? []
        let added = (metadata["finalizers"]?.array ?? []).filter { !before.contains($0) }
        if old["deletionTimestamp"] != nil, !added.isEmpty {
            errors.append(
                .forbidden(
                    FieldPath("metadata.finalizers"),
                    "no new finalizers can be added if the object is being deleted, found new finalizers "
                        + "\(added.compactMap(\.string))"))
        }
        guard errors.isEmpty else {
            throw StatusError.invalid(
                group: group, kind: resource.kind, name: old["name"]?.string ?? "", errors)
        }
        object["metadata"] = .mapping(metadata)
        return object.normalized(as: schema)
    }

    /// Counts a change of what is wanted.
    func countGeneration(_ object: inout Value, replacing current: Value) {
        guard countsGenerations, subresource != "status" else { return }
        var (new, old) = (object, current)
        for key in ["metadata", "status"] where key == "metadata" || resource.hasStatus {
            new[key] = nil
            old[key] = nil
        }
        guard new != old else { return }
        let generation = current[path: "metadata", "generation"]?.int ?? 0
        object.set(.int(generation + 1), at: ["metadata", "generation"])
    }

    /// The object with its fields in the order a real server writes them.
    func ordered(_ object: Value) -> Value {
        var object = object
        object["kind"] = .string(resource.kind)
        object["apiVersion"] = .string(resource.groupVersion)
        return object.orderedObject
    }
}
