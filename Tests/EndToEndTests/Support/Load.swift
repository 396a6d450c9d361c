// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How much slower than alone things are on this machine right now.
enum Load {
    /// The processes that want to run for each processor, 1 at least.
    static var factor: Double {
        var averages = [0.0]
        guard getloadavg(&averages, 1) == 1 else { return 1 }
        return max(1, averages[0] / Double(max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))) * 2)
    }
}
