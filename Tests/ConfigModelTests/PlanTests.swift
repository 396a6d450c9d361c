// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Testing
import Values

@Suite struct `Plans` {
    @Test(arguments: ["server", "federate"]) func `the plans of the specification are good`(_ name: String) throws {
        let source = try PlanSource(contentsOf: "\(Fixtures.folder)/Plans/\(name).yaml")
        let plan = try source.plan()
        #expect(plan.warnings == [])
        #expect(plan.role.rawValue == name)
    }

    @Test func `a short plan has defaults for all else`() throws {
        let plan = try serverPlan()
        #expect(plan.modules == [.mysql, .flowServer, .operator, .ingressNginx])
        #expect(plan.chartName == "iflearner-flow")
        #expect(plan.chartVersion == "v0.2.0")
        #expect(plan.clusterScoped == .create)
        #expect(plan.podSecurity == .baseline)
        #expect(plan.isPersistent)
        #expect(plan.jobsNamespace == "default")
        #expect(plan.partyID == nil)
        #expect(try federatePlan().modules == [.mysql, .flowFederate, .operator])
    }

    @Test func `a number is a federate id as it is written`() throws {
        func id(_ line: String) throws -> String? {
            let head = "name: n\nnamespace: n\nrole: federate\nflow-federate: {serverAddress: 'a:1'}\n"
            return try PlanSource(Array((head + line).utf8), file: "p").plan().partyID
        }
        #expect(try id("partyId: 9999") == "9999")
        #expect(try id("partyId: 0123") == "0123")
        #expect(try id("federateId: hospital-a") == "hospital-a")
    }

    @Test func `components come in order, with what they need`() throws {
        let plan = try serverPlan("modules: [ingress-nginx, flow-server, mysql]\n")
        #expect(plan.components.map(\.name) == ["mysql", "flow-server", "ingress-nginx"])
        #expect(plan.components.map(\.dependencies) == [[], [.mysql], []])
    }

    @Test func `an external database replaces MySQL`() throws {
        let plan = try serverPlan(
            """
            modules: [flow-server]
            mysql: {external: {ip: db.example, database: flow, user: flow, passwordSecret: flow-db}}
            """)
        #expect(plan.warnings == [])
        #expect(plan.components.map(\.name) == ["flow-server"])
        #expect(plan.secretValues == [])
        #expect(plan.expectedSecrets == ["flow-db"])
        #expect(
            plan.chartValues()["global"]?["database"] == [
                "host": "db.example", "port": 3306, "name": "flow", "user": "flow", "secretName": "flow-db",
                "secretKey": "password",
            ])
        #expect(plan.chartValues()["mysql"]?["enabled"] == false)
    }
}
