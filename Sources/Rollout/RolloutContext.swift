// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

public import ClusterAPI
public import Processes

/// What a rollout gets from outside: the cluster, time, chance and somebody to tell.
public struct RolloutContext: Sendable {
    /// The client; lanes and the reporting of retries are the rollout's own.
    public var client: ClusterClient
    /// The clocks.
    public var time: TimeSource
    /// Every duration.
    public var timing: Timing
    /// Makes ids: lower-case random UUIDs.
    public var makeID: @Sendable () -> String
    /// This process, as the holder of locks.
    public var process: ProcessIdentity
    /// The version of the tool, for records.
    public var toolVersion: String
    /// Who starts jobs, as in `admin@lab`.
    public var creator: String
    /// Hears of everything that happens, in order.
    public var events: @Sendable (EventLine) -> Void

    /// Puts a context together.
    public init(
        client: ClusterClient, time: TimeSource = .system, timing: Timing = Timing(),
        makeID: @escaping @Sendable () -> String, process: ProcessIdentity = .current,
        toolVersion: String, creator: String,
        events: @escaping @Sendable (EventLine) -> Void
    ) {
        self.client = client
        self.time = time
        self.timing = timing
        self.makeID = makeID
        self.process = process
        self.toolVersion = toolVersion
        self.creator = creator
        self.events = events
    }
}
