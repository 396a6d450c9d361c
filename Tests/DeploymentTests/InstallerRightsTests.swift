// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Deployment
import Rollout
import Sandbox
import Records
import Testing
import Values

struct InstallerRightsTests {
    private typealias Rule = Sandbox.AccessRule

    @Test(arguments: ["cluster", "cluster-federate"])
    func `exactly the printed rights let an account install and remove`(example: String) async throws {
        let plan = try Plans.example(example)
        let rights = try PlanRenderer(release: .assumed).renderOffline(plan, file: "cluster.yaml").installerRights
        try await Lab.with(accounts: [Self.account(with: rights)]) { lab in
            let result = try await lab.install(plan, as: "installer-token")
            #expect(result.code == .success, "\(result)")
            let found1 = try await lab.state(of: plan)?.status
            #expect(found1 == .running)
            let server = lab.server.requests.filter { $0.status == 403 }.map { "\($0.method) \($0.path)" }
            #expect(Set(server).isSubset(of: Self.harmless), "\(server)")
            let rollout = lab.deployer("installer-token").rollout
            let removal = try await rollout.planUninstall(plan.name, in: plan.namespace, Removal(isForced: true))
            #expect(removal.refusal == nil)
            let removed = await rollout.run(try await rollout.begin(removal))
            #expect(removed.code == .success, "\(removed)")
        }
    }

    @Test func `an admin of one namespace installs once the administrator has applied the rest`() async throws {
        let plan = try Plans.example(
            "cluster-federate", ["clusterScoped": "expect", "jobs.namespace": "iflearner-party-a"])
        let rendered = try PlanRenderer(release: .assumed).renderOffline(plan, file: "cluster.yaml")
        #expect(rendered.installerRights.clusterWide.isEmpty)
        #expect(!rendered.administratorRoles.isEmpty)
        try await Lab.with(accounts: [Self.namespaceAdmin(of: rendered)]) { lab in
            try await lab.makeNamespace(plan.namespace)
            let early = await #expect(throws: DeploymentError.self) {
                try await lab.install(plan, as: "admin-token")
            }
            #expect(early?.code == .preflight)
            #expect(early?.hint?.contains("cluster render -f cluster.yaml --scope cluster") == true)
            for object in rendered.clusterScopedObjects { _ = try await lab.client().apply(object) }
            await lab.server.settle()
            let result = try await lab.install(plan, as: "admin-token")
            #expect(result.code == .success, "\(result)")
        }
    }

    @Test func `without one of the rights the install fails before anything is written`() async throws {
        let plan = try Plans.example("cluster-federate")
        let rights = try PlanRenderer(release: .assumed).renderOffline(plan, file: "cluster.yaml").installerRights
        var account = Self.account(with: rights)
        account.rules = account.rules.map { rule in
            var rule = rule
            rule.resources.removeAll { $0 == "statefulsets" || $0 == "deployments" }
            return rule
        }
        try await Lab.with(accounts: [account]) { lab in
            try await lab.makeNamespace(plan.namespace)
            let error = await #expect(throws: RolloutError.self) {
                try await lab.install(plan, as: "installer-token")
            }
            #expect(error?.description.contains("is forbidden") == true, "\(String(describing: error))")
            let written = lab.server.requests.filter {
                $0.user == "installer" && $0.isWrite && !$0.target.contains("dryRun=All")
                    && !$0.path.contains("authorization.k8s.io") && $0.status < 300
            }
            #expect(written == [])
        }
    }

    @Test func `no rule is wider than the objects need`() throws {
        let rendered = try PlanRenderer(release: .assumed).renderOffline(
            Plans.example("cluster"), file: "cluster.yaml")
        let rights = rendered.installerRights
        let rules = rights.namespaced.flatMap(\.rules) + rights.clusterWide
        // A definition's own roles name all verbs of its group alone; nothing else may.
        for rule in rules where rule.group != "git.iflytek.com" {
            #expect(!rule.verbs.contains("*") && !rule.resources.contains("*") && rule.group != "*", "\(rule)")
        }
        #expect(!rules.contains { !Set($0.verbs).isDisjoint(with: ["escalate", "bind", "impersonate"]) })
        #expect(rights.namespaced.first?.namespace == "iflearner")
    }

    @Test(arguments: [
        (AccessSubject.user("jane"), "User", "jane"), (.group("fl-team"), "Group", "fl-team"),
        (.serviceAccount(namespace: "ci", name: "deployer"), "ServiceAccount", "deployer"),
    ])
    func `the printed roles are bound to whom they are for`(subject: AccessSubject, kind: String, name: String) throws {
        let rights = try PlanRenderer(release: .assumed).renderOffline(
            Plans.example("cluster"), file: "cluster.yaml"
        ).installerRights
        let manifests = rights.manifests(for: subject)
        let kinds = manifests.compactMap { $0["kind"]?.string }
        #expect(kinds.filter { $0 == "Role" }.count == rights.namespaced.count)
        #expect(kinds.filter { $0 == "RoleBinding" }.count == rights.namespaced.count)
        #expect(kinds.suffix(2) == ["ClusterRole", "ClusterRoleBinding"])
        for binding in manifests where binding["kind"]?.string?.hasSuffix("Binding") == true {
            #expect(binding[path: "subjects"]?[0]?["kind"]?.string == kind)
            #expect(binding[path: "subjects"]?[0]?["name"]?.string == name)
        }
    }

    @Test func `a real server takes the printed roles`() async throws {
        let plan = try Plans.example("cluster")
        let rights = try PlanRenderer(release: .assumed).renderOffline(plan, file: "cluster.yaml").installerRights
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace(plan.namespace)
            for manifest in rights.manifests(for: .user("jane")) {
                let object = KubernetesObject(manifest)
                guard object.namespace == nil || object.namespace == plan.namespace else { continue }
                _ = try await lab.client().apply(object)
            }
        }
    }

    /// What is asked for although it may be forbidden: who cannot look at the whole cluster is told so, no more.
    private static let harmless: Set<String> = [
        "GET /api/v1/namespaces/kube-system", "GET /apis/apps/v1/deployments",
        "GET /apis/networking.k8s.io/v1/ingressclasses", "GET /api/v1/secrets", "GET /api/v1/nodes",
    ]

    private static func account(with rights: InstallerRights) -> SandboxConfiguration.Account {
        var rules = Self.reviews
        for (namespace, namespaced) in rights.namespaced {
            rules += namespaced.map {
                Rule(verbs: $0.verbs, groups: [$0.group], resources: $0.resources, namespaces: [namespace])
            }
        }
        rules += rights.clusterWide.map { Rule(verbs: $0.verbs, groups: [$0.group], resources: $0.resources) }
        return SandboxConfiguration.Account(name: "installer", token: "installer-token", rules: rules)
    }

    /// What Kubernetes' own role admin gives in a namespace, with what the administrator's roles add to it.
    private static func namespaceAdmin(of rendered: RenderedDeployment) -> SandboxConfiguration.Account {
        let all = ["get", "list", "watch", "create", "update", "patch", "delete", "deletecollection"]
        let place = [rendered.plan.namespace]
        let resources: [String: [String]] = [
            "": [
                "pods", "pods/log", "services", "configmaps", "secrets", "serviceaccounts", "persistentvolumeclaims",
                "endpoints", "events", "replicationcontrollers", "services/proxy",
            ],
            "apps": ["deployments", "statefulsets", "daemonsets", "replicasets"],
            "batch": ["jobs", "cronjobs"], "networking.k8s.io": ["ingresses", "networkpolicies"],
            "policy": ["poddisruptionbudgets"], "rbac.authorization.k8s.io": ["roles", "rolebindings"],
            "coordination.k8s.io": ["leases"],
        ]
        var rules = Self.reviews
        rules += resources.map { Rule(verbs: all, groups: [$0.key], resources: $0.value, namespaces: place) }
        for role in rendered.administratorRoles
        where role.labels["rbac.authorization.k8s.io/aggregate-to-admin"] == "true" {
            for rule in role["rules"]?.array ?? [] {
                func texts(_ key: String) -> [String] { rule[key]?.array?.compactMap(\.string) ?? [] }
                rules.append(
                    Rule(
                        verbs: texts("verbs"), groups: texts("apiGroups"), resources: texts("resources"),
                        namespaces: place))
            }
        }
        // Whether the administrator's objects are there may be asked by everybody who can get them.
        let clusterKinds: [String: [String]] = [
            "apiextensions.k8s.io": ["customresourcedefinitions"],
            "rbac.authorization.k8s.io": ["clusterroles", "clusterrolebindings"],
        ]
        rules += clusterKinds.map { Rule(verbs: ["get"], groups: [$0.key], resources: $0.value) }
        return SandboxConfiguration.Account(name: "platform-user", token: "admin-token", rules: rules)
    }

    /// What every authenticated user may ask.
    private static let reviews = [
        Rule(
            verbs: ["create"], groups: ["authorization.k8s.io"],
            resources: ["selfsubjectaccessreviews", "selfsubjectrulesreviews"])
    ]
}
