// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Synchronization

/// A signal that every waiting thread sees, and that stays: the closed end of a pipe.
final class StopSignal: Sendable {
    /// Hangs up once the signal is raised: to be polled together with other descriptors.
    let descriptor: Int32
    private let other: Mutex<Int32>

    init() throws(RelayError) {
        var ends: [Int32] = [0, 0]
        guard pipe(&ends) == 0 else {
            throw RelayError("no pipe can be made: \(TunnelFailure.text(errno))", hint: "raise the limit of open files")
        }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        descriptor = ends[0]
        other = Mutex(ends[1])
    }

    deinit {
        raise()
        close(descriptor)
    }

    /// Whether it was raised.
    var isRaised: Bool { other.withLock { $0 < 0 } }

    /// Raises it, for good.
    func raise() {
        other.withLock { end in
            if end >= 0 { close(end) }
            end = -1
        }
    }
}
