// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Deployment
import Glibc
import Processes
import Rollout

/// What every command receives from the outside: environment, output, clocks.
///
/// Nothing in a command touches globals.
struct AppContext: Sendable {
    /// The environment of the process.
    let environment: [String: String]
    /// Where results and messages go.
    let output: Output
    /// The clocks.
    let time: TimeSource
    /// By how much every duration is divided, for tests.
    let timeScale: Int
    /// Every duration, divided by `$IFLEARNERCTL_TIME_SCALE`.
    let timing: Timing

    init(environment: [String: String], time: TimeSource = .system) {
        self.environment = environment
        self.time = time
        output = Output(environment: environment)
        timeScale = max(1, environment["IFLEARNERCTL_TIME_SCALE"].flatMap { Int($0) } ?? 1)
        timing = Timing().scaled(by: timeScale)
    }

    /// The folder of this machine's state.
    func stateDirectory() throws -> StateDirectory { try StateDirectory(environment: environment) }

    /// Ends the process at once.
    ///
    /// Without what libraries do at `exit(3)`: OpenSSL frees there what threads of transfers still use. Nothing waits to be
    /// written, for `Output` writes without a buffer.
    func exit(_ code: Int32) -> Never { _exit(code) }

    /// Whether nobody is there to come back later: then commands wait for their jobs (spec/cli.md).
    var isUnattended: Bool {
        if let value = environment["CI"], !value.isEmpty, value != "false" { return true }
        return environment["KUBERNETES_SERVICE_HOST"] != nil
    }
}
