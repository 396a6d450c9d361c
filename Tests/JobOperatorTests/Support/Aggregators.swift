// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import Synchronization
import TestSupport

/// A transport to a sandbox in which aggregators answer as a test says, instead of pods.
final class Aggregators: HTTPTransport {
    /// What an aggregator does when it is asked.
    enum Answer: Sendable {
        /// It says how far it is.
        case says(String)
        /// The API server refuses to ask it.
        case refused(Int, String)
        /// It takes this long, and then says how far it is.
        case slow(Duration, String)
    }

    private struct State {
        var answers: [String: Answer] = [:]
        var asked: [String] = []
        var most = 0
        var now = 0
    }

    private let sandbox: SandboxServer
    private let server: CurlTransport
    private let state = Mutex(State())
    /// Shut, it lets no answer out.
    let gate = Gate()

    init(_ server: SandboxServer) throws {
        sandbox = server
        self.server = CurlTransport(try server.endpoint())
    }

    /// A client that sees them.
    func client(time: TimeSource = .system) -> ClusterClient {
        sandbox.client(over: self, retry: RetryPolicy().scaled(by: 20), time: time)
    }

    /// Says what the aggregator of a job answers from now on.
    func set(_ name: String, _ answer: Answer) { state.withLock { $0.answers[name] = answer } }

    /// Says how far the parties of a job are: their epochs by name, and those that have finished.
    func set(_ name: String, _ epochs: [String: Int], of total: Int = 10, done: Set<String> = []) {
        let parties = epochs.sorted { $0.key < $1.key }.map { party, epoch in
            "\"\(party)\": {\"ready\": \(epoch > 0), \"complete\": \(done.contains(party)), "
                + "\"current_epoch\": \(epoch), \"total_epoch\": \(total)}"
        }
        set(name, .says("{\(parties.joined(separator: ", "))}"))
    }

    /// The jobs whose aggregators were asked, in order.
    var asked: [String] { state.withLock { $0.asked } }
    /// How many were asked at once at most.
    var mostAtOnce: Int { state.withLock { $0.most } }

    func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        guard let name = Self.job(request.target) else { return try await server.send(request) }
        let answer = state.withLock { state in
            state.asked.append(name)
            state.now += 1
            state.most = max(state.most, state.now)
            return state.answers[name] ?? .refused(503, "no endpoints available for service \\\"\(name)\\\"")
        }
        defer { state.withLock { $0.now -= 1 } }
        await gate.pass()
        switch answer {
        case .says(let text):
            // As servers with fair queuing say it: clients need not hold back.
            return HTTPResponse(
                status: 200, headers: ["X-Kubernetes-PF-FlowSchema-UID": "1"], body: Array(text.utf8))
        case .slow(let delay, let text):
            try await Task.sleep(for: delay)
            return HTTPResponse(status: 200, body: Array(text.utf8))
        case .refused(let code, let message):
            let reason = code == 403 ? "Forbidden" : "ServiceUnavailable"
            let body = #"{"kind":"Status","status":"Failure","reason":"\#(reason)","message":"\#(message)"}"#
            return HTTPResponse(
                status: code, headers: ["Content-Type": "application/json"], body: Array(body.utf8))
        }
    }

    func stream(_ request: HTTPRequest) async throws -> HTTPStream { try await server.stream(request) }

    /// The job of `/api/v1/namespaces/default/services/<name>:82/proxy/v1/status`.
    private static func job(_ target: String) -> String? {
        let words = target.split(separator: "/")
        guard words.count == 9, words[6] == "proxy", target.hasSuffix("/proxy/v1/status"),
            words[5].hasSuffix(":82")
        else { return nil }
        return String(words[5].dropLast(3))
    }
}
