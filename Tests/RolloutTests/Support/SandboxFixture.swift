// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Crypto
import Glibc
import Processes
import Records
import Rollout
import Sandbox
import Synchronization
import TestSupport
import Testing
import Values

/// A sandbox of its own for one test, and what rollouts against it need.
struct SandboxFixture: Sendable {
    let server: SandboxServer
    let transport: any HTTPTransport
    let events = EventCollector()
    var timing = Self.fastTiming

    /// Runs a test against a fresh sandbox, of a release of Kubernetes 1 where that matters.
    static func with(minor: Int? = nil, _ body: (SandboxFixture) async throws -> Void) async throws {
        var configuration = SandboxConfiguration()
        configuration.timeScale = 20
        if let minor { configuration.minorVersion = minor }
        let server = try await SandboxServer.start(configuration)
        do {
            try await body(SandboxFixture(server: server, transport: CurlTransport(server.endpoint())))
        } catch {
            await server.stop()
            throw error
        }
        await server.stop()
    }

    /// Everything fast, but locks: a busy machine must not lose them.
    private static var fastTiming: Timing {
        var timing = Timing().scaled(by: 20)
        timing.lease = LeaseTerms()
        timing.lease.renewalInterval = .milliseconds(500)
        timing.lease.observationInterval = .milliseconds(100)
        return timing
    }

    init(server: SandboxServer, transport: any HTTPTransport) {
        self.server = server
        self.transport = transport
    }

    /// A client over the fixture's transport, or over another one in front of it.
    func client(over transport: (any HTTPTransport)? = nil, retry: RetryPolicy? = nil) -> ClusterClient {
        server.client(
            over: transport ?? self.transport, retry: retry ?? RetryPolicy().scaled(by: 20),
            log: { if EventCollector.isTracing { print($0.description) } })
    }

    /// Which process makes a rollout.
    enum Origin {
        /// This one.
        case here
        /// One of another machine: whether it lives cannot be seen.
        case elsewhere
        /// One of this machine that has ended.
        case dead
    }

    /// A rollout as some process would make it.
    func rollout(
        over transport: (any HTTPTransport)? = nil, from origin: Origin = .here, retry: RetryPolicy? = nil
    ) -> Rollout {
        var process = ProcessIdentity.current
        switch origin {
        case .here: break
        case .elsewhere: (process.host, process.bootID) = ("elsewhere", "another-boot")
        // The kernel gives out process ids up to 4194304.
        case .dead: process.pid = 4_194_305
        }
        return Rollout(
            RolloutContext(
                client: client(over: transport, retry: retry), timing: timing, makeID: { SecureRandom.uuid() },
                process: process, toolVersion: "0.0.0-test", creator: "tester@lab",
                events: { [events] in events.add($0) }))
    }

    /// Plans and carries out a request in this process.
    @discardableResult
    func deploy(_ request: RolloutRequest, with rollout: Rollout? = nil) async throws -> JobResult {
        let rollout = rollout ?? self.rollout()
        return await rollout.run(try await rollout.begin(try await rollout.plan(request)))
    }

    /// Plans and carries out an uninstall in this process.
    @discardableResult
    func uninstall(_ removal: Removal = Removal(), with rollout: Rollout? = nil) async throws -> JobResult {
        let rollout = rollout ?? self.rollout()
        let plan = try await rollout.planUninstall("lab", in: "fl", removal)
        return await rollout.run(try await rollout.begin(plan))
    }

    /// Waits until a run has found the lock taken.
    func waitUntilBlocked() async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while !events.all.contains(where: { if case .lock(.waiting) = $0.event { true } else { false } }) {
            try #require(ContinuousClock.now < deadline, "nobody waits for the lock")
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// The state record of the deployment.
    func state() async throws -> DeploymentState? {
        try await rollout().records(of: "lab", in: "fl").state()?.record
    }

    /// Every request, a line each, for messages.
    var requestLines: String {
        server.requests.map { "\n\($0.method) \($0.target) \($0.status)" }.joined()
    }

    /// The writes of the log that were stored: dry runs and what was refused are left out.
    var writes: [LoggedRequest] {
        server.requests.filter { $0.isWrite && !$0.target.contains("dryRun=All") && $0.status < 400 }
    }

    /// The stored writes to anything but records and locks.
    var objectWrites: [LoggedRequest] {
        writes.filter { !$0.path.contains("iflearnerctl.") && !$0.path.hasSuffix("/leases") && !isRecordCreation($0) }
    }

    /// Records are the only Secrets that are made by POST.
    private func isRecordCreation(_ request: LoggedRequest) -> Bool {
        request.method == "POST" && request.path.hasSuffix("/secrets")
    }
}

/// Keeps the events of a test.
final class EventCollector: Sendable {
    private let events = Mutex<[EventLine]>([])

    var all: [EventLine] { events.withLock(\.self) }

    func add(_ event: EventLine) {
        events.withLock { $0.append(event) }
        if Self.isTracing { print(event.json.jsonString()) }
    }

    /// `ROLLOUT_TRACE=1` shows what happens in a test that does not end.
    static let isTracing = getenv("ROLLOUT_TRACE") != nil
}
