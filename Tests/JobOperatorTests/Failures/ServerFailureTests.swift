// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import FoundationEssentials
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.3: API servers that go, come back with less, are slow, or have enough.
@Suite(.timeLimit(.minutes(2))) struct ServerFailureTests {
    @Test func `a server that is restarted is followed on`() async throws {
        let folder = FileManager.default.temporaryDirectory.path + "/restart-\(UInt64.random(in: 0...UInt64.max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        var again = SandboxConfiguration()
        again.stateDirectory = folder
        again.timeScale = 20
        try await FailureLab.with({ $0 = again }) { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            let requests = try await running.requests {
                try await lab.sandbox.stop()
                // A while without any server.
                try await lab.time.sleep(.seconds(10))
                let second = try await SandboxServer.start(again)
                lab.server?.change { $0 = second }
                try await lab.createJob("b")
                try await lab.complete("a", "b")
                try await running.quiet()
            }
            // Each informer tries about five times in ten seconds, and lists and watches once more; a busy machine makes
            // the ten seconds longer.
            #expect(requests.count <= InformerSubject.all.count * 15 + 40, "\(requests.summary)")
            try await running.stop()
        }
    }

    @Test func `versions that go back, as after a restore, are lived with`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            let backup = try lab.sandbox.snapshot()
            try await lab.createJob("b")
            try await lab.complete("b")
            _ = try await lab.admin.delete(lab.key(.service, "a"))
            try await lab.complete("a")
            try await running.quiet()
            let requests = try await running.requests {
                try await lab.sandbox.restore(backup)
                try await eventually("b is forgotten") {
                    running.controller.cache.jobs == [JobKey(namespace: "default", name: "a")]
                }
                try await lab.createJob("c")
                try await lab.complete("a", "c")
                try await running.quiet()
            }
            #expect(requests.count <= InformerSubject.all.count * 6 + 40, "\(requests.summary)")
            // What is no more is not made again.
            try await lab.gone("b")
            try await running.stop()
        }
    }

    @Test func `a server that has enough is left alone as long as it asks for`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            try lab.sandbox.inject(Fault(.status(429, retryAfter: 10), path: "", count: nil))
            let refused = try await running.requests(within: .seconds(30)) {
                // A job that the informer knows has something to write.
                try lab.sandbox.dropConnections()
            }
            try await eventually("it is told so") { running.requests.contains { $0.status == 429 } }
            #expect(refused.count <= InformerSubject.all.count * 4 * 4, "\(refused.summary)")
            try lab.sandbox.clearFaults()
            try await lab.createJob("b")
            try await lab.complete("b")
            try await running.stop()
        }
    }

    @Test(arguments: [
        Fault.Effect.status(500), .status(503, retryAfter: 1), .status(429, retryAfter: 5), .dropBefore, .dropAfter,
    ])
    func `writes that fail for a while are made once they can be, each once`(effect: Fault.Effect) async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("first")
            try await lab.complete("first")
            try await running.quiet()
            try lab.sandbox.inject(Fault(effect, method: "PATCH", path: "/a[?/]", count: 12))
            let requests = try await running.requests {
                try await lab.createJob("a")
                try await lab.complete("a")
                try await running.quiet()
            }
            #expect(try lab.sandbox.pendingFaults.isEmpty)
            #expect(requests.writes.count <= 12 + 12, "\(requests.summary)")
            #expect(requests.count <= 80, "\(requests.summary)")
            try await running.stop()
        }
    }

    @Test func `a server that takes two seconds for everything delays jobs and nothing else`() async throws {
        try await FailureLab.with { lab in
            try lab.sandbox.inject(Fault(.slow(.seconds(2)), path: "default.*/[ab][?/]", count: nil))
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.createJob("b", role: "client", host: "b.example")
            try await lab.complete("a", "b")
            try await running.quiet()
            #expect(
                running.requests.writes.filter { $0.target.contains("/a?") }.count <= 8, "\(running.requests.summary)")
            try lab.sandbox.clearFaults()
            try await running.stop()
        }
    }

    @Test func `requests that hang are given up, and others go on meanwhile`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(
                lab,
                { options in
                    options.timing.retry.readTimeout = .milliseconds(400)
                    options.timing.retry.writeTimeout = .milliseconds(400)
                })
            try lab.sandbox.inject(Fault(.hangAfter, method: "PATCH", path: "/pods/a[?]"))
            try await lab.createJob("a")
            try await lab.createJob("b")
            try await lab.complete("b", "a")
            try lab.sandbox.clearFaults()
            try await running.stop()
        }
    }

    @Test func `a name that has no address any more is looked for less and less, until it has one again`() async throws
    {
        try await FailureLab.with { lab in
            let isLost = Shared(false)
            let running = LiveOperator(lab, wrap: { LosableTransport(base: $0, isLost: isLost) })
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            isLost.change { $0 = true }
            try lab.sandbox.dropConnections()
            let failed = try await running.requests(within: .seconds(30)) { try await lab.createJob("b") }
            try await eventually("it is told so") {
                running.requests.contains { $0.failure?.contains("has no address") == true }
            }
            // A list of each kind is tried about five times in half a minute, and in each for three seconds.
            #expect(failed.count <= InformerSubject.all.count * 5 * 5, "\(failed.summary)")
            isLost.change { $0 = false }
            try await lab.complete("a", "b")
            try await running.stop()
        }
    }

    @Test func `wall time that jumps changes nothing`() async throws {
        try await FailureLab.with(speed: 5) { lab in
            try await lab.makeCertificates()
            let running = LiveOperator(lab, identity: "a", { $0.timing.lease = LiveOperator.patientLease })
            try await lab.createJob("a")
            try await lab.complete("a")
            for jump in [Duration.seconds(3600), .seconds(-7200)] {
                try await running.quiet()
                let requests = try await running.requests(within: .seconds(4)) { lab.time.jump(by: jump) }
                let others = requests.filter { !$0.target.contains("/leases/") }
                #expect(others.isEmpty, "\(others.summary)")
                #expect(running.controller.isLeading)
            }
            try await lab.createJob("b")
            try await lab.complete("b")
            try await running.stop()
        }
    }
}

/// A network in which the name of the server has an address, or none.
private struct LosableTransport: HTTPTransport {
    private static let nowhere = CurlTransport(
        ServerEndpoint(url: ServerURL(isSecure: true, host: "api.lungnet.invalid", port: 6443)))

    let base: any HTTPTransport
    let isLost: Shared<Bool>

    private var way: any HTTPTransport { isLost.now ? Self.nowhere : base }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse { try await way.send(request) }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream { try await way.stream(request) }
}
