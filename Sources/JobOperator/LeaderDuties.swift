// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes
public import Telemetry

/// What a leader does: the work on jobs, and what goes on beside it.
public struct LeaderDuties: Sendable {
    /// What a leader has to work with.
    public struct Tools: Sendable {
        /// Writes only as long as the lead is certain.
        public let client: ClusterClient
        /// What informers know; complete.
        public let cache: JobCache
        /// Every duration.
        public let timing: OperatorTiming
        /// The clocks.
        public let time: TimeSource
        /// Chance in `0..<1`, for jitter.
        public let chance: @Sendable () -> Double
        /// Where is said what happens.
        public let log: Log
        /// Asks for a pass over a job.
        public let look: @Sendable (JobKey) -> Void
    }

    /// Makes the passes.
    public var reconciler: any Reconciling
    /// What goes on beside the passes, until its task is cancelled.
    public var companions: [@Sendable () async -> Void]
    /// Is called once no pass is made any more: what was begun beside them may come to its end.
    public var conclude: @Sendable () async -> Void

    /// Makes duties.
    public init(
        reconciler: any Reconciling, companions: [@Sendable () async -> Void] = [],
        conclude: @escaping @Sendable () async -> Void = {}
    ) {
        self.reconciler = reconciler
        self.companions = companions
        self.conclude = conclude
    }

    /// The duties of the product.
    public static func product(_ tools: Tools) -> LeaderDuties {
        let events = EventRecorder(client: tools.client, time: tools.time, log: tools.log)
        let additions = StatusAdditions()
        let poller = TrainingPoller(
            client: tools.client, cache: tools.cache, additions: additions, events: events,
            terms: tools.timing.polling, time: tools.time, chance: tools.chance, log: tools.log, changed: tools.look)
        let isTold = Latch()
        var companions: [@Sendable () async -> Void] = [
            {
                await events.run()
                isTold.open()
            }
        ]
        if tools.timing.polling.isOn { companions.append(poller.run) }
        return LeaderDuties(
            reconciler: JobReconciler(
                client: tools.client, cache: tools.cache, additions: additions, events: events, time: tools.time),
            companions: companions,
            conclude: {
                events.finish()
                // It fails when the time for the end is over.
                try? await isTold.wait()
            })
    }
}
