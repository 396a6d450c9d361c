// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// Tracks who owns the fields of objects of one kind, and applies configurations (Kubernetes' server-side apply).
///
/// Pure: objects come in and go out. The caller decodes, normalizes (`Value.normalized(as:)`), defaults and validates.
public struct FieldOwnership: Sendable {
    /// The API version that the request speaks, such as `apps/v1`.
    public let apiVersion: String
    /// The kind.
    public let kind: String
    /// The type of the objects.
    public let schema: TypeSchema
    /// The subresource written, such as `status`; empty for the object itself.
    public let subresource: String
    /// Fields that a write like this resets, so that nobody comes to own them by it.
    public let resetFields: FieldSet
    /// The time of the request, in RFC 3339 with seconds.
    public let time: String

    /// The greatest number of managers with updates that an object keeps apart.
    private static let updaterLimit = 10
    static let lastApplied = "kubectl.kubernetes.io/last-applied-configuration"

    /// Makes the tracker of one request.
    public init(
        apiVersion: String, kind: String, schema: TypeSchema, subresource: String = "",
        resetFields: FieldSet = FieldSet(),
        time: String
    ) {
        self.apiVersion = apiVersion
        self.kind = kind
        self.schema = schema
        self.subresource = subresource
        self.resetFields = resetFields
        self.time = time
    }

    /// What the managedFields of an object become by a create, an update, or a patch other than apply.
    ///
    /// The new object is the one to be stored, its own managedFields as the client sent them: a list that resets them is
    /// obeyed, another one taken over, and a missing one replaced by that of the live object (nil on create).
    public func update(live: Value?, new: Value, manager: String) -> Value {
        let sent = new[path: "metadata", "managedFields"]
        let kept = live?[path: "metadata", "managedFields"]
        var managed = ManagedFields()
        if !subresource.isEmpty {
            managed = Self.decoded(kept)
        } else if !ManagedFields.isReset(sent) {
            managed = Self.decoded(sent)
            if managed.entries.isEmpty { managed = Self.decoded(kept) }
        }
        var new = new
        new.set(nil, at: ["metadata", "managedFields"])
        // An object that nobody is known to own stays untracked until it is first applied.
        if !managed.entries.isEmpty || live == nil {
            track(
                &managed, from: live.map(Self.withoutManagedFields) ?? [:], to: new, manager: identity(manager, .update)
            )
            managed.cap(at: Self.updaterLimit)
        }
        if let list = managed.list { new.set(list, at: ["metadata", "managedFields"]) }
        return new
    }

    /// Applies a configuration to an object, or creates it from one (live is nil).
    ///
    /// Throws a `StatusError`: 400 for a configuration that is not one, 409 with every conflict unless `force`, 500 for lists
    /// that break their own keys, as the API does. The time of the manager changes only when the object or its fields do.
    public func apply(live: Value?, configuration: Value, manager: String, force: Bool) throws -> Value {
        try check(configuration)
        let list = live?[path: "metadata", "managedFields"]
        var managed = ManagedFields()
        do {
            managed = try ManagedFields(list)
        } catch {
            throw Self.internalError("failed to decode managed fields: \(error)")
        }
        let liveObject = live.map(Self.withoutManagedFields) ?? [:]
        if managed.entries.isEmpty, live != nil {
            track(&managed, from: [:], to: liveObject, manager: identity("before-first-apply", .update))
        }
        var result: (object: Value, managed: ManagedFields)
        do {
            result = try merge(liveObject, configuration, managed, manager, force: force)
        } catch let conflicts as ApplyConflicts {
            // kubectl owns what its client-side apply wrote before.
            guard manager == "kubectl", let allowed = ownedByLastApplied(liveObject) else { throw conflicts.status }
            let remaining = conflicts.excluding(allowed)
            guard remaining.fields.isEmpty else { throw remaining.status }
            result = try merge(liveObject, configuration, managed, manager, force: true)
        }
        if manager == "kubectl",
            let old = result.object[path: "metadata", "annotations", Self.lastApplied]?.string, !old.isEmpty
        {
            var applied = configuration
            applied.set(nil, at: ["metadata", "annotations", Self.lastApplied])
            let text = applied.jsonString(JSONWritingOptions(sortedKeys: true)) + "\n"
            result.object.set(.string(text), at: ["metadata", "annotations", Self.lastApplied])
        }
        if let list = result.managed.list { result.object.set(list, at: ["metadata", "managedFields"]) }
        return result.object
    }

    /// Whether a write would change nothing but the times at which its managers wrote: then it is not written at all.
    static func isUnchanged(_ object: Value, from old: Value) -> Bool {
        if object == old { return true }
        func timeless(_ object: Value) -> Value {
            var object = object
            let entries = object[path: "metadata", "managedFields"]?.array?.map { entry in
                var entry = entry
                entry["time"] = nil
                return entry
            }
            object.set(entries.map { .array($0) }, at: ["metadata", "managedFields"])
            return object
        }
        return timeless(object) == timeless(old)
    }

    private func check(_ configuration: Value) throws {
        let sent = (configuration["apiVersion"]?.string ?? "", configuration["kind"]?.string ?? "")
        guard sent == (apiVersion, kind) else {
            throw StatusError.badRequest("invalid object type: \(Self.qualified(sent.0, sent.1))")
        }
        guard configuration[path: "metadata", "managedFields"] ?? .null == .null else {
            throw StatusError.badRequest("metadata.managedFields must be nil")
        }
    }

    private func identity(_ name: String, _ operation: ManagedFields.Operation) -> ManagedFields.Manager {
        ManagedFields.Manager(
            name: name.isEmpty ? "unknown" : name, operation: operation, apiVersion: apiVersion,
            subresource: subresource)
    }

    private static func decoded(_ list: Value?) -> ManagedFields {
        do {
            return try ManagedFields(list)
        } catch {
            // As the API does: a list that cannot be read is as good as none.
            return ManagedFields()
        }
    }

    private static func withoutManagedFields(_ object: Value) -> Value {
        var object = object
        object.set(nil, at: ["metadata", "managedFields"])
        return object
    }

    /// A kind as Go prints it: `/v1, Kind=Pod`, `apps/v1, Kind=Deployment`.
    static func qualified(_ apiVersion: String, _ kind: String) -> String {
        "\(apiVersion.contains("/") ? "" : "/")\(apiVersion), Kind=\(kind)"
    }

    static func internalError(_ message: String) -> StatusError {
        StatusError(code: 500, reason: "", message: message)
    }
}
