// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// A request that the API refuses, with the body that says why.
public struct StatusError: Error, Sendable, Hashable {
    /// One of several things that are wrong.
    public struct Cause: Sendable, Hashable {
        /// The kind of cause, such as `FieldValueInvalid`.
        public var reason: String
        /// What is wrong with the field.
        public var message: String
        /// The path of the field, such as `spec.replicas`; nil where there is none.
        public var field: String?

        /// Makes a cause.
        public init(reason: String, message: String, field: String? = nil) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// What the error is about.
    public struct Details: Sendable, Hashable {
        /// The name of the object.
        public var name: String?
        /// The API group; nil for the core group.
        public var group: String?
        /// The kind for validation errors, the plural resource for others.
        public var kind: String?
        /// The uid of the object.
        public var uid: String?
        /// The single things that are wrong.
        public var causes: [Cause]
        /// After how many seconds a retry makes sense.
        public var retryAfterSeconds: Int?

        /// Makes details; empty texts count as missing.
        public init(
            name: String? = nil, group: String? = nil, kind: String? = nil, uid: String? = nil, causes: [Cause] = [],
            retryAfterSeconds: Int? = nil
        ) {
            self.name = name?.isEmpty == true ? nil : name
            self.group = group?.isEmpty == true ? nil : group
            self.kind = kind?.isEmpty == true ? nil : kind
            self.uid = uid?.isEmpty == true ? nil : uid
            self.causes = causes
            self.retryAfterSeconds = retryAfterSeconds
        }
    }

    /// The HTTP status.
    public var code: Int
    /// The machine-readable reason, such as `NotFound`; empty where the API gives none.
    public var reason: String
    /// The text for people.
    public var message: String
    /// What it is about; nil where the API gives no details.
    public var details: Details?

    /// Makes an error.
    public init(code: Int, reason: String, message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The `Status` object of the response body.
    public var body: Value {
        var body: Value = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
        ]
        if !reason.isEmpty { body["reason"] = .string(reason) }
        if let details { body["details"] = details.value }
        body["code"] = .int(Int64(code))
        return body
    }
}

extension StatusError.Details {
    fileprivate var value: Value {
        var value: Value = [:]
        value["name"] = name.map { .string($0) }
        value["group"] = group.map { .string($0) }
        value["kind"] = kind.map { .string($0) }
        value["uid"] = uid.map { .string($0) }
        if !causes.isEmpty {
            value["causes"] = .array(
                causes.map { cause in
                    var entry: Value = ["reason": .string(cause.reason), "message": .string(cause.message)]
                    entry["field"] = cause.field.map { .string($0) }
                    return entry
                })
        }
        value["retryAfterSeconds"] = retryAfterSeconds.map { .int(Int64($0)) }
        return value
    }
}

extension StatusError {
    /// 400: the request makes no sense.
    public static func badRequest(_ message: String) -> StatusError {
        StatusError(code: 400, reason: "BadRequest", message: message)
    }

    /// 404: there is no such object.
    public static func notFound(group: String, resource: String, name: String) -> StatusError {
        StatusError(
            code: 404, reason: "NotFound", message: "\(qualified(resource, group)) \(quoted(name)) not found",
            details: Details(name: name, group: group, kind: resource))
    }

    /// 409: there is an object of that name already.
    public static func alreadyExists(group: String, resource: String, name: String) -> StatusError {
        StatusError(
            code: 409, reason: "AlreadyExists", message: "\(qualified(resource, group)) \(quoted(name)) already exists",
            details: Details(name: name, group: group, kind: resource))
    }

    /// 409: the object is not as the request assumes.
    public static func conflict(group: String, resource: String, name: String, _ reason: String) -> StatusError {
        StatusError(
            code: 409, reason: "Conflict",
            message: "Operation cannot be fulfilled on \(qualified(resource, group)) \(quoted(name)): \(reason)",
            details: Details(name: name, group: group, kind: resource))
    }

    /// 403: the object may not be written like this.
    public static func forbidden(group: String, resource: String, name: String, _ reason: String) -> StatusError {
        StatusError(
            code: 403, reason: "Forbidden",
            message: "\(qualified(resource, group)) \(quoted(name)) is forbidden: \(reason)",
            details: Details(name: name, group: group, kind: resource))
    }

    /// 422: fields of the object are wrong.
    ///
    /// The kind is qualified with the group: `Deployment.apps`.
    public static func invalid(group: String, kind: String, name: String, _ errors: [FieldError]) -> StatusError {
        let texts = errors.reduce(into: [String]()) { texts, error in
            if !texts.contains(error.description) { texts.append(error.description) }
        }
        let list = texts.count == 1 ? texts[0] : "[" + texts.joined(separator: ", ") + "]"
        return StatusError(
            code: 422, reason: "Invalid", message: "\(qualified(kind, group)) \(quoted(name)) is invalid: \(list)",
            details: Details(
                name: name, group: group, kind: kind,
                causes: errors.map { Cause(reason: $0.type.rawValue, message: $0.message, field: $0.field) }))
    }

    /// 422: a patch that cannot be carried out.
    public static func unprocessablePatch() -> StatusError {
        StatusError(
            code: 422, reason: "Invalid", message: "the server rejected our request due to an error in our request",
            details: Details())
    }

    private static func qualified(_ name: String, _ group: String) -> String {
        group.isEmpty ? name : "\(name).\(group)"
    }

    private static func quoted(_ text: String) -> String { Value.string(text).jsonString() }
}
