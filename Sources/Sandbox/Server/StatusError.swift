// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// A refusal as the API tells it: the `Status` object of a failed request.
struct StatusError: Error, Sendable, Equatable {
    /// The machine-readable reasons clients branch on.
    enum Reason: String, Sendable {
        case unauthorized = "Unauthorized"
        case forbidden = "Forbidden"
        case notFound = "NotFound"
        case alreadyExists = "AlreadyExists"
        case conflict = "Conflict"
        case gone = "Gone"
        case expired = "Expired"
        case invalid = "Invalid"
        case timeout = "Timeout"
        case serverTimeout = "ServerTimeout"
        case tooManyRequests = "TooManyRequests"
        case badRequest = "BadRequest"
        case methodNotAllowed = "MethodNotAllowed"
        case notAcceptable = "NotAcceptable"
        case requestEntityTooLarge = "RequestEntityTooLarge"
        case unsupportedMediaType = "UnsupportedMediaType"
        case internalError = "InternalError"
        case serviceUnavailable = "ServiceUnavailable"
        case notImplemented = "NotImplemented"
    }

    /// One thing that is wrong, mostly with one field.
    struct Cause: Sendable, Equatable {
        var reason: String
        var message: String
        var field: String?

        init(reason: String, message: String, field: String? = nil) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }

    /// What the refusal is about.
    struct Details: Sendable, Equatable {
        var name = ""
        var group = ""
        /// The plural resource name or, for `Invalid` and failed preconditions, the kind.
        var kind = ""
        var uid = ""
        var causes: [Cause] = []
        var retryAfterSeconds: Int?
    }

    var code: Int
    var reason: Reason
    var message: String
    var details: Details?

    init(_ code: Int, _ reason: Reason, _ message: String, details: Details? = nil) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The `Status` object, its fields in the order a real server writes them.
    var value: Value {
        var status: Mapping = [
            "kind": "Status", "apiVersion": "v1", "metadata": [:], "status": "Failure", "message": .string(message),
            "reason": .string(reason.rawValue),
        ]
        if let details { status["details"] = .mapping(details.mapping) }
        status["code"] = .int(Int64(code))
        return .mapping(status)
    }
}

extension StatusError.Details {
    var mapping: Mapping {
        var mapping = Mapping()
        for (key, text) in [("name", name), ("group", group), ("kind", kind), ("uid", uid)] where !text.isEmpty {
            mapping[key] = .string(text)
        }
        if !causes.isEmpty {
            mapping["causes"] = .array(
                causes.map { cause in
                    var entry: Mapping = ["reason": .string(cause.reason), "message": .string(cause.message)]
                    entry["field"] = cause.field.map { .string($0) }
                    return .mapping(entry)
                })
        }
        mapping["retryAfterSeconds"] = retryAfterSeconds.map { .int(Int64($0)) }
        return mapping
    }
}
