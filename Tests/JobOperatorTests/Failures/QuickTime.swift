// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization

/// Clocks that run faster than the machine's, with durations as in the product.
///
/// Their wall time can jump, and they can stand still for those who sleep, as in a process that is stopped.
final class QuickTime: Sendable {
    private let factor: Int
    private let jump = Mutex(Duration.zero)
    private let gate: Gate?
    private let start = TimeSource.system.monotonic()
    private let wallStart = TimeSource.system.wall()

    init(_ factor: Int, gate: Gate? = nil) {
        self.factor = factor
        self.gate = gate
    }

    /// The clocks.
    var source: TimeSource {
        TimeSource(
            monotonic: { self.now }, continuous: { self.now },
            wall: { self.wallStart + (self.now - self.start) + self.jump.withLock { $0 } },
            sleep: { try await self.sleep($0) })
    }

    /// Lets wall time jump.
    func jump(by duration: Duration) { jump.withLock { $0 += duration } }

    /// Lets a duration of theirs pass.
    func sleep(_ duration: Duration) async throws {
        try await Task.sleep(for: duration / factor)
        await gate?.pass()
    }

    /// The time that the clocks show.
    var now: Duration { start + (TimeSource.system.monotonic() - start) * factor }
}
