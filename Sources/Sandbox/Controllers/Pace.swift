// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The clocks of the simulated cluster, and how fast it runs.
///
/// Delays are told in the time of a real cluster and divided by `scale`; what is written into objects is wall-clock time.
struct Pace: Sendable {
    /// How many times faster than a real cluster this one runs; 1 or more.
    var scale = 1.0
    /// The time since some fixed instant, never going back.
    var elapsed: @Sendable () -> Duration
    /// Does something after a delay of this cluster, not of a real one; the answer calls it off.
    var schedule: @Sendable (_ delay: Duration, _ action: @escaping @Sendable () -> Void) -> @Sendable () -> Void
    /// The wall-clock time.
    var wallTime: @Sendable () -> Timestamp

    /// How long a delay of a real cluster is here.
    func scaled(_ delay: Duration) -> Duration { delay / max(scale, 1) }
}

extension Pace {
    /// The machine's own clocks.
    static func system(scale: Double = 1) -> Pace {
        let clock = ContinuousClock()
        let start = clock.now
        return Pace(
            scale: scale, elapsed: { clock.now - start },
            schedule: { delay, action in
                let task = Task {
                    do { try await clock.sleep(for: delay) } catch { return }
                    action()
                }
                return { task.cancel() }
            }, wallTime: { .now() })
    }
}
