// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Telemetry

/// The flags for logging of the upstream operator: those that mean something here, and the rest taken without effect, so that
/// its Deployment works as it is.
struct ZapFlags: Sendable {
    var isDevelopment = false
    var encoder: String?
    var level: String?
    var ignored: String?

    private static let parameters: [Parameter<ZapFlags>] = [
        .flag("zap-devel", nil, \.isDevelopment, "As upstream.", hidden: true),
        .option("zap-encoder", nil, \.encoder, "FORMAT", "As upstream.", hidden: true),
        .option("zap-log-level", nil, \.level, "LEVEL", "As upstream.", hidden: true),
        .option("zap-stacktrace-level", nil, \.ignored, "LEVEL", "As upstream.", hidden: true),
        .option("zap-time-encoding", nil, \.ignored, "FORMAT", "As upstream.", hidden: true),
    ]

    /// The flags as parameters of a command that holds them.
    static func lifted<Root>(_ path: any WritableKeyPath<Root, ZapFlags> & Sendable) -> [Parameter<Root>] {
        parameters.map { $0.lifted(path) }
    }

    /// Whether every request is wanted in the log.
    var isDebug: Bool { level == "debug" || level.flatMap { Int($0) }.map { $0 > 0 } == true }

    /// How the log is wanted; nil when nothing was said.
    var format: Log.Format? { encoder.map { $0 == "json" ? .json : .text } }
}
