// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

extension Timestamp {
    /// As descriptions show it: `2026-11-13 07:22:53 +0000`.
    var text: String { "\(civil.date) \(civil.time) +0000" }
    /// The time of day, for lists of events of one job: `07:22:53`.
    var clock: String { civil.time }
}
