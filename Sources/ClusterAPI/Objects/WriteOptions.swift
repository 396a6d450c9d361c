// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// How strictly the server looks at fields that it does not know.
public enum FieldValidation: String, Sendable {
    /// Unknown and duplicate fields are errors.
    case strict = "Strict"
    /// They are warnings.
    case warn = "Warn"
    /// They are dropped silently.
    case ignore = "Ignore"
}

/// How a server-side apply is made.
public struct ApplyOptions: Sendable, Hashable {
    /// The field manager's name.
    public var fieldManager: String
    /// Whether to take fields from other managers instead of failing.
    public var force: Bool
    /// Whether nothing is to be stored.
    public var dryRun: Bool
    /// What to do about unknown fields.
    public var fieldValidation: FieldValidation
    /// The subresource to apply to, as in `status`; nil for the object itself.
    public var subresource: String?

    /// The product's field manager: a constant, whatever the binary is called.
    public static let defaultFieldManager = "iflearnerctl"

    /// Makes options; the defaults are the product's for a real write.
    public init(
        fieldManager: String = Self.defaultFieldManager, force: Bool = false, dryRun: Bool = false,
        fieldValidation: FieldValidation = .strict, subresource: String? = nil
    ) {
        self.fieldManager = fieldManager
        self.force = force
        self.dryRun = dryRun
        self.fieldValidation = fieldValidation
        self.subresource = subresource
    }

    var query: [(String, String)] {
        var query = [("fieldManager", fieldManager), ("fieldValidation", fieldValidation.rawValue)]
        if force { query.append(("force", "true")) }
        if dryRun { query.append(("dryRun", "All")) }
        return query
    }
}

/// How an object is created, replaced or patched.
public struct WriteOptions: Sendable, Hashable {
    /// The field manager's name.
    public var fieldManager: String
    /// Whether nothing is to be stored.
    public var dryRun: Bool
    /// What to do about unknown fields.
    public var fieldValidation: FieldValidation
    /// The subresource to write, as in `status`; nil for the object itself.
    public var subresource: String?

    /// Makes options; the defaults are the product's for a real write.
    public init(
        fieldManager: String = ApplyOptions.defaultFieldManager, dryRun: Bool = false,
        fieldValidation: FieldValidation = .strict, subresource: String? = nil
    ) {
        self.fieldManager = fieldManager
        self.dryRun = dryRun
        self.fieldValidation = fieldValidation
        self.subresource = subresource
    }

    var query: [(String, String)] {
        var query = [("fieldManager", fieldManager), ("fieldValidation", fieldValidation.rawValue)]
        if dryRun { query.append(("dryRun", "All")) }
        return query
    }
}

/// The kinds of patches.
public enum PatchType: String, Sendable {
    /// RFC 6902.
    case json = "application/json-patch+json"
    /// RFC 7386.
    case merge = "application/merge-patch+json"
    /// Kubernetes' own, for built-in kinds only.
    case strategic = "application/strategic-merge-patch+json"
}

/// What happens to the dependents of a deleted object.
public enum DeletionPropagation: String, Sendable {
    /// They are deleted afterwards.
    case background = "Background"
    /// They are deleted first.
    case foreground = "Foreground"
    /// They stay.
    case orphan = "Orphan"
}

/// How an object is deleted.
public struct DeleteOptions: Sendable, Hashable {
    /// The uid that the object must have; nil deletes whoever has the name.
    public var uid: String?
    /// The version that the object must have.
    public var resourceVersion: String?
    /// What happens to its dependents.
    public var propagation: DeletionPropagation
    /// Seconds that a pod gets to end; nil for its own grace period.
    public var gracePeriodSeconds: Int?
    /// Whether nothing is to be deleted.
    public var dryRun: Bool

    /// Makes options.
    public init(
        uid: String? = nil, resourceVersion: String? = nil, propagation: DeletionPropagation = .background,
        gracePeriodSeconds: Int? = nil, dryRun: Bool = false
    ) {
        self.uid = uid
        self.resourceVersion = resourceVersion
        self.propagation = propagation
        self.gracePeriodSeconds = gracePeriodSeconds
        self.dryRun = dryRun
    }
}
