// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Glibc
import Testing
import Values
import YAMLText

/// The contract with the charts, `docs/architecture.md`.
@Suite struct `Chart values` {
    /// The values of the specification's plans, kept beside them; `RECORD_DOCS=1` writes them anew.
    @Test(arguments: ["server", "federate"]) func `of the specification's plans`(_ name: String) throws {
        let plan = try PlanSource(contentsOf: "\(Fixtures.folder)/Plans/\(name).yaml").plan()
        let file = "\(Fixtures.folder)/Plans/\(name).values.json"
        if getenv("RECORD_DOCS") != nil {
            let stream = try #require(fopen(file, "w"))
            fputs(plan.chartValues().jsonString(.pretty) + "\n", stream)
            fclose(stream)
        }
        #expect(plan.chartValues() == (try Value(json: Fixtures.bytes(file))))
    }

    @Test(arguments: Role.allCases) func `have all that the charts read`(_ role: Role) throws {
        let values = try role == .server ? serverPlan().chartValues() : federatePlan().chartValues()
        #expect(
            values["global"]?.mapping.map { Set($0.keys) } == [
                "deployment", "role", "partyId", "clusterDomain", "clusterScoped", "podSecurity", "pullPolicy",
                "registry", "registryMirrors", "imagePullSecrets", "persistence", "commonLabels", "commonAnnotations",
                "jobsNamespace", "jobs", "egress", "dns", "endpoint", "ingress", "database",
            ])
        #expect(
            values["global"]?["database"]?.mapping.map { Set($0.keys) } == [
                "host", "port", "name", "user", "secretName", "secretKey",
            ])
        for module in Module.allCases {
            #expect(values[path: module.name, "enabled"] == .bool(role.defaultModules.contains(module)))
            #expect(values[path: module.name, "image"]?.string?.isEmpty == false)
            #expect(values[path: module.name, "imageTag"] == nil)
            #expect(values[path: module.name, "values"] == nil)
        }
    }

    /// A key that a chart does not know would be ignored without a word.
    @Test func `have no key that the charts do not know`() throws {
        let charts = Fixtures.repository + "/templates/iflearner-flow"
        func chartKeys(_ path: String) throws -> Mapping {
            try Value(yaml: Fixtures.bytes("\(charts)/\(path)"), file: path).mapping ?? [:]
        }
        let values = try serverPlan("mysql: {nfs: {server: a, path: /b}}\nflow-federate: {serverAddress: 'a:1'}")
            .chartValues()
        let umbrella = try chartKeys("values.yaml")
        for (key, _) in values["global"]?.mapping ?? [:] { #expect(umbrella["global"]?[key] != nil, "global.\(key)") }
        for module in Module.allCases {
            let known = try chartKeys("charts/\(module.name)/values.yaml")
            for (key, value) in values[module.name]?.mapping ?? [:] where key != "enabled" {
                #expect(known[key] != nil, "\(module.name).\(key)")
                // Two sets of defaults that differ would make `helm template` and this tool disagree.
                let isOwn = ["image", "aggregator", "relay", "nfs", "serverAddress", "backup"].contains(key)
                if !isOwn { #expect(known[key] == value, "\(module.name).\(key)") }
            }
        }
    }

    @Test func `a module's values are merged last`() throws {
        let plan = try serverPlan(
            """
            flow-server:
              type: NodePort
              values: {logLevel: DEBUG, type: ClusterIP, resources: {limits: {cpu: "4"}}, aggregator: {args: [a]}}
            """)
        let values = plan.chartValues()["flow-server"]
        #expect(values?["logLevel"] == "DEBUG")
        #expect(values?["type"] == "ClusterIP")
        #expect(
            values?["resources"] == [
                "requests": ["cpu": "100m", "memory": "256Mi"], "limits": ["memory": "1Gi", "cpu": "4"],
            ])
        #expect(values?["aggregator"] == ["image": "ghcr.io/iflytek/iflearner:v0.1.0", "args": ["a"]])
    }

    @Test func `resources are the plan's alone, not mixed with the chart's`() throws {
        let plan = try serverPlan("flow-server: {resources: {requests: {memory: 4Gi}}}")
        #expect(
            plan.chartValues()[path: "flow-server", "resources"] == [
                "requests": ["memory": "4Gi", "cpu": nil], "limits": ["memory": nil],
            ])
    }

    @Test func `secrets are made unless the plan names its own`() throws {
        #expect(
            try serverPlan().secretValues.map { "\($0.secretName): \($0.kind) \($0.valuesPaths)" } == [
                "mysql-auth: password(key: \"root-password\") [[\"mysql\", \"auth\", \"rootPassword\"]]",
                "mysql-auth: password(key: \"password\") [[\"mysql\", \"auth\", \"password\"], [\"global\", \"database\", \"password\"]]",
                "ingress-nginx-admission: webhookCertificate(hosts: [\"ingress-nginx-controller-admission\", "
                    + "\"ingress-nginx-controller-admission.iflearner\", \"ingress-nginx-controller-admission.iflearner.svc\", "
                    + "\"ingress-nginx-controller-admission.iflearner.svc.cluster.local\"]) [[\"ingress-nginx\", \"webhook\"]]",
            ])
        let own = try federatePlan("mysql: {existingSecret: my-db}\nimagePullSecrets: [{name: pull}]\n")
        #expect(own.secretValues == [])
        #expect(own.expectedSecrets == ["pull", "my-db"])
        #expect(own.chartValues()[path: "global", "database", "secretName"] == "my-db")
        let existing = try serverPlan(
            "modules: [mysql, flow-server, operator]\ningress: {existing: true, className: ours}\n")
        #expect(existing.secretValues.map(\.module) == [.mysql, .mysql])
        #expect(existing.usesExistingIngress)
        #expect(existing.ingressClassName == "ours")
    }

    @Test func `the plan is shown as it was written, with what may be secret masked`() throws {
        let plan = try serverPlan(
            """
            operator:
              values:
                apiCredential: abc
                extraEnv: [{name: DB_PASSWORD, value: hunter2}, {name: MODE, value: fast}]
                nested: {clientSecret: x, replicas: 2, secretName: shown}
            mysql: {existingSecret: my-db}
            """)
        #expect(
            plan.maskedValue == [
                "name": "lungnet", "namespace": "iflearner", "role": "server",
                "operator": [
                    "values": [
                        "apiCredential": "***",
                        "extraEnv": [["name": "DB_PASSWORD", "value": "***"], ["name": "MODE", "value": "fast"]],
                        "nested": ["clientSecret": "***", "replicas": 2, "secretName": "shown"],
                    ]
                ],
                "mysql": ["existingSecret": "my-db"],
            ])
        #expect(plan.maskedValue.mapping?.keys == ["name", "namespace", "role", "operator", "mysql"])
    }
}
