// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Synchronization

/// Clocks that stand still but for sleeping, which takes no time.
final class TestClock: Sendable {
    private struct State {
        var now = Duration.seconds(1000)
        var sleeps: [Duration] = []
    }

    private let state = Mutex(State())
    /// Wall time at the start: 2026-11-20T12:00:00Z.
    static let start = Timestamp(seconds: 1_795_176_000)

    var now: Duration { state.withLock { $0.now } }
    var sleeps: [Duration] { state.withLock { $0.sleeps } }
    func advance(_ duration: Duration) { state.withLock { $0.now += duration } }

    var source: TimeSource {
        TimeSource(
            monotonic: { self.now }, continuous: { self.now },
            wall: { Self.start + (self.now - .seconds(1000)) },
            sleep: { duration in
                try Task.checkCancellation()
                self.state.withLock { state in
                    state.now += duration
                    state.sleeps.append(duration)
                }
                await Task.yield()
            })
    }
}

extension ScriptedTransport {
    /// A client over this transport, with clocks of its own and no chance.
    func client(
        clock: TestClock = TestClock(), authenticator: Authenticator = Authenticator(.anonymous),
        retry: RetryPolicy = RetryPolicy(), cache: DiscoveryCache? = nil,
        log: (@Sendable (RequestRecord) -> Void)? = nil
    ) -> ClusterClient {
        ClusterClient(
            transport: self, authenticator: authenticator, retry: retry, discovery: cache, time: clock.source,
            random: { 1 }, log: log)
    }
}
