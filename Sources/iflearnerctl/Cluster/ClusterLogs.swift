// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Processes
import Records
import Rollout
import Terminal

/// `cluster logs`: what the containers of a deployment or of one component print.
struct ClusterLogs: ProgramCommand {
    static let manual = Manual(
        "logs", summary: "Print the logs of a deployment's pods",
        discussion: """
            Lines are prefixed with [pod container] when more than one container is read. With --follow, pods that \
            come up later are read as well.
            """,
        examples: [
            .init("iflearnerctl cluster logs lungnet flow-server -f", "Follow one component."),
            .init("iflearnerctl cluster logs lungnet --since 10m --tail 100", "What all of them said of late."),
            .init("iflearnerctl cluster logs lungnet mysql --previous", "What a container said before it restarted."),
        ])
    static let parameters: [Parameter<ClusterLogs>] =
        [
            .positional("NAME", \.name, "The deployment; may be left out where there is only one."),
            .positional("COMPONENT", \.component, "The component, such as flow-server; all without it."),
        ] + LogFlags.lifted(\.log, follow: "Wait for more lines, and for more pods.") + GlobalOptions.lifted(\.global)

    var name: String?
    var component: String?
    var log = LogFlags()
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let found = try await connection.finder().deployment(name)
        let store = RecordStore(client: connection.client, namespace: found.namespace, deployment: found.name)
        guard let state = try await store.state()?.record else {
            throw FindingError(what: "deployment", wanted: found.name, isAmbiguous: false, candidates: [])
        }
        if let component, !state.components.contains(where: { $0.name == component }) {
            throw FindingError(
                what: "component", wanted: component, isAmbiguous: false, candidates: state.components.map(\.name))
        }
        let reader = ComponentLogs(
            client: connection.client, state: state, component: component,
            options: log.options(now: context.time.wall()))
        let containers = try await reader.containers()
        guard !containers.isEmpty || log.follow else {
            throw DeploymentError(
                .notFound, "no pods of \(component ?? found.name) to read",
                hint: "iflearnerctl cluster describe \(found.name) -n \(found.namespace)")
        }
        try await log.print(
            containers, of: reader, prefixed: containers.count > 1 || log.follow && component == nil, in: context)
        return .success
    }
}
