// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// Brings a request to what answers it.
struct Router: Sendable {
    let api: APIServer
    let authentication: Authentication
    let authorizer: Authorizer
    let discovery: DiscoveryDocuments
    let lists: ListSnapshots
    let timing: WatchTiming
    let faults: FaultInjection
    let network: PodNetwork
    /// The logs of the pods, at the pace of the control plane.
    let logs: @Sendable () async -> PodLogs

    /// The answer to a request; errors are answers too.
    func respond(to request: HTTPRequest) async -> HTTPResponse {
        guard Self.isLocal(request.headers["Host"]) else {
            return .text("the sandbox answers only on this machine\n", status: 403)
        }
        var response: HTTPResponse
        do {
            response = try await answer(request)
        } catch let error as StatusError {
            response = .status(error)
        } catch {
            response = .status(.internalError("\(error)"))
        }
        return Self.isForPeople(request) ? response.laidOut() : response
    }

    /// Whether a person reads the answer: as a real server, by the program that asks and by the parameter `pretty`.
    private static func isForPeople(_ request: HTTPRequest) -> Bool {
        if let pretty = request.query["pretty"] { return ["true", "1", ""].contains(pretty) }
        let agent = request.headers["User-Agent"] ?? ""
        return ["curl/", "Wget/", "Mozilla/"].contains { agent.hasPrefix($0) }
    }

    private func answer(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let segments = request.pathSegments else { throw StatusError.unknownPath }
        if ["healthz", "livez", "readyz"].contains(segments.first) { return .text("ok") }
        guard let caller = authentication.user(of: request) else { throw StatusError.unauthorized }
        let user = try authentication.impersonated(caller, by: request, authorizer)
        let path = APIPath(segments)
        let access = AccessAttributes(request, path, segments)
        // Only those who may do it learn whether there is such a resource; a configured account's rules name what there is.
        if case .bindings = user.grant { try authorizer.check(user, access) }
        switch path {
        case .groups(let isLegacy): return try discovery.groups(request, isLegacy: isLegacy)
        case .group(let name): return try discovery.group(name, request)
        case .groupVersion(let group, let version):
            return try discovery.resources(group: group, version: version, request)
        case .resource(let group, let version, let path):
            guard let resource = api.registry.resource(group: group, version: version, plural: path.plural) else {
                return try missing(segments)
            }
            let request = try ResourceRequest(request, resource: resource, path: path, user: user)
            try authorizer.check(user, access)
            var response = try await ResourceResponder(router: self, request: request).respond()
            if let warning = resource.deprecationWarning(minor: api.minor) { response.warn(warning) }
            return response
        case .other(let segments): return try other(segments, request)
        }
    }

    private func other(_ segments: [String], _ request: HTTPRequest) throws -> HTTPResponse {
        switch segments {
        case ["version"]: return .json(discovery.version)
        case ["openapi", "v2"]: return discovery.openAPI(request)
        default: return try missing(segments)
        }
    }

    /// Below the API a missing path is told as a `Status`, elsewhere as a text.
    private func missing(_ segments: [String]) throws -> HTTPResponse {
        guard ["api", "apis"].contains(segments.first) else { return .text("404 page not found\n", status: 404) }
        throw StatusError.unknownPath
    }

    /// Refuses an apply or a replacement that creates an object, when its user may change but not create such objects.
    func checkCreation(_ request: ResourceRequest) throws {
        var access = AccessAttributes(request.http, group: request.resource.group, path: request.path)
        access.verb = "create"
        let decision = authorizer.decide(request.user, access)
        guard decision.isAllowed else {
            throw StatusError.forbidden(request.resource.groupResource, name: access.name, decision.reason)
        }
    }

    /// What a request that writes a role or a binding is checked by; nil for others.
    func escalationCheck(_ request: ResourceRequest) -> EscalationCheck? {
        EscalationCheck(
            request.user, request.resource.groupResource, namespace: request.namespace, authorizer: authorizer,
            minor: api.minor)
    }

    /// Only names of this machine: another one in `Host` is a web page that tries to reach us by DNS rebinding.
    static func isLocal(_ host: String?) -> Bool {
        guard let host else { return false }
        let name = host.hasPrefix("[") ? host.prefix { $0 != "]" }.dropFirst() : host.prefix { $0 != ":" }
        return ["127.0.0.1", "localhost", "::1"].contains(name)
    }
}

extension StatusError {
    static func forbidden(_ resource: GroupResource, name: String, _ reason: String) -> StatusError {
        guard name.isEmpty else {
            return .forbidden(group: resource.group, resource: resource.plural, name: name, reason)
        }
        let prefix = resource.plural.isEmpty ? "forbidden" : "\(resource) is forbidden"
        return StatusError(
            code: 403, reason: "Forbidden", message: "\(prefix): \(reason)",
            details: Details(group: resource.group, kind: resource.plural))
    }
}
