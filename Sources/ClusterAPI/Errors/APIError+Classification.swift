// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension APIError {
    /// Whether another field manager owns fields that an apply would change.
    public var isFieldConflict: Bool {
        reason == .conflict && status.details.causes.contains { $0.reason == "FieldManagerConflict" }
    }

    /// Whether the object changed or was replaced since it was read: stale `resourceVersion`, or another `uid`.
    ///
    /// A namesake with another uid answers 422 with a cause on `metadata.uid` ("field is immutable"): it says that a
    /// stranger's object took the name, not that a field of ours cannot change.
    public var isStaleObject: Bool {
        if reason == .conflict || reason == .alreadyExists { return !isFieldConflict && !isQuotaConflict }
        return reason == .invalid && status.details.causes.contains { $0.field == "metadata.uid" }
    }

    /// Whether a quota's counter was being changed by someone else at the same time.
    public var isQuotaConflict: Bool {
        reason == .conflict
            && (status.details.kind == "resourcequotas"
                || message.contains("Operation cannot be fulfilled on resourcequotas"))
    }

    /// Whether the namespace is being deleted.
    public var isNamespaceTerminating: Bool {
        guard reason == .forbidden else { return false }
        return status.details.causes.contains { $0.reason == "NamespaceTerminating" }
            || message.contains("because it is being terminated")
    }

    /// Whether a pod was refused because its account is not there; that of a new namespace is made a moment later.
    public var isMissingAccount: Bool {
        reason == .forbidden && message.contains("error looking up service account")
    }

    /// Whether the server does not serve this kind at all, as opposed to not having this object.
    public var isMissingAPI: Bool {
        guard reason == .notFound else { return false }
        return status.details.name.isEmpty
            && (message.contains("could not find the requested resource") || message.contains("page not found"))
    }

    /// Whether the namespace of the request does not exist, as opposed to the object in it.
    public var isMissingNamespace: Bool {
        reason == .notFound && status.details.kind == "namespaces" && request.object?.kind.kind != "Namespace"
    }

    /// Whether an admission or conversion webhook could not be called.
    public var isWebhookFailure: Bool {
        code == 500
            && (message.contains("failed calling webhook") || message.contains("conversion webhook"))
    }

    /// Whether the manifest has a field that the server does not know, in the words of old servers (a 500).
    public var isUnknownFieldFailure: Bool {
        code == 500
            && (message.contains("failed to create typed patch object")
                || message.contains("field not declared in schema"))
    }

    /// Whether a value in an applied manifest cannot be what its field takes, such as a quantity of `lots` (a 500).
    ///
    /// A creation of the same object is answered with 400.
    public var isUnreadableValue: Bool {
        code == 500 && message.contains("unable to convert unstructured object")
    }

    /// Whether a version was given to an object that is not there, which Services before Kubernetes 1.23 refuse (a 500).
    ///
    /// Every other kind takes it as a guard: absent is created, present is a conflict.
    public var isVersionOfAbsentObject: Bool {
        code == 500 && message.contains("resourceVersion should not be set on objects to be created")
    }

    /// Whether the version is too old to watch or list from.
    public var isExpired: Bool { reason == .expired || reason == .gone || code == 410 }
}
