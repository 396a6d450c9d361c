// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Processes
import Rollout
import Sandbox
import Values

/// The sandbox of this machine's user: whether it runs, and how it is started.
struct SandboxHandle {
    let state: StateDirectory
    let context: AppContext

    /// The folder of the sandbox.
    func directory() throws -> SandboxDirectory { try SandboxDirectory(path: state.sandbox) }

    /// The kubeconfig of the running sandbox.
    ///
    /// - Throws: `DeploymentError` when it does not run and must not be started.
    func kubeconfig(starting: Bool) async throws -> String {
        let directory = try directory()
        if directory.running == nil {
            guard starting else {
                throw DeploymentError(
                    .unreachable, "the sandbox is not running", hint: "start it with: iflearnerctl sandbox up")
            }
            try await start(SandboxServe.Settings())
        }
        return directory.kubeconfigPath
    }

    /// Starts the sandbox in a process of its own; one that runs already, or is just being started by another command, will do.
    func start(_ settings: SandboxServe.Settings) async throws {
        let directory = try directory()
        guard directory.running == nil else { return }
        let log = "\(directory.path)/sandbox.log"
        let launch = DetachedLaunch(state: state, environment: context.environment, time: context.time)
        let confirmation = try await launch.start(
            ["sandbox", SandboxServe.manual.name], input: settings.json, log: log, timeout: .seconds(20))
        if confirmation == .given { return }
        // Another command may be just about to have it up.
        let deadline = context.time.continuous() + .seconds(2)
        while directory.running == nil, context.time.continuous() < deadline {
            try await context.time.sleep(.milliseconds(20))
        }
        if directory.running != nil { return }
        throw DeploymentError(.internalError, "the sandbox did not start", hint: "its log is \(log)")
    }

    /// Asks the sandbox to stop and waits until it has.
    func stop() async throws {
        let directory = try directory()
        guard directory.requestStop() else { return }
        let deadline = context.time.continuous() + .seconds(20)
        while directory.running != nil {
            guard context.time.continuous() < deadline else {
                throw DeploymentError(.timedOut, "the sandbox does not stop", hint: "see \(directory.path)/sandbox.log")
            }
            try await context.time.sleep(.milliseconds(10))
        }
    }
}
