// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc

/// How many files the process may have open.
enum FileLimit {
    /// What a connection needs at most: two sockets, and what libcurl uses to connect.
    private static let perConnection = 8
    /// What the process needs besides.
    private static let base = 64

    /// Raises the limit of this process as far as some connections need and the system allows.
    ///
    /// - Throws: `RelayError` when they cannot all have what they need.
    static func raise(for connections: Int) throws(RelayError) {
        let (needed, overflow) = connections.multipliedReportingOverflow(by: perConnection)
        let wanted = overflow ? rlim_t.max - 1 : rlim_t(needed + base)
        var limit = rlimit()
        let kind = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(kind, &limit) == 0, limit.rlim_cur < wanted else { return }
        guard limit.rlim_max >= wanted else {
            throw RelayError(
                "\(connections) connections may need \(wanted) open files, and this process may have \(limit.rlim_max)",
                hint: "raise the limit (ulimit -Hn), or lower --max-connections")
        }
        limit.rlim_cur = wanted
        guard setrlimit(kind, &limit) == 0 else {
            throw RelayError("the limit of open files cannot be raised: \(TunnelFailure.text(errno))")
        }
    }
}
