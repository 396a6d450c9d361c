// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Telemetry

/// What the threads of one relay share.
final class RelayContext: Sendable {
    let configuration: RelayConfiguration
    let log: Log
    let time: TimeSource
    let metrics = RelayMetrics()
    let registry: SessionRegistry
    /// Ends every connection at once.
    let stop: StopSignal

    init(_ configuration: RelayConfiguration, _ log: Log, _ time: TimeSource) throws(RelayError) {
        self.configuration = configuration
        self.log = log
        self.time = time
        registry = SessionRegistry(limit: configuration.connectionLimit)
        stop = try StopSignal()
    }
}
