// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

// The texts of a real server, word for word: kubectl prints them, and people search for them.
extension StatusError {
    static func notFound(_ resource: GroupResource, _ name: String) -> StatusError {
        .notFound(group: resource.group, resource: resource.plural, name: name)
    }

    /// An API path that nothing is served under.
    static let unknownPath = StatusError(
        code: 404, reason: "NotFound", message: "the server could not find the requested resource", details: Details())

    static func modified(_ resource: GroupResource, _ name: String) -> StatusError {
        .conflict(
            group: resource.group, resource: resource.plural, name: name,
            "the object has been modified; please apply your changes to the latest version and try again")
    }

    static func internalError(_ message: String) -> StatusError {
        StatusError(
            code: 500, reason: "InternalError", message: "Internal error occurred: \(message)",
            details: Details(causes: [Cause(reason: "InternalError", message: message)]))
    }

    static let methodNotAllowed = StatusError(
        code: 405, reason: "MethodNotAllowed",
        message: "the server does not allow this method on the requested resource", details: Details())

    static let unsupportedMediaType = StatusError(
        code: 415, reason: "UnsupportedMediaType", message: "415: Unsupported Media Type", details: Details())

    static let unauthorized = StatusError(code: 401, reason: "Unauthorized", message: "Unauthorized")

    /// An option of the request that is wrong: `CreateOptions`, `ListOptions` and so on.
    static func invalidOptions(_ kind: String, _ error: FieldError) -> StatusError {
        .invalid(group: "meta.k8s.io", kind: kind, name: "", [error])
    }

    static func futureRevision(_ requested: Int64, current: Int64, retry: Bool) -> StatusError {
        StatusError(
            code: 504, reason: "Timeout",
            message: "Timeout: Too large resource version: \(requested), current: \(current)",
            details: Details(
                causes: [Cause(reason: "ResourceVersionTooLarge", message: "Too large resource version")],
                retryAfterSeconds: retry ? 1 : nil))
    }

    static func expired(_ requested: Int64, oldest: Int64) -> StatusError {
        StatusError(
            code: 410, reason: "Expired", message: "too old resource version: \(requested) (\(oldest))")
    }

    static func namespaceTerminating(_ resource: GroupResource, _ name: String, namespace: String) -> StatusError {
        var error = StatusError.forbidden(
            group: resource.group, resource: resource.plural, name: name,
            "unable to create new content in namespace \(namespace) because it is being terminated")
        error.details?.causes = [
            Cause(
                reason: "NamespaceTerminating", message: "namespace \(namespace) is being terminated",
                field: "metadata.namespace")
        ]
        return error
    }

    /// What a failure of the store means to the client.
    static func store(_ error: StoreError, at key: ObjectKey) -> StatusError {
        switch error {
        case .exists:
            .alreadyExists(group: key.resource.group, resource: key.resource.plural, name: key.name)
        case .missing: .notFound(key.resource, key.name)
        case .changed: .modified(key.resource, key.name)
        case .namespace: .namespaceTerminating(key.resource, key.name, namespace: key.namespace)
        case .expired(let requested, let oldest): .expired(requested, oldest: oldest)
        case .future(let requested, let current): .futureRevision(requested, current: current, retry: true)
        case .database(let message): .internalError(message)
        }
    }
}
