// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Processes
import Rollout
import Values

/// What a detached worker runs (J-3a): it reads its instructions, takes the lock over, confirms, and does the job.
///
/// Its standard output is the job's log.
struct WorkerCommand: ProgramCommand {
    static let manual = Manual("__worker", summary: "Go on with a job", isHidden: true)
    static let parameters: [Parameter<WorkerCommand>] = []

    func run(in context: AppContext) async throws -> CommandStatus {
        guard let instructions = WorkerInstructions(json: try DetachedProcess.instructions()) else {
            throw DeploymentError(
                .usage, "the worker's instructions cannot be read", hint: "use 'iflearnerctl job resume'")
        }
        let connection = try await context.connect(instructions.connection)
        let deployer = connection.deployer(context) { context.output.result($0.json.jsonString()) }
        let job = try await deployer.rollout.adopt(
            instructions.handOver, definitions: instructions.definitions.map { KubernetesObject($0) })
        DetachedProcess.confirm()
        let stop = StopSignal()
        let listener = Task {
            for await _ in SignalStream.signals([.interrupt, .terminate]) { stop.request(.terminated) }
        }
        let result = await deployer.rollout.run(job, stop: stop)
        listener.cancel()
        return CommandStatus(rawValue: Int32(result.code.rawValue))
    }
}
