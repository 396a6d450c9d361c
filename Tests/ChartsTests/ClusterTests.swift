// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Testing
import Values

/// What a cluster has once, and what two deployments share.
@Suite struct `Charts in one cluster` {
    private static let singletons: Set = [
        "CustomResourceDefinition iflearnerjobs.git.iflytek.com", "ClusterRole ingress-nginx",
        "ClusterRoleBinding ingress-nginx", "IngressClass nginx",
        "ValidatingWebhookConfiguration ingress-nginx-admission",
    ]

    @Test func `two deployments share singletons only`() throws {
        let head = "name: lungnet\nrole: server\nmysql: {hostPath: /data}\n"
        let one = try Rendering(try Plans.plan(text: head + "namespace: one\n"))
        let two = try Rendering(try Plans.plan(text: head + "namespace: two\n"))
        let shared = Set(one.objects.map(\.identity)).intersection(two.objects.map(\.identity))
        #expect(shared == Self.singletons)
    }

    @Test func `another image changes one object`() throws {
        let before = try Rendering(try Plans.server())
        let after = try Rendering(try Plans.server("flow-server: {imageTag: v0.3.0}\n"))
        #expect(before.objects.map(\.identity) == after.objects.map(\.identity))
        let changed = zip(before.objects, after.objects).filter { $0.value != $1.value }.map(\.0.identity)
        #expect(changed == ["Deployment iflearner/flow-server"])
    }

    @Test func `the definition names who runs the controller and keeps what pods need`() throws {
        let definition = try #require(
            try Rendering.of("server")("CustomResourceDefinition", "iflearnerjobs.git.iflytek.com"))
        #expect(definition.annotations["iflearnerctl.io/operator"] == "iflearner/lungnet")
        let version = definition["spec", "versions"]?[0]
        #expect(version?["additionalPrinterColumns"]?.array?.map { $0["name"] } == ["Role", "Host", "Phase", "Age"])
        #expect(version?[path: "subresources", "status"] == [:])
        let schema = version?[path: "schema", "openAPIV3Schema", "properties"]
        #expect(schema?[path: "spec", "x-kubernetes-preserve-unknown-fields"] == true)
        #expect(schema?[path: "status", "x-kubernetes-preserve-unknown-fields"] == true)
        let metadata = schema?[path: "spec", "properties", "template", "properties", "metadata", "properties"]
        #expect(metadata?["labels"]?["additionalProperties"] == ["type": "string"])
        #expect(metadata?["annotations"]?["additionalProperties"] == ["type": "string"])
    }

    @Test func `a cluster's operator watches every namespace`() throws {
        let rendering = try Rendering.of("server")
        #expect(rendering("ClusterRole", "iflearner-lungnet-iflearner-operator") != nil)
        let arguments = rendering("Deployment", "iflearner-operator")?.containers.first?["args"]?.strings ?? []
        #expect(arguments.prefix(2) == ["operator", "run"])
        #expect(!arguments.contains { $0.hasPrefix("--watch-namespace") })
    }

    @Test func `one without rights on the cluster watches its own`() throws {
        let rendering = try Rendering.of("hospital")
        #expect(rendering("Role", "fl-lungnet-lungnet-iflearner-operator")?.namespace == "fl-lungnet")
        let arguments = rendering("Deployment", "iflearner-operator")?.containers.first?["args"]?.strings ?? []
        #expect(arguments.contains("--watch-namespace=fl-lungnet"))
        // What the administrator applies: the definition, and the roles that let a namespace admin do the rest.
        let outside = rendering.objects.filter { $0.namespace == nil }.map(\.identity).sorted()
        #expect(
            outside == [
                "ClusterRole fl-lungnet-lungnet-iflearnerjobs-admin",
                "ClusterRole fl-lungnet-lungnet-iflearnerjobs-edit",
                "ClusterRole fl-lungnet-lungnet-iflearnerjobs-view",
                "CustomResourceDefinition iflearnerjobs.git.iflytek.com",
            ])
    }

    /// The escalation check: whoever creates a Role must hold what it grants, here what `admin` holds since 1.18.
    @Test(arguments: ["hospital", "relay-elsewhere"]) func `a namespace admin may create the Roles`(_ plan: String)
        throws
    {
        let rendering = try Rendering.of(plan)
        var held: Set<String> = []
        func hold(_ group: String, _ resources: [String], _ verbs: [String]) {
            for resource in resources { for verb in verbs { held.insert("\(group)/\(resource):\(verb)") } }
        }
        let all = ["create", "delete", "deletecollection", "get", "list", "patch", "update", "watch"]
        hold("", ["pods", "services", "services/proxy", "configmaps", "secrets"], all)
        hold("", ["pods/log"], ["get", "list", "watch"])
        hold("networking.k8s.io", ["ingresses"], all)
        hold("policy", ["poddisruptionbudgets"], all)
        for role in rendering.of(kind: "ClusterRole")
        where role.labels["rbac.authorization.k8s.io/aggregate-to-admin"] == "true" {
            for rule in grants(of: role) { held.insert(rule) }
        }
        #expect(rendering.of(kind: "Role").count > 2)
        for role in rendering.of(kind: "Role") {
            for rule in grants(of: role) { #expect(held.contains(rule), "\(role)") }
        }
    }

    /// What a role grants, a rule for each group, resource and verb: `group/resource:verb`, without names.
    private func grants(of role: RenderedObject?) -> [String] {
        (role?["rules"]?.array ?? []).flatMap { rule in
            (rule["apiGroups"]?.strings ?? []).flatMap { group in
                (rule["resources"]?.strings ?? []).flatMap { resource in
                    (rule["verbs"]?.strings ?? []).map { "\(group)/\(resource):\($0)" }
                }
            }
        }
    }

    @Test func `the operator may do what it does, and no more`() throws {
        let role = try #require(try Rendering.of("hospital")("Role", "fl-lungnet-lungnet-iflearner-operator"))
        var expected: Set<String> = [
            "git.iflytek.com/iflearnerjobs:get", "git.iflytek.com/iflearnerjobs:list",
            "git.iflytek.com/iflearnerjobs:watch", "git.iflytek.com/iflearnerjobs/status:get",
            "git.iflytek.com/iflearnerjobs/status:update", "git.iflytek.com/iflearnerjobs/status:patch",
            "git.iflytek.com/iflearnerjobs/finalizers:update", "/services/proxy:get", "/events:create",
            "/events:patch", "/secrets:get", "/configmaps:get", "/configmaps:list", "/configmaps:watch",
        ]
        for child in ["/pods", "/services", "networking.k8s.io/ingresses", "policy/poddisruptionbudgets"] {
            for verb in ["get", "list", "watch", "create", "patch", "delete"] { expected.insert("\(child):\(verb)") }
        }
        #expect(Set(grants(of: role)) == expected)
        func names(_ resource: String, _ verb: String) -> [[String]?] {
            (role["rules"]?.array ?? []).filter {
                $0["resources"] == [.string(resource)] && $0["verbs"]?.strings.contains(verb) == true
            }.map { $0["resourceNames"]?.strings }
        }
        #expect(names("configmaps", "list") == [["iflearner-jobs-server", "iflearner-jobs-client"]])
        #expect(
            names("configmaps", "get") == [
                ["iflearner-jobs-server", "iflearner-jobs-client"], ["server-iflearner-crt", "party-iflearner-crt"],
            ])
        #expect(names("secrets", "get") == [["server-iflearner-secret", "party-iflearner-secret"]])
        // Classes lie outside namespaces: only who has a ClusterRole reads them.
        let wide = try Rendering.of("server")("ClusterRole", "iflearner-lungnet-iflearner-operator")
        #expect(
            Set(grants(of: wide))
                == expected.union(["networking.k8s.io/ingressclasses:get", "networking.k8s.io/ingressclasses:list"]))
    }

    @Test func `the one that leads holds one lease`() throws {
        let rules = try Rendering.of("server")("Role", "iflearner-operator-leader-election")?["rules"]?.array ?? []
        let leases = rules.filter { $0["resources"] == ["leases"] }
        #expect(leases.first?["verbs"] == ["create"])
        #expect(leases.last?["verbs"] == ["get", "update"])
        #expect(leases.last?["resourceNames"] == ["b64cd87e.git.iflytek.com"])
        #expect(leases.count == 2)
    }

    @Test(arguments: [("server", false), ("hospital", false), ("relay-elsewhere", true)])
    func `a relay in another namespace may be asked for its address`(_ plan: String, _ mayAsk: Bool) throws {
        let role = try Rendering.of(plan)("Role", "iflearner-operator-leader-election")
        let rule = (role?["rules"]?.array ?? []).first { $0["resources"] == ["services"] }
        #expect(rule?["resourceNames"] == (mayAsk ? ["iflearner-relay"] : nil))
        #expect(rule?["verbs"] == (mayAsk ? ["get"] : nil))
    }

    @Test func `the upstream operator is for old clusters only`() throws {
        let lines = "operator: {implementation: upstream}\n"
        let old = try Rendering(try Plans.server(lines), minor: 21)
        #expect(old("Deployment", "iflearner-operator")?.containers.first?["command"] == ["/manager"])
        let failure = #expect(throws: (any Error).self) { try Rendering(try Plans.server(lines), minor: 22) }
        #expect("\(try #require(failure))".contains("extensions/v1beta1"))
    }
}
