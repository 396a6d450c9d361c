// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

extension Timestamp {
    /// The time on the machine's clock.
    static func now() -> Timestamp {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(seconds: Int64(time.tv_sec), nanoseconds: Int64(time.tv_nsec))
    }
}
