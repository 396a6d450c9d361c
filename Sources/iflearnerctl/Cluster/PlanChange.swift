// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import ConfigModel
import Deployment
import Processes
import Records
import Rollout
import Terminal
import Values

/// What `cluster install` and `cluster upgrade` have in common: plan first, lock second, then the job.
struct PlanChange {
    let plan: PlanOptions
    let dryRun: DryRun?
    let waiting: WaitOptions
    let global: GlobalOptions
    /// Whether a lost record of the same deployment is taken over.
    var covers = false

    /// Runs the command; `admit` refuses by what is deployed already.
    func run(
        in context: AppContext, admit: (DeploymentState?) throws -> Void
    ) async throws -> CommandStatus {
        guard dryRun == nil else { return try await change(in: context, admit: admit) }
        let line = ResultLine(context, format: global.output, isWaiting: waiting.wait ?? context.isUnattended)
        return try await line.closing { try await change(in: context, admit: admit) }
    }

    private func change(
        in context: AppContext, admit: (DeploymentState?) throws -> Void
    ) async throws -> CommandStatus {
        let plan = try plan.plan(warningsTo: context.output)
        if let namespace = global.namespace, namespace != plan.namespace {
            throw UsageError(
                "-n \(namespace) contradicts the plan, whose namespace is '\(plan.namespace)'",
                hint: "leave -n out, or --set namespace=\(namespace)")
        }
        if dryRun == .client { return try showOffline(plan, to: context.output) }
        let connection = try await context.connect(global, startsSandbox: true)
        let execution = try JobExecution(
            context, connection, format: global.output, wait: dryRun == nil ? waiting.wait : false)
        let deployer = execution.deployer
        let rendered = try await deployer.render(plan, file: self.plan.file)
        for warning in rendered.warnings { context.output.message("warning: \(warning)") }
        try await deployer.checkPrerequisites(of: rendered)
        var options = RolloutOptions()
        options.componentTimeout = waiting.timeout
        options.jobTimeout = waiting.timeout
        options.coversLostRecords = covers
        let changes = try await deployer.rollout.plan(deployer.request(for: rendered, options: options))
        try admit(changes.stored?.record)
        if let refusal = changes.refusal { throw refusal }
        if dryRun == .server { return show(changes, to: context.output) }
        guard changes.hasChanges else { return sayUnchanged(changes, in: context) }
        try execution.checkDetachment(limit: waiting.timeout)
        if !changes.isFirst, global.output == nil || global.output == .table {
            context.output.message("plan: \(changes.summary.text)")
        }
        let job = try await deployer.rollout.begin(changes, lockTimeout: waiting.lockTimeout ?? .zero)
        let definitions = rendered.objects.filter { $0.kind == "CustomResourceDefinition" }.map(\.value)
        return try await execution.carryOut(job, components: plan.components.map(\.name), definitions: definitions)
    }

    private func sayUnchanged(_ changes: RolloutPlan, in context: AppContext) -> CommandStatus {
        let output = context.output
        let sentence = "no changes: \(changes.summary.text)"
        let fields: Mapping = [
            "changed": false, "unchanged": .int(Int64(changes.summary.unchanged)),
            "notReady": .array(changes.notReady.map(Value.string)),
        ]
        let isWaiting = waiting.wait ?? context.isUnattended
        switch global.output {
        case .json where isWaiting:
            ResultLine(context, format: global.output, isWaiting: true).print(
                JobResult(status: .success, code: .success, message: sentence),
                target: "\(changes.request.namespace)/\(changes.request.deployment)", adding: fields)
        case .json: output.result(Value.mapping(fields).jsonString())
        default: output.result(sentence)
        }
        for reason in changes.notReady { output.message("not ready: \(escapedForTerminal(reason))") }
        return .success
    }

    private func show(_ changes: RolloutPlan, to output: Output) -> CommandStatus {
        let rows =
            changes.objects.filter(\.isChange).map {
                Row(action: $0.action.word, component: $0.component, object: $0.key.longDescription)
            }
            + changes.leftovers.map {
                Row(
                    action: $0.isRetained ? "retain" : "delete", component: $0.entry.component,
                    object: $0.entry.key.longDescription)
            } + changes.uses.map { Row(action: "share", component: $0.component, object: $0.key.longDescription) }
        output.list(rows, format: global.output, now: Moment(seconds: 0), nothing: "no changes")
        output.message("server dry run: \(changes.summary.text)")
        return .success
    }

    private func showOffline(_ plan: ClusterPlan, to output: Output) throws -> CommandStatus {
        let rendered = try PlanRenderer(release: .assumed).renderOffline(plan, file: self.plan.file)
        let rows = rendered.documents.map {
            Row(action: $0.isHook ? "run" : "apply", component: $0.component, object: $0.object.key.longDescription)
        }
        output.list(rows, format: global.output, now: Moment(seconds: 0), nothing: "no objects")
        output.message("client dry run: \(rows.count) objects; the API server was not asked")
        return .success
    }

    private struct Row: ListRow {
        let action: String
        let component: String
        let object: String

        static let headings = ["ACTION", "COMPONENT", "OBJECT"]
        var name: String { object }
        func cells(at now: Moment) -> [String] { [action, component, object] }
        var json: Value {
            ["action": .string(action), "component": .string(component), "object": .string(object)]
        }
    }
}

extension PlannedObject.Action {
    /// What is done, in one word.
    fileprivate var word: String {
        switch self {
        case .create: "create"
        case .update: "update"
        case .adopt: "adopt"
        case .unchanged: "unchanged"
        }
    }
}
