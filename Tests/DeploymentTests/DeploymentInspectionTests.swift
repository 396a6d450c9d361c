// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Deployment
import Processes
import Records
import Sandbox
import Rollout
import TestSupport
import Testing
import Values

struct DeploymentInspectionTests {
    @Test func `a sound deployment is available in every component`() async throws {
        try await Self.withServer { lab, state in
            let inspection = try await Self.inspect(state, lab)
            #expect(inspection.isAvailable)
            #expect(inspection.modules.map(\.name) == state.components.map(\.name))
            #expect(inspection.modules.allSatisfy { $0.reasons.isEmpty }, "\(inspection.modules)")
            #expect(Set(inspection.pods.map(\.component)) == ["mysql", "flow-server"])
            #expect(inspection.pods.allSatisfy { $0.status == "Running" && !$0.node.isEmpty })
            #expect(inspection.services.contains { $0.name == "flow-server" })
        }
    }

    @Test func `a pod that broke after the job was done is told, whatever the record says`() async throws {
        try await Self.withServer { lab, state in
            let key = ObjectKey(.deployment, namespace: "iflearner", name: "flow-server")
            let live = try await lab.client().get(key)
            let container = try #require(live["spec", "template", "spec", "containers"]?[0]?["name"])
            _ = try await lab.client().patch(
                key, .strategic,
                [
                    "spec": [
                        "template": [
                            "spec": ["containers": [["name": container, "image": "docker.io/x/does-not-exist:1"]]]
                        ]
                    ]
                ])
            try await eventually("the image cannot be had") {
                let inspection = try await Self.inspect(state, lab)
                let module = inspection.modules.first { $0.name == "flow-server" }
                return module?.status == .unavailable
                    && module?.reasons.contains { $0.contains("ImagePull") || $0.contains("ErrImage") } == true
                    && inspection.pods.contains { $0.component == "flow-server" && $0.status.contains("Im") }
            }
            #expect(try await Self.inspect(state, lab).modules.first { $0.name == "mysql" }?.status == .available)
        }
    }

    @Test func `an object that somebody deleted is named`() async throws {
        try await Self.withServer { lab, state in
            _ = try await lab.client().delete(ObjectKey(.service, namespace: "iflearner", name: "flow-server"))
            let module = try #require(try await Self.inspect(state, lab).modules.first { $0.name == "flow-server" })
            #expect(module.status == .unavailable)
            #expect(module.reasons == ["Service/flow-server is missing"])
        }
    }

    @Test func `what may not be read leaves a component at what the record says`() async throws {
        let account = SandboxConfiguration.Account(
            name: "viewer", token: "viewer-token",
            rules: [
                Sandbox.AccessRule(
                    verbs: ["get", "list"], groups: [""], resources: ["services", "persistentvolumeclaims"])
            ])
        try await Self.withServer(accounts: [account]) { lab, state in
            let inspection = try await DeploymentInspection(
                of: state, client: lab.client("viewer-token"), now: TimeSource.system.wall())
            #expect(inspection.modules.map(\.status) == state.components.map(\.status))
            #expect(inspection.pods.isEmpty)
        }
    }

    @Test func `the number of requests does not grow with the number of objects`() async throws {
        try await Self.withServer { lab, state in
            lab.server.clearRequests()
            _ = try await Self.inspect(state, lab)
            let lists = lab.server.requests.filter { $0.path.contains("/namespaces/") }
            #expect(lists.count <= 9, "\(lists.map(\.target))")
            #expect(lists.allSatisfy { $0.method == "GET" })
        }
    }

    @Test func `logs of a component are read with the names of their pods`() async throws {
        try await Self.withServer { lab, state in
            let logs = ComponentLogs(
                client: lab.client(), state: state, component: "mysql", options: LogOptions(tail: 5))
            let containers = try await logs.containers()
            #expect(containers.count == 1)
            let seen = Collector<LogLine>()
            try await logs.read(containers, interval: .milliseconds(20)) { line in
                seen.add(line)
            } failed: { container, error in
                Issue.record("\(container): \(error)")
            }
            #expect(!seen.all.isEmpty && seen.all.count <= 5)
            #expect(seen.all.allSatisfy { $0.container == "mysql" && $0.pod.hasPrefix("mysql") })
        }
    }

    private static func withServer(
        accounts: [SandboxConfiguration.Account] = [], _ body: (Lab, DeploymentState) async throws -> Void
    ) async throws {
        try await Lab.with(accounts: accounts) { lab in
            let plan = try Plans.server("modules: [mysql, flow-server]\n")
            let result = try await lab.install(plan)
            #expect(result.code == .success, "\(result)")
            try await body(lab, try #require(try await lab.state(of: plan)))
        }
    }

    private static func inspect(_ state: DeploymentState, _ lab: Lab) async throws -> DeploymentInspection {
        try await DeploymentInspection(of: state, client: lab.client(), now: TimeSource.system.wall())
    }
}
