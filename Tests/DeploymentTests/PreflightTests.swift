// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Deployment
import Sandbox
import Processes
import Testing
import Values

struct PreflightTests {
    @Test(arguments: ["cluster", "cluster-federate"])
    func `a fresh cluster and its administrator pass every check`(example: String) async throws {
        try await Lab.with { lab in
            let checks = try await Self.checks(Plans.example(example), lab)
            #expect(checks.allSatisfy { $0.verdict == .ok }, "\(checks.filter { $0.verdict != .ok })")
            #expect(
                Set(checks.map(\.name)).isSuperset(of: ["namespace", "apis", "permissions", "storage class", "nodes"]))
            #expect(lab.server.requests.allSatisfy { !$0.isWrite || $0.path.contains("authorization.k8s.io") })
        }
    }

    @Test func `what the plan asks for and is not there fails with a remedy`() async throws {
        let plan = try Plans.server(
            """
            clusterScoped: expect
            imagePullSecrets: [{name: harbor-pull}]
            modules: [mysql, flow-server]
            mysql: {storageClass: fast}
            flow-server: {nodeSelector: {gpu: a30}}
            ingress: {className: haproxy, existing: true}
            """)
        try await Lab.with { lab in
            let checks = try await Self.checks(plan, lab)
            for name in ["namespace", "storage class", "secret", "ingress class", "nodes"] {
                let check = try #require(checks.first { $0.name == name }, "\(name)")
                #expect(check.verdict == .fail, "\(check)")
                #expect(!check.remedy.isEmpty, "\(check)")
            }
        }
    }

    @Test(arguments: [
        ("restricted", "baseline", PreflightCheck.Verdict.fail), ("restricted", "openshift", .ok),
        ("baseline", "baseline", .ok), ("baseline", "restricted", .ok), ("privileged", "privileged", .ok),
        ("baseline", "privileged", .fail), ("nonsense", "privileged", .ok),
    ])
    func `a namespace that enforces more than the plan keeps is found before its pods are refused`(
        enforced: String, own: String, verdict: PreflightCheck.Verdict
    ) async throws {
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("iflearner", labels: ["pod-security.kubernetes.io/enforce": enforced])
            let check = try await Self.check("namespace", Plans.server("podSecurity: \(own)\n"), lab)
            #expect(check.verdict == verdict, "\(check)")
            #expect(check.remedy.contains(enforced) == (verdict == .fail))
        }
    }

    @Test func `a namespace that is being deleted is waited for by people`() async throws {
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("iflearner")
            _ = try await lab.client().delete(ObjectKey(.namespace, name: "iflearner"))
            let check = try await Self.check("namespace", Plans.server(), lab)
            #expect(check.verdict == .fail)
            #expect(check.message.contains("is being deleted"))
        }
    }

    @Test(arguments: [("Opaque", PreflightCheck.Verdict.fail), ("kubernetes.io/dockerconfigjson", .ok)])
    func `a pull secret must be one`(type: String, verdict: PreflightCheck.Verdict) async throws {
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("iflearner")
            try await lab.make(
                "v1", "Secret", "pull", in: "iflearner",
                ["type": .string(type), "data": [".dockerconfigjson": "e30="]])
            let plan = try Plans.server("imagePullSecrets: [{name: pull}]\n")
            #expect(try await Self.check("secret", plan, lab).verdict == verdict)
        }
    }

    @Test func `a node port of somebody else is named with its owner`() async throws {
        let plan = try Plans.example("cluster")
        try await Lab.with(controlPlane: false) { lab in
            #expect(try await Self.check("node ports", plan, lab).verdict == .ok)
            try await lab.makeNamespace("other")
            try await lab.make(
                "v1", "Service", "squatter", in: "other",
                ["spec": ["type": "NodePort", "ports": [["port": 80, "nodePort": 30031, "name": "http"]]]])
            let check = try await Self.check("node ports", plan, lab)
            #expect(check.verdict == .fail)
            #expect(check.message == "30031 belongs to Service other/squatter")
        }
    }

    @Test(arguments: [18, 33])
    func `an ingress class that is used must be there, whatever the release`(minor: Int) async throws {
        try await Lab.with(minor: minor, controlPlane: false) { lab in
            let plan = try Plans.server(
                "modules: [mysql, flow-server]\ningress: {className: haproxy, existing: true}\n")
            #expect(try await Self.check("ingress class", plan, lab).verdict == .fail)
            let version = minor == 18 ? "networking.k8s.io/v1beta1" : "networking.k8s.io/v1"
            try await lab.make(version, "IngressClass", "haproxy", ["spec": ["controller": "haproxy.org/ingress"]])
            #expect(try await Self.check("ingress class", plan, lab).verdict == .ok)
        }
    }

    @Test func `missing rights are printed as a Role that gives exactly them`() async throws {
        let account = SandboxConfiguration.Account(
            name: "viewer", token: "viewer-token",
            rules: [
                Sandbox.AccessRule(verbs: ["get", "list", "watch"], groups: ["*"], resources: ["*"]),
                Sandbox.AccessRule(verbs: ["create"], groups: ["authorization.k8s.io"], resources: ["*"]),
            ])
        try await Lab.with(accounts: [account], controlPlane: false) { lab in
            let plan = try Plans.example("cluster-federate")
            let checks = try await Self.checks(plan, lab, as: "viewer-token").filter { $0.name == "permissions" }
            #expect(checks.count >= 2)
            for check in checks {
                #expect(check.verdict == .fail)
                #expect(check.remedy.contains("apiVersion: rbac.authorization.k8s.io/v1"))
                let words = check.message.split { !$0.isLetter }
                #expect(!words.contains("get"), "what is there already is not asked for")
            }
            #expect(checks.contains { $0.remedy.contains("kind: ClusterRole") })
        }
    }

    @Test func `what may not be read is skipped, never failed`() async throws {
        let account = SandboxConfiguration.Account(
            name: "nobody", token: "nobody-token",
            rules: [
                Sandbox.AccessRule(verbs: ["create"], groups: ["authorization.k8s.io"], resources: ["*"])
            ])
        try await Lab.with(accounts: [account], controlPlane: false) { lab in
            let checks = try await Self.checks(
                Plans.example("cluster", ["flow-server.nodeSelector.gpu": "a30"]), lab, as: "nobody-token")
            for name in ["namespace", "storage class", "node ports", "ingress class", "nodes"] {
                let check = try #require(checks.first { $0.name == name }, "\(name)")
                #expect(check.verdict == .skip, "\(check)")
                #expect(check.message.hasPrefix("forbidden"))
            }
        }
    }

    @Test(arguments: [(18, PreflightCheck.Verdict.ok), (36, .ok)])
    func `the versions that are known are taken`(minor: Int, verdict: PreflightCheck.Verdict) async throws {
        try await Lab.with(minor: minor) { lab in
            let checks = try await Preflight(client: lab.client(), time: .system).clusterChecks()
            #expect(checks.allSatisfy { $0.verdict == verdict }, "\(checks)")
            #expect(checks.first?.message.contains("1.\(minor)") == true)
        }
    }

    @Test func `a finding says the same to programs`() {
        let check = PreflightCheck("nodes", .fail, "no node", remedy: "add one")
        #expect(
            check.json == ["name": "nodes", "verdict": "fail", "message": "no node", "remedy": "add one"])
        #expect(PreflightCheck("nodes", .ok, "fine").json["remedy"] == nil)
    }

    private static func checks(
        _ plan: ClusterPlan, _ lab: Lab, as token: String? = nil
    ) async throws -> [PreflightCheck] {
        let client = lab.client(token)
        let renderer = PlanRenderer(catalog: try await client.discovery.catalog(), version: try await client.version())
        return try await Preflight(client: client, time: .system).planChecks(
            try renderer.renderOffline(plan, file: "cluster.yaml"))
    }

    private static func check(_ name: String, _ plan: ClusterPlan, _ lab: Lab) async throws -> PreflightCheck {
        try #require(try await checks(plan, lab).first { $0.name == name })
    }
}
