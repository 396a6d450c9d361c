// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Processes
import Records
import Rollout

/// `cluster describe`: the record of a deployment, and how it is right now.
struct ClusterDescribe: ProgramCommand {
    static let manual = Manual(
        "describe", summary: "Show a deployment: its plan, components, pods and addresses",
        examples: [
            .init("iflearnerctl cluster describe lungnet", "By name; an id or its beginning does as well."),
            .init("iflearnerctl cluster describe lungnet -o yaml", "The whole record."),
        ])
    static let parameters: [Parameter<ClusterDescribe>] =
        [.positional("NAME", \.name, "The deployment; may be left out where there is only one.")]
        + GlobalOptions.lifted(\.global)

    var name: String?
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let connection = try await context.connect(global)
        let found = try await connection.finder().deployment(name)
        let store = RecordStore(client: connection.client, namespace: found.namespace, deployment: found.name)
        guard let state = try await store.state()?.record else {
            throw FindingError(what: "deployment", wanted: found.name, isAmbiguous: false, candidates: [])
        }
        let now = context.time.wall()
        let inspection = try await DeploymentInspection(of: state, client: connection.client, now: now)
        let plan = try await store.revision(state.revision).plan
        let description = DeploymentDescription(state: state, plan: plan, inspection: inspection, now: now)
        context.output.describe(
            description.lines, record: description.json, name: state.deployment, format: global.output)
        return .success
    }
}
