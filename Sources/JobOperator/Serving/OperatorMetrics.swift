// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
import Synchronization
import Telemetry

/// What the controller counts about itself.
public final class OperatorMetrics: Sendable {
    private struct Request: Hashable {
        var method: String
        var code: String
    }

    private struct State {
        var passes: [PassResult: Int] = [:]
        var passTimes = Histogram(bounds: Histogram.reconcileBounds)
        var requests: [Request: Int] = [:]
        var isLeader = false
    }

    /// How a pass ended, under controller-runtime's names.
    public enum PassResult: String, Sendable, CaseIterable {
        /// There is nothing left to do.
        case success
        /// It failed and is repeated.
        case error
        /// It is repeated after a while.
        case requeueAfter = "requeue_after"
    }

    private let state = Mutex(State())

    /// Has counted nothing yet.
    public init() {}

    // MARK: Counting

    /// Counts a request to the API server.
    public func note(_ request: RequestRecord) {
        let key = Request(
            method: request.method.rawValue, code: request.status.map { String($0) } ?? "<error>")
        state.withLock { $0.requests[key, default: 0] += 1 }
    }

    func note(_ result: PassResult, _ duration: Duration) {
        state.withLock { state in
            state.passes[result, default: 0] += 1
            state.passTimes.observe(duration)
        }
    }

    /// Whether this controller leads.
    var isLeader: Bool {
        get { state.withLock { $0.isLeader } }
        set { state.withLock { $0.isLeader = newValue } }
    }

    // MARK: Asking

    /// How many passes were made.
    public var passes: Int { state.withLock { $0.passes.values.reduce(0, +) } }

    /// How many passes ended so.
    public func passes(_ result: PassResult) -> Int { state.withLock { $0.passes[result] ?? 0 } }

    /// How many requests were sent.
    public var requests: Int { state.withLock { $0.requests.values.reduce(0, +) } }

    var passTimes: Histogram { state.withLock { $0.passTimes } }

    /// The requests by method and code, sorted.
    var requestsByOutcome: [(method: String, code: String, count: Int)] {
        state.withLock { $0.requests }.map { ($0.key.method, $0.key.code, $0.value) }
            .sorted { ($0.0, $0.1) < ($1.0, $1.1) }
    }
}
