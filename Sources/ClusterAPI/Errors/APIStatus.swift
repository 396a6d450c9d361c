// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import Values

/// The server's answer to a request that failed: Kubernetes' `Status`.
public struct APIStatus: Sendable, Hashable {
    /// The HTTP status code.
    public var code: Int
    /// What went wrong, for programs.
    public var reason: Reason
    /// What went wrong, for people, in the server's words.
    public var message: String
    /// What the failure is about; empty where the server did not say.
    public var details: Details
    /// Whether the body was no `Status`: something else than the API server may have answered.
    public var isForeign = false

    /// Makes a status.
    public init(code: Int, reason: Reason, message: String, details: Details = Details()) {
        self.code = code
        self.reason = reason
        self.message = message
        self.details = details
    }

    /// The reasons of `k8s.io/apimachinery`, under their names there.
    public enum Reason: String, Sendable, CaseIterable {
        /// 401: no or bad credentials.
        case unauthorized = "Unauthorized"
        /// 403: not permitted, or refused by admission or quota.
        case forbidden = "Forbidden"
        /// 404: no such object, or no such API.
        case notFound = "NotFound"
        /// 409 on a creation.
        case alreadyExists = "AlreadyExists"
        /// 409: another version of the object, another field manager, or another uid.
        case conflict = "Conflict"
        /// 410: it was there once.
        case gone = "Gone"
        /// 422: the object does not make sense.
        case invalid = "Invalid"
        /// 504 or 500: the server asks to try again.
        case serverTimeout = "ServerTimeout"
        /// 500: the store's bytes cannot be read.
        case storeReadError = "StorageReadError"
        /// 429: too many requests.
        case tooManyRequests = "TooManyRequests"
        /// 504: the request took too long.
        case timeout = "Timeout"
        /// 400: the request itself is wrong.
        case badRequest = "BadRequest"
        /// 405: this verb is not offered.
        case methodNotAllowed = "MethodNotAllowed"
        /// 406: no representation fits.
        case notAcceptable = "NotAcceptable"
        /// 413: the body is too large.
        case requestEntityTooLarge = "RequestEntityTooLarge"
        /// 415: the body's type is not understood.
        case unsupportedMediaType = "UnsupportedMediaType"
        /// 500.
        case internalError = "InternalError"
        /// 410 on a watch or a continued list: too old a version.
        case expired = "Expired"
        /// 503: the server, or one behind it, is not there.
        case serviceUnavailable = "ServiceUnavailable"
        /// Anything else.
        case unknown = "Unknown"
    }

    /// What a failure is about.
    public struct Details: Sendable, Hashable {
        /// The name of the object; empty when the failure is about no object.
        public var name = ""
        /// The API group.
        public var group = ""
        /// The kind, or as servers often write, the plural resource.
        public var kind = ""
        /// The uid of the object.
        public var uid = ""
        /// The causes, one per field or conflict.
        public var causes: [Cause] = []
        /// How long the server asks to wait, in seconds.
        public var retryAfterSeconds: Int?

        /// Makes empty details.
        public init() {}
    }

    /// One cause of a failure.
    public struct Cause: Sendable, Hashable {
        /// The machine-readable reason, as in `FieldManagerConflict` or `FieldValueInvalid`.
        public var reason: String
        /// The sentence for people.
        public var message: String
        /// The path of the field, as in `spec.replicas`; empty when there is none.
        public var field: String

        /// Makes a cause.
        public init(reason: String, message: String, field: String) {
            self.reason = reason
            self.message = message
            self.field = field
        }
    }
}

extension APIStatus {
    /// Reads a `Status` document; nil for any other document.
    ///
    /// The HTTP status counts where the document has no code of its own.
    public init?(_ value: Value, httpStatus: Int) {
        guard value["kind"]?.string == "Status", value["status"]?.string != "Success" else { return nil }
        let code = value["code"]?.int.map(Int.init(truncatingIfNeeded:)) ?? httpStatus
        let reason = Reason(rawValue: value["reason"]?.string ?? "") ?? Reason(httpStatus: code)
        var details = Details()
        if let given = value["details"] {
            details.name = given["name"]?.string ?? ""
            details.group = given["group"]?.string ?? ""
            details.kind = given["kind"]?.string ?? ""
            details.uid = given["uid"]?.string ?? ""
            details.retryAfterSeconds = given["retryAfterSeconds"]?.int.map(Int.init(truncatingIfNeeded:))
            details.causes = (given["causes"]?.array ?? []).map { cause in
                Cause(
                    reason: cause["reason"]?.string ?? "", message: cause["message"]?.string ?? "",
                    field: cause["field"]?.string ?? "")
            }
        }
        self.init(code: code, reason: reason, message: value["message"]?.string ?? "", details: details)
    }
}

extension APIStatus.Reason {
    /// The reason that stands for an HTTP status when the body does not say, as client-go has it.
    public init(httpStatus: Int) {
        switch httpStatus {
        case 400: self = .badRequest
        case 401: self = .unauthorized
        case 403: self = .forbidden
        case 404: self = .notFound
        case 405: self = .methodNotAllowed
        case 406: self = .notAcceptable
        case 409: self = .conflict
        case 410: self = .gone
        case 413: self = .requestEntityTooLarge
        case 415: self = .unsupportedMediaType
        case 422: self = .invalid
        case 429: self = .tooManyRequests
        case 503: self = .serviceUnavailable
        case 504: self = .timeout
        case 500...: self = .internalError
        default: self = .unknown
        }
    }
}
