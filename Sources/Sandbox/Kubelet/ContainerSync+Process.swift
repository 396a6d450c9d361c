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

    /// Lets a container take part in its training; how it ends when that is over.
    mutating func train() -> PodScript.Ending? {
        guard !isInit, let trainings = memory.trainings,
            let role = TrainingRole((container.command.list + container.args.list).map(\.text), pod: pod.objectName)
        else { return nil }
        let member = Training.Member(podUID: pod.objectUID, key: ObjectKey(.pods, of: pod), role: role)
        switch trainings.take(member) {
        case .waiting: return nil
        case .ending(let length):
            let left = max(cluster.pace.scaled(length), .nanoseconds(1))
            wake = min(left, wake ?? left)
            return nil
        case .complete:
            trainings.leave(pod: pod.objectUID)
            return PodScript.Ending(exitCode: 0, reason: "Completed", after: .zero)
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
