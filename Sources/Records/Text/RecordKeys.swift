// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The labels and annotations that the tool puts on objects and records.
public enum RecordKeys {
    /// Label: who manages the object; always `iflearnerctl`.
    public static let managedBy = "app.kubernetes.io/managed-by"
    /// Label on members: the id of the ApplySet they belong to.
    public static let partOf = "applyset.kubernetes.io/part-of"
    /// Label on the state record: its ApplySet id.
    public static let applySetID = "applyset.kubernetes.io/id"
    /// Annotation on the state record: the tool of the ApplySet.
    public static let applySetTooling = "applyset.kubernetes.io/tooling"
    /// Annotation on the state record: the kinds of the members.
    public static let applySetKinds = "applyset.kubernetes.io/contains-group-kinds"
    /// Annotation on the state record: namespaces of members other than the record's own.
    public static let applySetNamespaces = "applyset.kubernetes.io/additional-namespaces"

    /// Label: the deployment's name.
    public static let deployment = "iflearnerctl.io/deployment"
    /// Label: the component's name.
    public static let component = "iflearnerctl.io/component"
    /// Annotation on members: the hash of what was rendered.
    public static let specHash = "iflearnerctl.io/spec-hash"
    /// Annotation on what an uninstall kept: the ApplySet id it belonged to.
    public static let retained = "iflearnerctl.io/retained"
    /// Annotation on a Namespace: the ApplySet that created it.
    public static let createdBy = "iflearnerctl.io/created-by"
    /// Annotation on a definition: `<namespace>/<deployment>` of the operator that serves it.
    public static let operatorOf = "iflearnerctl.io/operator"

    /// Label on records: what kind of record it is.
    public static let record = "iflearnerctl.io/record"
    /// Label on a revision: its number.
    public static let revision = "iflearnerctl.io/revision"
    /// Label on a revision: pending, applied, deployed or failed.
    public static let state = "iflearnerctl.io/state"
    /// Label on a job record: the job's id.
    public static let job = "iflearnerctl.io/job"
    /// Annotation on records: who wrote it last, as a `WriteMark`.
    public static let write = "iflearnerctl.io/write"
    /// Annotation on a job record: when its stop was asked for.
    public static let stopRequested = "iflearnerctl.io/stop-requested"
    /// Annotation on records: the fields that lists show, as JSON.
    public static let summary = "iflearnerctl.io/summary"
    /// Annotation on the state record: the shared objects the deployment uses, as JSON.
    public static let uses = "iflearnerctl.io/uses"

    /// The value of `managedBy`, and the field manager of every write.
    public static let manager = "iflearnerctl"
}
