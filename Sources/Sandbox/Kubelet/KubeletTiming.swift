// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

/// How long things take on the simulated node, in the time of a real one.
struct KubeletTiming: Sendable, Equatable {
    /// Pulling an image that is not there yet.
    var pull: Duration = .milliseconds(900)
    /// Creating and starting a container.
    var start: Duration = .milliseconds(200)
    /// Becoming ready, for a container without a readiness probe.
    var ready: Duration = .milliseconds(100)
    /// The longest initial delay of a probe that is honoured.
    var longestProbeDelay: Duration = .seconds(2)
    /// The run of an init container.
    var initContainer: Duration = .milliseconds(500)
    /// The run of a Job's container.
    var job: Duration = .seconds(2)
    /// The run of a container that crashes.
    var crash: Duration = .seconds(1)
    /// Stopping a container that was asked to.
    var stop: Duration = .milliseconds(700)
    /// The first pause after a failure, doubled each time.
    var backOff: Duration = .seconds(10)
    /// The longest pause.
    var longestBackOff: Duration = .seconds(300)

    /// How long after its start a container passes its readiness probe.
    func readiness(of container: Fields) -> Duration {
        let probe = container.readinessProbe
        let startup = container.startupProbe
        guard probe.exists || startup.exists else { return ready }
        let initial = max(probe.initialDelaySeconds.number ?? 0, startup.initialDelaySeconds.number ?? 0)
        return ready + min(.seconds(initial) + .milliseconds(500), longestProbeDelay)
    }

    /// The pause after a number of failures.
    func backOff(after failures: Int) -> Duration {
        min(longestBackOff, backOff * (1 << min(max(failures - 1, 0), 10)))
    }
}
