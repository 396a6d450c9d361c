// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import Deployment
import Records

/// `uninstall`: one component of a deployment, or all of it.
struct Uninstall: ProgramCommand {
    static let manual = Manual(
        "uninstall", summary: "Remove one component of a deployment, or all of it",
        discussion: """
            Data (PersistentVolumeClaims and the Secrets that open them), the IflearnerJob definition and the \
            namespace stay unless their deletion is asked for. Repeating it does nothing.
            """,
        examples: [
            .init("iflearnerctl uninstall --component flow-server lungnet", "One component."),
            .init("iflearnerctl uninstall --all lungnet --wait", "Everything but the data."),
            .init("iflearnerctl uninstall --all lungnet --delete-data --delete-crds", "Everything."),
        ])
    static let parameters: [Parameter<Uninstall>] =
        [
            .positional("NAME", \.name, "The deployment; may be left out where there is only one."),
            .options("component", nil, \.components, "NAME", "The component to remove, such as flow-server."),
            .flag("all", nil, \.all, "Remove every component."),
        ] + RemovalOptions.lifted(\.options) + WaitOptions.lifted(\.waiting) + GlobalOptions.lifted(\.global)

    var name: String?
    var components: [String] = []
    var all = false
    var options = RemovalOptions()
    var waiting = WaitOptions()
    var global = GlobalOptions()

    func validate() throws(UsageError) {
        if all, !components.isEmpty { throw UsageError("--all and --component exclude each other") }
        if !all, components.isEmpty { throw UsageError("say what to remove: --component NAME, or --all") }
        if !all, options.deleteNamespace { throw UsageError("--delete-namespace needs --all") }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let change = RemovalChange(
            name: name, removal: options.removal(of: all ? nil : components), waiting: waiting, global: global)
        return try await change.run(in: context)
    }
}

/// `cluster delete`: the same as `uninstall --all`.
struct ClusterDelete: ProgramCommand {
    static let manual = Manual(
        "delete", aliases: ["del"], summary: "Remove a deployment; data stays unless asked for",
        examples: [
            .init("iflearnerctl cluster delete lungnet --wait", "Everything but the data."),
            .init("iflearnerctl cluster delete lungnet --delete-data", "The data too."),
        ])
    static let parameters: [Parameter<ClusterDelete>] =
        [.positional("NAME", \.name, "The deployment.", required: true)] + RemovalOptions.lifted(\.options)
        + WaitOptions.lifted(\.waiting) + GlobalOptions.lifted(\.global)

    var name: String?
    var options = RemovalOptions()
    var waiting = WaitOptions()
    var global = GlobalOptions()

    func run(in context: AppContext) async throws -> CommandStatus {
        let change = RemovalChange(
            name: name, removal: options.removal(of: nil), waiting: waiting, global: global)
        return try await change.run(in: context)
    }
}

/// What a removal takes along.
struct RemovalOptions: Sendable {
    var deleteData = false
    var deleteDefinitions = false
    var deleteNamespace = false
    var force = false

    static let parameters: [Parameter<RemovalOptions>] = [
        .flag("delete-data", nil, \.deleteData, "Delete PersistentVolumeClaims and the Secrets that open them."),
        .flag("delete-crds", nil, \.deleteDefinitions, "Delete the IflearnerJob definition, if no such job is left."),
        .flag(
            "delete-namespace", nil, \.deleteNamespace,
            "Delete the namespace, if the tool created it and nothing else is in it."),
        .flag("force", nil, \.force, "Remove components although others need them."),
    ]

    /// The options as parameters of a command that holds them.
    static func lifted<Root>(_ path: any WritableKeyPath<Root, RemovalOptions> & Sendable) -> [Parameter<Root>] {
        parameters.map { $0.lifted(path) }
    }

    /// What is to be removed.
    func removal(of components: [String]?) -> Removal {
        Removal(
            components: components, deletesData: deleteData, deletesDefinitions: deleteDefinitions,
            deletesNamespace: deleteNamespace, isForced: force)
    }
}
