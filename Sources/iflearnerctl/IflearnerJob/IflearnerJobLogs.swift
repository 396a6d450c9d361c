// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import JobOperator
import Processes
import Rollout

/// `iflearnerjob logs`: what the pod of a training job prints.
struct IflearnerJobLogs: ProgramCommand {
    static let manual = Manual(
        "logs", summary: "Print the logs of a training job's pod",
        discussion: """
            Lines are prefixed with [pod container] when more than one container is read. With --follow, it ends when \
            the containers do.
            """,
        examples: [
            .init("iflearnerctl iflearnerjob logs job1 -f", "Follow a training."),
            .init("iflearnerctl ij logs 0f8fad5bd9cb469fa165 --tail 50", "The end of it, by the task's id."),
        ])
    static let parameters: [Parameter<IflearnerJobLogs>] =
        [
            .positional(
                "NAME", \.name, "The job's name or task, or the beginning of either.",
                completion: .names(of: NameLookup.iflearnerJobs))
        ]
        + LogFlags.lifted(\.log, follow: "Wait for more lines.") + GlobalOptions.lifted(\.global)

    var name = ""
    var log = LogFlags()
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let key = try await connection.iflearnerJob(name).key
        let reader = ComponentLogs(
            client: connection.client, pod: key.name, namespace: key.namespace,
            options: log.options(now: context.time.wall()))
        let containers = try await reader.containers()
        guard !containers.isEmpty || log.follow else {
            throw DeploymentError(
                .notFound, "\(key.name) has no pod to read",
                hint: "iflearnerctl ij describe \(key.name) -n \(key.namespace)")
        }
        try await log.print(containers, of: reader, prefixed: containers.count > 1, in: context)
        return .success
    }
}
