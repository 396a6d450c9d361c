// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

// The texts of a real server, word for word: kubectl prints them, and people search for them.
extension StatusError {
    static func notFound(_ resource: GroupResource, _ name: String) -> StatusError {
        StatusError(
            404, .notFound, "\(resource) \"\(name)\" not found",
            details: Details(name: name, group: resource.group, kind: resource.plural))
    }

    /// An API path that nothing is served under.
    static let unknownPath = StatusError(
        404, .notFound, "the server could not find the requested resource", details: Details())

    static func alreadyExists(_ resource: GroupResource, _ name: String) -> StatusError {
        StatusError(
            409, .alreadyExists, "\(resource) \"\(name)\" already exists",
            details: Details(name: name, group: resource.group, kind: resource.plural))
    }

    static func conflict(_ resource: GroupResource, _ name: String, _ reason: String) -> StatusError {
        StatusError(
            409, .conflict, "Operation cannot be fulfilled on \(resource) \"\(name)\": \(reason)",
            details: Details(name: name, group: resource.group, kind: resource.plural))
    }

    static func modified(_ resource: GroupResource, _ name: String) -> StatusError {
        conflict(
            resource, name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    static func badRequest(_ message: String) -> StatusError { StatusError(400, .badRequest, message) }

    static func internalError(_ message: String) -> StatusError {
        StatusError(
            500, .internalError, "Internal error occurred: \(message)",
            details: Details(causes: [Cause(reason: "InternalError", message: message)]))
    }

    static let methodNotAllowed = StatusError(
        405, .methodNotAllowed, "the server does not allow this method on the requested resource", details: Details())

    static let unsupportedMediaType = StatusError(
        415, .unsupportedMediaType, "415: Unsupported Media Type", details: Details())

    static let unauthorized = StatusError(401, .unauthorized, "Unauthorized")

    /// Fields that are wrong; causes carry the whole text, as in `Required value: name is needed`.
    static func invalid(kind: String, group: String, name: String, causes: [Cause]) -> StatusError {
        let texts = causes.map { cause in cause.field.map { "\($0): \(cause.message)" } ?? cause.message }
        var unique: [String] = []
        for text in texts where !unique.contains(text) { unique.append(text) }
        let list = unique.count == 1 ? unique[0] : "[\(unique.joined(separator: ", "))]"
        let qualified = group.isEmpty ? kind : "\(kind).\(group)"
        return StatusError(
            422, .invalid, "\(qualified) \"\(name)\" is invalid: \(list)",
            details: Details(name: name, group: group, kind: kind, causes: causes))
    }

    /// An option of the request that is wrong: `CreateOptions`, `ListOptions` and so on.
    static func invalidOptions(_ kind: String, _ cause: Cause) -> StatusError {
        invalid(kind: kind, group: "meta.k8s.io", name: "", causes: [cause])
    }

    /// A patch that fits no object: a failed test or a missing path.
    static let unprocessablePatch = StatusError(
        422, .invalid, "the server rejected our request due to an error in our request", details: Details())

    static func futureRevision(_ requested: Int64, current: Int64, retry: Bool) -> StatusError {
        StatusError(
            504, .timeout, "Timeout: Too large resource version: \(requested), current: \(current)",
            details: Details(
                causes: [Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version")],
                retryAfterSeconds: retry ? 1 : nil))
    }

    static func expired(_ requested: Int64, oldest: Int64) -> StatusError {
        StatusError(410, .expired, "too old resource version: \(requested) (\(oldest))")
    }

    static func namespaceTerminating(_ resource: GroupResource, _ name: String, namespace: String) -> StatusError {
        let reason = "unable to create new content in namespace \(namespace) because it is being terminated"
        var error = StatusError.forbidden(resource, name, reason)
        error.details?.causes = [
            Cause(
                reason: "NamespaceTerminating", message: "namespace \(namespace) is being terminated",
                field: "metadata.namespace")
        ]
        return error
    }

    static func forbidden(_ resource: GroupResource, _ name: String, _ reason: String) -> StatusError {
        let subject = name.isEmpty ? "\(resource) is forbidden" : "\(resource) \"\(name)\" is forbidden"
        return StatusError(
            403, .forbidden, "\(subject): \(reason)",
            details: Details(name: name, group: resource.group, kind: resource.plural))
    }

    /// What a failure of the store means to the client.
    static func store(_ error: StoreError, at key: ObjectKey) -> StatusError {
        switch error {
        case .exists: .alreadyExists(key.resource, key.name)
        case .missing: .notFound(key.resource, key.name)
        case .changed: .modified(key.resource, key.name)
        case .namespace: .namespaceTerminating(key.resource, key.name, namespace: key.namespace)
        case .expired(let requested, let oldest): .expired(requested, oldest: oldest)
        case .future(let requested, let current): .futureRevision(requested, current: current, retry: true)
        case .database(let message): .internalError(message)
        }
    }
}
