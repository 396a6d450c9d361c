// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// The clocks that the program goes by: a member of contexts, so that tests can turn them.
public struct TimeSource: Sendable {
    /// Time since some fixed moment, which stands still while the machine sleeps (CLOCK_MONOTONIC): for judging others.
    public var monotonic: @Sendable () -> Duration
    /// Time since some fixed moment, which goes on while the machine sleeps (CLOCK_BOOTTIME): for judging oneself.
    public var continuous: @Sendable () -> Duration
    /// Wall time, which may jump: for showing and for records.
    public var wall: @Sendable () -> Timestamp
    /// Waits; throws `CancellationError` when the task is cancelled.
    public var sleep: @Sendable (Duration) async throws -> Void

    /// Makes a time source of its parts.
    public init(
        monotonic: @escaping @Sendable () -> Duration, continuous: @escaping @Sendable () -> Duration,
        wall: @escaping @Sendable () -> Timestamp, sleep: @escaping @Sendable (Duration) async throws -> Void
    ) {
        self.monotonic = monotonic
        self.continuous = continuous
        self.wall = wall
        self.sleep = sleep
    }

    /// The machine's clocks.
    public static let system = TimeSource(
        monotonic: { read(CLOCK_MONOTONIC) },
        continuous: { read(CLOCK_BOOTTIME) },
        wall: {
            let (seconds, attoseconds) = read(CLOCK_REALTIME).components
            return Timestamp(seconds: seconds, nanoseconds: Int32(truncatingIfNeeded: attoseconds / 1_000_000_000))
        },
        sleep: { try await Task.sleep(for: $0) })

    private static func read(_ clock: clockid_t) -> Duration {
        var time = timespec()
        // The kernel has all three clocks since 2.6.39: the call cannot fail.
        clock_gettime(clock, &time)
        return .seconds(time.tv_sec) + .nanoseconds(time.tv_nsec)
    }
}
