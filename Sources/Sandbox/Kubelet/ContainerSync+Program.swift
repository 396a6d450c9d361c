// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Values

extension ContainerSync {
    /// How a container stands whose process is a program that really runs; nil for one that is only simulated.
    func follow() -> Progress? {
        guard let host = memory.programs,
            let (program, environment) = host.program(of: container, of: pod, in: cluster.state)
        else { return nil }
        let id = known.containerID.text
        switch host.running.status(of: id) {
        case .absent:
            // New, or the sandbox was stopped and started while it ran.
            host.start(program, environment, id: id, container: container, of: pod, in: cluster)
            return program.reportsReadiness ? .ready(false) : .probed
        case .running(let isReady): return program.reportsReadiness ? .ready(isReady) : .probed
        case .ended(let exit):
            let reason = exit.code == 0 ? "Completed" : "Error"
            return .ended(
                PodScript.Ending(exitCode: exit.code, reason: reason, message: exit.message, after: .zero))
        }
    }

    /// How a program does.
    enum Progress: Equatable {
        /// It runs, and has said whether it is ready.
        case ready(Bool)
        /// It runs, and is ready as far as the probe finds it so.
        case probed
        case ended(PodScript.Ending)
    }
}
