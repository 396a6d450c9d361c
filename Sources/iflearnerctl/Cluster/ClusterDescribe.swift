// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import Deployment
import Processes
import Records
import Rollout
import Terminal

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
        let now = context.time.wall()
        let read: DeploymentState?
        do {
            read = try await store.state()?.record
        } catch let error as RecordError {
            return show(found, because: error, now: now, in: context)
        }
        guard let state = read else {
            throw FindingError(what: "deployment", wanted: found.name, isAmbiguous: false, candidates: [])
        }
        let inspection = try await DeploymentInspection(of: state, client: connection.client, now: now)
        let plan = try await plan(of: state, in: store, context.output)
        let description = DeploymentDescription(state: state, plan: plan, inspection: inspection, now: now)
        context.output.describe(
            description.lines, record: description.json, name: state.deployment, format: global.output)
        return .success
    }

    /// The plan of the revision in force; where it cannot be read that is said, and the rest is shown all the same.
    private func plan(of state: DeploymentState, in store: RecordStore, _ output: Output) async throws -> String {
        do {
            return try await store.revision(state.revision).plan
        } catch let error as RecordError {
            output.message("warning: \(error.description)")
        } catch let error as APIError where error.reason == .notFound {
            output.message("warning: the record of revision \(state.revision) is gone")
        }
        return ""
    }

    /// What the list knows of a deployment whose record cannot be read.
    private func show(
        _ found: DeploymentSummary, because error: RecordError, now: Timestamp, in context: AppContext
    ) -> CommandStatus {
        var fields = Fields()
        fields.add("UUID", found.id)
        fields.add("Name", found.name)
        fields.add("NameSpace", found.namespace)
        fields.add("ChartName", found.chartName)
        fields.add("ChartVersion", found.chartVersion)
        fields.add("REVISION", String(found.revision))
        fields.add("Age", found.createdAt.map { (now - $0).age } ?? "")
        fields.add("Status", (found.status?.rawValue).map { "\($0), when it was last written" } ?? "Unreadable")
        fields.add("Job", found.job)
        context.output.describe(fields.lines, record: found.json, name: found.name, format: global.output)
        return ErrorReport(error).print(to: context.output)
    }
}
