// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Values

/// The server without its socket.
final class SandboxCore: Sendable {
    let api: APIServer
    let log = RequestLog()
    let faults = FaultInjection()
    let lists = ListSnapshots()
    private let router: Router

    init(_ configuration: SandboxConfiguration, store: ObjectStore, token: String) {
        api = APIServer(store: store, minor: configuration.minorVersion, now: { .now() })
        var users = [
            (
                token,
                User(name: "sandbox-admin", groups: ["system:masters", "system:authenticated"], rules: nil)
            )
        ]
        for account in configuration.accounts {
            let groups = account.groups + ["system:authenticated"]
            users.append((account.token, User(name: account.name, groups: groups, rules: account.rules)))
        }
        var timing = WatchTiming()
        timing.bookmarks = configuration.bookmarkInterval
        router = Router(
            api: api, authentication: Authentication(users: users),
            discovery: DiscoveryDocuments(registry: api.registry, minor: configuration.minorVersion, patch: 4),
            lists: lists, timing: timing)
    }

    func start() async {}

    func stop() async { api.store.close() }

    func reset() async throws { try api.store.clear() }

    func setKubeletPaused(_ paused: Bool) async {}

    /// Answers a request, with whatever was injected.
    @Sendable func respond(to request: HTTPRequest) async -> HTTPResponse {
        if request.target.hasPrefix("/_sandbox/") { return await administer(request) }
        var response: HTTPResponse
        switch faults.take(for: request) {
        case nil: response = await router.respond(to: request)
        case .delay(let duration)?:
            try? await Task.sleep(for: duration)
            response = await router.respond(to: request)
        case .dropBefore?: response = .dropped
        case .dropAfter?:
            _ = await router.respond(to: request)
            response = .dropped
        case .status(let code, let retryAfter)?:
            response = .status(router.fault(code, retryAfter: retryAfter, request))
        }
        let user = router.authentication.user(request.headers["Authorization"])
        log.add(request, status: response.status, user: user?.name ?? "")
        return response
    }

    private func administer(_ request: HTTPRequest) async -> HTTPResponse {
        guard router.isAdministrator(request), let segments = request.pathSegments else {
            return .status(.unauthorized)
        }
        let control = SandboxControl(
            reset: { [self] in try await reset() }, setKubeletPaused: { [self] in await setKubeletPaused($0) })
        let responder = AdminResponder(log: log, faults: faults, api: api, lists: lists, control: control)
        do {
            return try await responder.respond(request, segments.dropFirst())
        } catch let error as StatusError {
            return .status(error)
        } catch {
            return .status(.internalError("\(error)"))
        }
    }
}
