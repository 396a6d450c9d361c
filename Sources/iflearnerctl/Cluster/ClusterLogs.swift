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
            .flag("follow", "f", \.follow, "Wait for more lines, and for more pods."),
            .option("since", nil, \.since, "DURATION", "Only lines of the last while, such as 10m."),
            .option("tail", nil, \.tail, "N", "Only the last N lines of each container."),
            .flag("previous", "p", \.previous, "The run before the last restart."),
            .flag("timestamps", nil, \.timestamps, "Print when each line was written."),
        ] + GlobalOptions.lifted(\.global)

    var name: String?
    var component: String?
    var follow = false
    var since: Duration?
    var tail: Int?
    var previous = false
    var timestamps = false
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
        var options = LogOptions(follow: follow, tail: tail, previous: previous)
        let now = context.time.wall()
        options.since = since.map { now + (Duration.zero - $0) }
        let reader = ComponentLogs(client: connection.client, state: state, component: component, options: options)
        let streams = try await reader.containers()
        guard !streams.isEmpty || follow else {
            throw DeploymentError(
                .notFound, "no pods of \(component ?? found.name) to read",
                hint: "iflearnerctl cluster describe \(found.name) -n \(found.namespace)")
        }
        let prefixed = streams.count > 1 || follow && component == nil
        try await reader.read(streams, interval: context.timing.recordInterval) { line in
            context.output.result(text(of: line, prefixed: prefixed, escaped: context.output.isTerminal))
        } failed: { container, error in
            context.output.message("\(container.pod.name) \(container.name): \(RolloutError(error))")
        }
        return .success
    }

    private func text(of line: LogLine, prefixed: Bool, escaped: Bool) -> String {
        var text = prefixed ? "[\(line.pod) \(line.container)] " : ""
        if timestamps { text += line.timestamp + " " }
        return text + (escaped ? escapedTextForTerminal(line.text) : line.text)
    }
}
