// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Diagnostics

extension Error {
    /// What happened, for a line of the log: at most a thousand characters, and no hint.
    var logText: String {
        let text = (self as? any ClusterFailure)?.diagnostic.message ?? "\(self)"
        return text.count <= 1000 ? text : text.prefix(999) + "…"
    }

    /// Whether the server will not have it, now or later, until somebody changes something in the cluster.
    var isRefusedForGood: Bool {
        if self is DiscoveryError { return true }
        guard let error = self as? APIError else { return false }
        return error.isMissingAPI || [.forbidden, .unauthorized, .methodNotAllowed].contains(error.reason)
    }
}
