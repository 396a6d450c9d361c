// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import HTTPServer
import Synchronization

/// A Kubernetes API server with a simulated cluster behind it, in this process.
///
/// It listens on 127.0.0.1 alone, over TLS, and lets in whoever has its token.
public final class SandboxServer: Sendable {
    /// The port it listens on.
    public let port: UInt16
    /// The administrator's bearer token: a secret.
    public let token: String
    /// The certificate authority clients must trust, as PEM.
    public let authorityPEM: String
    private let http: HTTPServer
    private let core: SandboxCore
    private let directory: SandboxDirectory?

    private init(
        http: HTTPServer, core: SandboxCore, token: String, authorityPEM: String, directory: SandboxDirectory?
    ) {
        self.http = http
        self.core = core
        self.token = token
        self.authorityPEM = authorityPEM
        self.directory = directory
        port = http.port
    }

    /// Starts a sandbox and returns once it answers.
    ///
    /// With a state directory it holds the directory's lock until it stops, and writes its kubeconfig there.
    /// - Throws: `SandboxError` when the directory cannot be used, another sandbox runs there, or the port is taken.
    public static func start(_ configuration: SandboxConfiguration = SandboxConfiguration()) async throws(SandboxError)
        -> SandboxServer
    {
        let directory = try configuration.stateDirectory.map { path throws(SandboxError) in
            try SandboxDirectory(path: path)
        }
        try directory?.lock()
        do {
            let identity = try SandboxIdentity(directory: directory)
            let store = try ObjectStore(path: try directory?.database())
            let core = SandboxCore(configuration, store: store, token: identity.token)
            var settings = HTTPServer.Configuration()
            settings.tls = HTTPServer.TLS(
                certificatePEM: try identity.server.certificate.pem(), keyPEM: try identity.server.key.pem())
            settings.bodyTooLarge = .status(.tooLarge)
            let http = try listen(settings, configuration, directory: directory, core: core)
            let server = SandboxServer(
                http: http, core: core, token: identity.token, authorityPEM: try identity.authority.certificate.pem(),
                directory: directory)
            try directory?.announce(port: http.port, kubeconfig: server.kubeconfig)
            await core.start(port: http.port, authorityPEM: server.authorityPEM)
            return server
        } catch {
            directory?.unlock()
            throw SandboxError("cannot start the sandbox: \(error)")
        }
    }

    /// Listens on the wanted port, else on that of last time, else on a free one.
    private static func listen(
        _ settings: HTTPServer.Configuration, _ configuration: SandboxConfiguration, directory: SandboxDirectory?,
        core: SandboxCore
    ) throws(HTTPServerError) -> HTTPServer {
        var settings = settings
        settings.port = configuration.port
        if configuration.port == 0, let last = directory?.lastPort {
            settings.port = last
            do { return try HTTPServer(settings, handler: core.respond) } catch { settings.port = 0 }
        }
        return try HTTPServer(settings, handler: core.respond)
    }

    /// Ends all streams and stops to listen; what was written stays in the state directory.
    public func stop() async {
        await core.stop()
        await http.stop()
        directory?.unlock()
    }

    /// The base of all URLs.
    public var url: String { "https://127.0.0.1:\(port)" }

    /// A kubeconfig for the administrator: a secret.
    public var kubeconfig: String { kubeconfig(token: token) }

    /// A kubeconfig for another account's token: a secret.
    public func kubeconfig(token: String, namespace: String = "default") -> String {
        Kubeconfig.text(url: url, authorityPEM: authorityPEM, token: token, namespace: namespace)
    }

    // MARK: For tests

    /// The requests answered so far, those of the admin endpoint left out.
    public var requests: [LoggedRequest] { core.log.all() }

    /// Forgets the requests answered so far.
    public func clearRequests() { core.log.clear() }

    /// Lets something go wrong; a fault of watches goes for those that run, too.
    public func inject(_ fault: Fault) { core.faults.add(fault) }

    /// Sets what comes back when the API server's proxy is asked for a Service or pod; nil leaves it to the simulation.
    ///
    /// A Service answers so even while it has no pods.
    public func setProxyAnswer(_ answer: ProxyAnswer?, of name: String, namespace: String = "default") {
        core.network.set(answer, namespace: namespace, name: name)
    }

    /// What will go wrong yet.
    public var pendingFaults: [Fault] { core.faults.pending }

    /// Lets nothing go wrong any more; requests that hang and watches that are silent are dropped.
    public func clearFaults() { core.faults.clear() }

    /// Forgets the history of changes: watches from before get 410, and paged lists too.
    public func forgetHistory() {
        core.api.store.forgetHistory()
        core.lists.expire()
    }

    /// Breaks all connections that are in use, watches above all, as when a real server is restarted.
    public func dropConnections() { http.dropConnections() }

    /// All objects as they are now, to be gone back to.
    public func snapshot() -> SandboxSnapshot { core.snapshot() }

    /// Goes back to a snapshot, as a cluster does whose etcd is restored from a backup: the objects are those of then, resource
    /// versions go on from those of then, and every connection breaks.
    /// - Throws: `SandboxError` when the state directory cannot be written.
    public func restore(_ snapshot: SandboxSnapshot) async throws(SandboxError) {
        do { try await core.restore(snapshot) } catch { throw SandboxError("cannot restore: \(error)") }
        http.dropConnections()
    }

    /// Waits until the simulated control plane has dealt with everything that has happened so far.
    public func settle() async { await core.controlPlane.settle() }

    /// How long nothing comes by itself in the simulated cluster once it is settled, such as a pod that begins to run, in the
    /// time of a real one; nil when nothing is to come.
    public var rest: Duration? { get async { await core.controlPlane.rest } }

    /// Stops the simulated kubelet, or lets it go on.
    public func setKubeletPaused(_ paused: Bool) async { await core.controlPlane.setKubeletPaused(paused) }

    /// Lets the simulated cluster work so many times faster than a real one.
    public func setTimeScale(_ scale: Double) async { await core.controlPlane.setTimeScale(scale) }
}
