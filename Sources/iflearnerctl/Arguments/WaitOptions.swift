// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments

/// Whether a command waits for its job, and for how long.
struct WaitOptions: Sendable {
    var wait: Bool?
    var timeout: Duration?
    var lockTimeout: Duration?

    static let parameters: [Parameter<WaitOptions>] = [
        .flag(
            "wait", "w", \.wait,
            "Follow the job and exit with its code; the default in a container and where $CI is set."),
        .option("timeout", nil, \.timeout, "DURATION", "The time limit of the job (default 60m, 10m a component)."),
        .option("lock-timeout", nil, \.lockTimeout, "DURATION", "Wait this long for another run to end."),
    ]

    /// The options as parameters of a command that holds them.
    static func lifted<Root>(_ path: any WritableKeyPath<Root, WaitOptions> & Sendable) -> [Parameter<Root>] {
        parameters.map { $0.lifted(path) }
    }
}
