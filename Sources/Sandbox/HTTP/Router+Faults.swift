// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer

extension Router {
    /// Whether a request may use what is below `/_sandbox`.
    func isAdministrator(_ request: HTTPRequest) -> Bool {
        guard Self.isLocal(request.headers["Host"]) else { return false }
        guard let user = authentication.user(request.headers["Authorization"]) else { return false }
        return user.rules == nil
    }

    /// The error of a code, in the words a real server has for it.
    func fault(_ code: Int, retryAfter: Int?, _ request: HTTPRequest) -> StatusError {
        let details = StatusError.Details(retryAfterSeconds: retryAfter)
        switch code {
        case 401: return .unauthorized
        case 403: return forbidden(request)
        case 404: return .unknownPath
        case 409:
            return StatusError(
                code: 409, reason: "Conflict", message: "the object has been modified", details: details)
        case 429:
            return StatusError(
                code: 429, reason: "TooManyRequests",
                message: "the server has received too many requests and has asked us to try again later",
                details: details)
        case 503:
            return StatusError(
                code: 503, reason: "ServiceUnavailable",
                message: "the server is currently unable to handle the request", details: details)
        case 504:
            return StatusError(
                code: 504, reason: "Timeout",
                message: "the server was unable to return a response in the time allotted",
                details: details)
        default:
            var error = StatusError.internalError("injected")
            error.code = code
            error.details?.retryAfterSeconds = retryAfter
            return error
        }
    }

    private func forbidden(_ request: HTTPRequest) -> StatusError {
        guard let segments = request.pathSegments,
            case .resource(let group, let version, let path) = APIPath(segments),
            let resource = api.registry.resource(group: group, version: version, plural: path.plural),
            let user = authentication.user(request.headers["Authorization"]),
            let parsed = try? ResourceRequest(request, resource: resource, path: path, user: user)
        else {
            return StatusError(code: 403, reason: "Forbidden", message: "forbidden", details: StatusError.Details())
        }
        return refusal(of: parsed)
    }
}

extension StatusError {
    static let tooLarge = StatusError(
        code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: limit is 3145728",
        details: Details())
}
