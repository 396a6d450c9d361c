// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Arguments
import ClusterAPI
import ConfigModel
import Deployment
import Values
import YAMLText

/// `rbac print`: what an administrator applies once, or what an installer needs.
struct RBACPrint: ProgramCommand {
    static let manual = Manual(
        "print", summary: "Print the rights that a plan needs",
        discussion: """
            For the installer: the smallest Roles with which somebody can install, upgrade and uninstall the plan. For \
            the administrator: the ClusterRoles that let namespace admins, editors and viewers use IflearnerJobs, \
            without which Kubernetes forbids them to create the plan's Roles.
            """,
        examples: [
            .init(
                "iflearnerctl rbac print -f cluster.yaml --for installer --user jane | kubectl apply -f -",
                "Let jane install the plan."),
            .init("iflearnerctl rbac print -f cluster.yaml --for admin", "What the administrator applies once."),
        ])
    static let parameters: [Parameter<RBACPrint>] =
        PlanOptions.lifted(\.plan) + [
            .option("for", nil, \.audience, "WHO", "Whose rights."),
            .option("user", nil, \.user, "NAME", "Bind the installer's Roles to this user (default iflearnerctl)."),
            .option("group", nil, \.group, "NAME", "Bind them to this group."),
            .option("service-account", nil, \.serviceAccount, "NAMESPACE:NAME", "Bind them to this account."),
        ] + GlobalOptions.lifted(\.global)

    enum Audience: String, CaseIterable, ArgumentValue { case installer, admin }

    var plan = PlanOptions()
    var audience = Audience.installer
    var user: String?
    var group: String?
    var serviceAccount: String?
    var global = GlobalOptions()

    func validate() throws(UsageError) {
        if [user, group, serviceAccount].compactMap({ $0 }).count > 1 {
            throw UsageError("--user, --group and --service-account exclude each other")
        }
        if let serviceAccount, serviceAccount.split(separator: ":").count != 2 {
            throw UsageError("'--service-account \(serviceAccount)' is no NAMESPACE:NAME")
        }
    }

    func run(in context: AppContext) async throws -> CommandStatus {
        let plan = try plan.plan(warningsTo: context.output)
        if audience == .admin, plan.clusterScoped == .create {
            context.output.message(
                "note: an installation of this plan makes these ClusterRoles itself; apply them only for clusterScoped: expect"
            )
        }
        let rendered = try PlanRenderer(release: .assumed).renderOffline(plan, file: self.plan.file)
        let documents =
            switch audience {
            case .installer: rendered.installerRights.manifests(for: subject)
            case .admin: rendered.administratorRoles.map(\.value)
            }
        switch global.output {
        case .json: context.output.result(Value.array(documents).jsonString(.pretty))
        default: for document in documents { context.output.resultText("---\n" + document.yamlString(keys: .given)) }
        }
        return .success
    }

    private var subject: AccessSubject {
        if let group { return .group(group) }
        if let parts = serviceAccount?.split(separator: ":"), parts.count == 2 {
            return .serviceAccount(namespace: String(parts[0]), name: String(parts[1]))
        }
        return .user(user ?? "iflearnerctl")
    }
}
