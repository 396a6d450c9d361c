// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Deployment
import Processes
import Rollout
import Sandbox
import Testing
import Values

/// What training pods will need is looked for before anything is installed.
@Suite struct `Before training` {
    @Test func `a namespace for jobs that is not there stops an installation before anything is written`() async throws
    {
        let plan = try Plans.server("jobs: {namespace: training}\n")
        try await Lab.with { lab in
            let check = try await Self.check("jobs namespace", plan, lab)
            #expect(check.verdict == .fail)
            #expect(check.remedy.contains("kubectl create namespace training"))
            let error = await #expect(throws: DeploymentError.self) { try await lab.install(plan) }
            #expect(error?.code == .preflight)
            let written = lab.server.requests.filter { $0.isWrite && !$0.path.contains("authorization.k8s.io") }
            #expect(written == [])
            try await lab.makeNamespace("training")
            #expect(try await Self.check("jobs namespace", plan, lab).verdict == .ok)
        }
    }

    @Test(arguments: [
        // Without settings pods are made as tasks name them.
        ("baseline", "", PreflightCheck.Verdict.warn, "podSecurity: baseline in the plan, and jobs."),
        ("restricted", "jobs: {shmSize: 1Gi}\n", .warn, "podSecurity: restricted in the plan"),
        ("baseline", "jobs: {shmSize: 1Gi}\n", .warn, "jobs.data"),
        ("baseline", "jobs: {data: []}\n", .ok, ""),
        ("restricted", "podSecurity: openshift\njobs: {data: []}\n", .ok, ""), ("privileged", "", .ok, ""),
    ]) func `a namespace that would refuse training pods is told of`(
        enforced: String, lines: String, verdict: PreflightCheck.Verdict, remedy: String
    ) async throws {
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("training", labels: ["pod-security.kubernetes.io/enforce": enforced])
            let name = lines.contains("jobs:") ? lines.replacing("{", with: "{namespace: training, ") : lines
            let plan = try Plans.federate(name.contains("jobs:") ? name : name + "jobs: {namespace: training}\n")
            let check = try await Self.check("jobs namespace", plan, lab)
            #expect(check.verdict == verdict, "\(check)")
            #expect(check.remedy.contains(remedy), "\(check)")
        }
    }

    @Test func `claims are looked for where training runs`() async throws {
        let plan = try Plans.federate(
            "jobs: {data: [{path: /a, existingClaim: there}, {path: /b, existingClaim: lost}, {path: /c, existingClaim: gone}]}\n"
        )
        try await Lab.with(controlPlane: false) { lab in
            for (name, phase) in [("there", "Bound"), ("lost", "Lost")] {
                try await lab.make(
                    "v1", "PersistentVolumeClaim", name, in: "default",
                    [
                        "spec": [
                            "accessModes": ["ReadWriteOnce"], "resources": ["requests": ["storage": "1Gi"]],
                            "volumeName": "v", "storageClassName": "",
                        ]
                    ])
                _ = try await lab.client().patch(
                    ObjectKey(.persistentVolumeClaim, namespace: "default", name: name), .merge,
                    ["status": ["phase": .string(phase)]], options: WriteOptions(subresource: "status"))
            }
            let checks = try await Self.checks(plan, lab).filter { $0.name == "training data" }
            #expect(checks.map(\.verdict) == [.ok, .warn, .warn])
            #expect(checks.last?.message.contains("'gone' is not in namespace 'default'") == true)
            #expect(checks.last?.remedy.contains("kubectl get pvc -n default") == true)
        }
    }

    @Test func `pull secrets are needed in the namespace of the jobs too`() async throws {
        let plan = try Plans.federate("imagePullSecrets: [{name: pull}]\n")
        let secret: Mapping = ["type": "kubernetes.io/dockerconfigjson", "data": [".dockerconfigjson": "e30="]]
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("fl")
            try await lab.make("v1", "Secret", "pull", in: "fl", secret)
            let check = try await Self.check("training images", plan, lab)
            #expect(check.verdict == .warn)
            #expect(
                check.remedy
                    == "kubectl get secret pull -n fl -o yaml | sed 's/^  namespace: .*/  namespace: default/' | kubectl apply -f -"
            )
            try await lab.make("v1", "Secret", "pull", in: "default", secret)
            #expect(try await Self.check("training images", plan, lab).verdict == .ok)
            let together = try Plans.federate("imagePullSecrets: [{name: pull}]\njobs: {namespace: fl}\n")
            #expect(try await !Self.checks(together, lab).contains { $0.name == "training images" })
        }
    }

    @Test(
        arguments: [
            (["username": "dQ==", "password": "cA=="], PreflightCheck.Verdict.ok, ""),
            (["username": "dQ=="], .fail, "has no key 'password'"), (nil, .fail, "is not in namespace 'fl'"),
        ] as [([String: String]?, PreflightCheck.Verdict, String)])
    func `the proxy's login has both keys`(
        data: [String: String]?, verdict: PreflightCheck.Verdict, message: String
    ) async throws {
        let plan = try Plans.federate(
            "egress: {mode: relay, proxy: 'http://proxy.example:3128', proxySecret: login}\n")
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("fl")
            if let data {
                let values = Mapping(data.map { ($0.key, Value.string($0.value)) })
                try await lab.make("v1", "Secret", "login", in: "fl", ["data": .mapping(values)])
            }
            let check = try await Self.check("secret", plan, lab)
            #expect(check.verdict == verdict, "\(check)")
            #expect(check.message.contains(message), "\(check)")
            #expect(check.remedy.contains("--from-file=password=") == (verdict == .fail))
        }
    }

    @Test(
        arguments: [
            (["ca.crt": "-----BEGIN CERTIFICATE-----\n"], PreflightCheck.Verdict.ok, ""),
            (["tls.crt": "-----BEGIN CERTIFICATE-----\n"], .fail, "under the key ca.crt"),
            (["ca.crt": "MIIB"], .fail, "has no certificate"), (nil, .fail, "is not in namespace 'fl'"),
        ] as [([String: String]?, PreflightCheck.Verdict, String)])
    func `the authority of a proxy over TLS is there`(
        data: [String: String]?, verdict: PreflightCheck.Verdict, message: String
    ) async throws {
        func plan(_ proxy: String) throws -> ClusterPlan {
            try Plans.federate("egress: {mode: relay, proxy: '\(proxy)', proxyCA: corporate}\n")
        }
        let secure = try plan("https://proxy.example:3129")
        let plain = try plan("http://proxy.example:3128")
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("fl")
            if let data {
                let values = Mapping(data.map { ($0.key, Value.string($0.value)) })
                try await lab.make("v1", "ConfigMap", "corporate", in: "fl", ["data": .mapping(values)])
            }
            let check = try await Self.check("proxy authority", secure, lab)
            #expect(check.verdict == verdict, "\(check)")
            #expect(check.message.contains(message), "\(check)")
            #expect(check.remedy.contains("--from-file=ca.crt=") == (verdict == .fail))
            // Without TLS nobody asks for it.
            #expect(try await !Self.checks(plain, lab).contains { $0.name == "proxy authority" })
        }
    }

    @Test(arguments: [18, 33]) func `what pods will ask of the cluster is looked for`(minor: Int) async throws {
        let plan = try Plans.federate("jobs: {runtimeClassName: nvidia, nodeSelector: {gpu: a30}}\n")
        try await Lab.with(minor: minor, controlPlane: false) { lab in
            let before = try await Self.checks(plan, lab)
            for name in ["runtime class", "training nodes"] {
                let check = try #require(before.first { $0.name == name })
                #expect(check.verdict == .warn, "\(check)")
            }
            #expect(before.first { $0.name == "training nodes" }?.message.contains("gpu=a30") == true)
            try await lab.make("v1", "Node", "gpu-1", labels: ["gpu": "a30"])
            #expect(try await Self.check("training nodes", plan, lab).verdict == .ok)
            let version = minor == 18 ? "node.k8s.io/v1beta1" : "node.k8s.io/v1"
            try await lab.make(version, "RuntimeClass", "nvidia", ["handler": "nvidia"])
            #expect(try await Self.check("runtime class", plan, lab).verdict == .ok)
        }
    }

    private static func checks(_ plan: ClusterPlan, _ lab: Lab) async throws -> [PreflightCheck] {
        let client = lab.client()
        let renderer = PlanRenderer(catalog: try await client.discovery.catalog(), version: try await client.version())
        return try await Preflight(client: client, time: .system).planChecks(
            try renderer.renderOffline(plan, file: "cluster.yaml"))
    }

    private static func check(_ name: String, _ plan: ClusterPlan, _ lab: Lab) async throws -> PreflightCheck {
        try #require(try await checks(plan, lab).first { $0.name == name })
    }
}
