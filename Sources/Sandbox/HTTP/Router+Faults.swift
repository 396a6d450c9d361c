// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer

extension Router {
    /// Whether a request may use what is below `/_sandbox`.
    func isAdministrator(_ request: HTTPRequest) -> Bool {
        guard Self.isLocal(request.headers["Host"]) else { return false }
        return authentication.user(of: request)?.isAdministrator ?? false
    }

    /// The error of a code, in the words a real server has for it.
    func fault(_ code: Int, retryAfter: Int?, _ request: HTTPRequest) -> StatusError {
        let target = parsed(request)
        var error = StatusError.internalError("injected")
        error.code = code
        switch code {
        case 400: error = .badRequest("injected")
        case 401: error = .unauthorized
        case 403:
            error =
                target.map { AccessAttributes(request, group: $0.resource.group, path: $0.path).refusal(for: $0.user) }
                ?? StatusError(code: 403, reason: "Forbidden", message: "forbidden")
        case 404:
            let name = target?.path.name ?? ""
            error = target.flatMap { name.isEmpty ? nil : .notFound($0.resource.groupResource, name) } ?? .unknownPath
        case 409:
            error =
                target.map { .modified($0.resource.groupResource, $0.path.name ?? "") }
                ?? StatusError(code: 409, reason: "Conflict", message: "the object has been modified")
        case 410:
            error = StatusError(
                code: 410, reason: "Expired", message: "The resourceVersion for the provided list is too old.")
        case 422:
            error = .invalid(
                group: target?.resource.group ?? "", kind: target?.resource.kind ?? "", name: target?.path.name ?? "",
                [.forbidden(FieldPath("spec"), "injected")])
        case 429:
            error = StatusError(
                code: 429, reason: "TooManyRequests",
                message: "the server has received too many requests and has asked us to try again later")
        case 503:
            error = StatusError(
                code: 503, reason: "ServiceUnavailable",
                message: "the server is currently unable to handle the request")
        case 504:
            error = StatusError(
                code: 504, reason: "Timeout",
                message: "the server was unable to return a response in the time allotted")
        default: break
        }
        if error.details == nil { error.details = StatusError.Details() }
        if let retryAfter { error.details?.retryAfterSeconds = retryAfter }
        return error
    }

    /// The answer of an admission webhook that refuses.
    static func denial(_ message: String, code: Int) -> StatusError {
        let reasons = [400: "BadRequest", 403: "Forbidden", 409: "Conflict", 422: "Invalid"]
        return StatusError(
            code: code, reason: reasons[code] ?? "",
            message: "admission webhook \"policy.sandbox.iflearnerctl.io\" denied the request: \(message)")
    }

    /// A request on objects, as far as it can be understood.
    private func parsed(_ request: HTTPRequest) -> ResourceRequest? {
        guard let segments = request.pathSegments,
            case .resource(let group, let version, let path) = APIPath(segments),
            let resource = api.registry.resource(group: group, version: version, plural: path.plural),
            let user = authentication.user(of: request)
        else { return nil }
        return try? ResourceRequest(request, resource: resource, path: path, user: user)
    }
}

extension StatusError {
    static let tooLarge = StatusError(
        code: 413, reason: "RequestEntityTooLarge", message: "Request entity too large: limit is 3145728",
        details: Details())
}
