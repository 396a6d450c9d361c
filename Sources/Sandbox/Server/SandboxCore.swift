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
    let controlPlane: ControlPlane
    let network: PodNetwork
    private let router: Router

    init(_ configuration: SandboxConfiguration, store: ObjectStore, token: String) {
        api = APIServer(store: store, minor: configuration.minorVersion, now: { .now() })
        let tokens = ServiceAccountTokens(secret: token, store: store, now: { .now() })
        let discovery = DiscoveryDocuments(registry: api.registry, minor: configuration.minorVersion, patch: 4)
        let trainings = Trainings(epochLength: configuration.epochLength)
        network = PodNetwork(trainings: trainings)
        controlPlane = ControlPlane(
            api: api, configuration, version: discovery.version["gitVersion"]?.string ?? "", tokens: tokens,
            trainings: trainings)
        var users = [
            (
                token,
                User(name: "sandbox-admin", groups: ["system:masters"], grant: .everything)
            )
        ]
        for account in configuration.accounts {
            users.append(
                (account.token, User(name: account.name, groups: account.groups, grant: .rules(account.rules))))
        }
        var timing = WatchTiming()
        timing.bookmarks = configuration.bookmarkInterval
        router = Router(
            api: api,
            authentication: Authentication(users: users, serviceAccounts: tokens),
            authorizer: Authorizer(store: store), discovery: discovery, lists: lists, timing: timing, faults: faults,
            network: network,
            logs: { [controlPlane] in await controlPlane.logs })
    }

    func start(port: UInt16, authorityPEM: String) async {
        await controlPlane.configure(port: port, certificateAuthority: authorityPEM)
        await controlPlane.start()
    }

    func stop() async {
        faults.clear()
        network.stop()
        await controlPlane.stop()
        api.store.shutDown()
    }

    func snapshot() -> SandboxSnapshot {
        let (objects, revision) = api.store.snapshot()
        return SandboxSnapshot(objects: objects, revision: revision)
    }

    func restore(_ snapshot: SandboxSnapshot) async throws {
        try await controlPlane.restore(snapshot)
        lists.expire()
    }

    /// Answers a request, with whatever was injected.
    @Sendable func respond(to request: HTTPRequest) async -> HTTPResponse {
        if request.target.hasPrefix("/_sandbox/") { return await administer(request) }
        var response: HTTPResponse
        switch faults.take(for: request) {
        // Those of watches happen on their way.
        case nil, .watch?: response = await router.respond(to: request)
        case .delay(let duration)?:
            try? await Task.sleep(for: duration)
            response = await router.respond(to: request)
        case .slow(let duration)?:
            try? await Task.sleep(for: duration / max(await controlPlane.timeScale, 1))
            response = await router.respond(to: request)
        case .dropBefore?: response = .dropped
        case .dropAfter?:
            _ = await router.respond(to: request)
            response = .dropped
        case .hangBefore?:
            await faults.hang()
            response = .dropped
        case .hangAfter?:
            _ = await router.respond(to: request)
            await faults.hang()
            response = .dropped
        case .status(let code, let retryAfter)?:
            response = .status(router.fault(code, retryAfter: retryAfter, request))
        case .denied(let message, let code)?: response = .status(Router.denial(message, code: code))
        }
        let user = router.authentication.user(of: request)
        log.add(request, status: response.status, user: user?.name ?? "")
        return response
    }

    private func administer(_ request: HTTPRequest) async -> HTTPResponse {
        guard router.isAdministrator(request), let segments = request.pathSegments else {
            return .status(.unauthorized)
        }
        let control = SandboxControl(
            reset: { [controlPlane] in try await controlPlane.reset() },
            setKubeletPaused: { [controlPlane] in await controlPlane.setKubeletPaused($0) },
            setTimeScale: { [controlPlane] in await controlPlane.setTimeScale($0) })
        let responder = AdminResponder(
            log: log, faults: faults, api: api, lists: lists, control: control)
        do {
            return try await responder.respond(request, segments.dropFirst())
        } catch let error as StatusError {
            return .status(error)
        } catch {
            return .status(.internalError("\(error)"))
        }
    }
}
