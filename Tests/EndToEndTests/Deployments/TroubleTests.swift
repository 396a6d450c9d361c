// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Testing
import Values

/// Servers that refuse, fail, stumble or are not there (issue item 7).
@Suite(.timeLimit(.minutes(10)))
struct TroubleTests {
    private let plan = "examples/cluster-federate.yaml"

    // MARK: Retried

    /// What a server may do for a while, and the requests it does it to.
    static let stumbles: [String: Fault] = [
        "429 with Retry-After": Fault(.status(429, retryAfter: 1), path: "/api", count: 4),
        "500 on reads": Fault(.status(503), method: "GET", path: "/api", count: 5),
        "503": Fault(.status(503), path: "/api", count: 12),
        "504 on writes": Fault(.status(504), method: "PATCH", path: "/api", count: 5),
        "connections that break before": Fault(.dropBefore, path: "/api", count: 8),
        "writes whose answer is lost": Fault(.dropAfter, method: "PATCH", path: "/api", count: 6),
        "creations whose answer is lost": Fault(.dropAfter, method: "POST", path: "/api", count: 6),
        "records whose answer is lost": Fault(.dropAfter, method: "PUT", path: "/secrets/iflearnerctl", count: 3),
        "reads whose answer is lost": Fault(.dropAfter, method: "GET", path: "/api", count: 6),
    ]

    @Test(arguments: stumbles.keys.sorted())
    func `a server that stumbles for a while is waited for`(stumble: String) async throws {
        let fault = try #require(Self.stumbles[stumble])
        try await TestCluster.with { cluster in
            cluster.server.inject(fault)
            let install = try await cluster.run("cluster", "install", "-f", plan, "--wait")
            expect(install, says: "Success")
            #expect(cluster.server.pendingFaults.isEmpty, "\(install)")
            expect(try await cluster.run("cluster", "upgrade", "-f", plan), says: "no changes")
            let row = try await cluster.run("cluster", "list", "-o", "json").json().array
            #expect(row?.count == 1)
            #expect(row?.first?["revision"]?.int == 1)
        }
    }

    @Test func `connections that are cut in the middle of a job are made anew`() async throws {
        try await TestCluster.with { cluster in
            await cluster.server.setKubeletPaused(true)
            let id = try await cluster.run("cluster", "install", "-f", plan).job()
            cluster.server.dropConnections()
            cluster.server.forgetHistory()
            await cluster.server.setKubeletPaused(false)
            cluster.server.dropConnections()
            expect(try await cluster.run("job", "watch", id), says: "Success")
        }
    }

    // MARK: Explained

    @Test func `a server that keeps failing ends the command, with nothing half written`() async throws {
        try await TestCluster.with { cluster in
            cluster.server.inject(Fault(.status(503), path: "/api", count: nil))
            expect(
                try await cluster.run("cluster", "install", "-f", plan), code: 12,
                says: "unable to handle the request")
            cluster.server.clearFaults()
            #expect(try await cluster.find(.namespace, "iflearner-party-a") == nil)
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"), says: "Success")
        }
    }

    @Test func `records that cannot be written leave no object behind`() async throws {
        try await TestCluster.with { cluster in
            cluster.server.inject(Fault(.status(403), method: "POST", path: "/secrets", count: nil))
            let refused = try await cluster.run("cluster", "install", "-f", plan)
            expect(refused, code: 13, says: "forbidden", "iflearner-party-a")
            let written = cluster.objectWrites.filter { !$0.path.hasSuffix("/namespaces") }
            #expect(written.isEmpty, "\(written)")
            cluster.server.clearFaults()
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"), says: "Success")
        }
    }

    @Test func `one forbidden verb is named with its object and what to do`() async throws {
        try await TestCluster.with { cluster in
            cluster.server.inject(Fault(.status(403), method: "PATCH", path: "/services/flow-federate", count: nil))
            let refused = try await cluster.run("cluster", "install", "-f", plan, "--wait")
            expect(refused, code: 6, says: "flow-federate", "forbidden", "services")
            cluster.server.clearFaults()
            expect(try await cluster.run("cluster", "upgrade", "-f", plan, "--wait"), says: "Success")
        }
    }

    @Test func `no server, no kubeconfig, a wrong token and a strange certificate are told apart`() async throws {
        try await TestCluster.with { cluster in
            let config = cluster.server.kubeconfig
            func refusal(_ name: String, _ text: String) async throws -> Finished {
                let path = try cluster.home.write(name, text)
                return try await cluster.run("cluster", "list", "--kubeconfig", path)
            }
            let port = ":\(cluster.server.port)"
            let nobody = try await refusal("nobody", config.replacing(port, with: ":1"))
            expect(nobody, code: 12, says: "127.0.0.1:1", "refused")
            let unknown = try await refusal("unknown", config.replacing("127.0.0.1", with: "no-such-host.invalid"))
            expect(unknown, code: 12, says: "no-such-host.invalid")
            let wrong = try await refusal("wrong", config.replacing(cluster.server.token, with: "wrong"))
            expect(wrong, code: 12, says: "nauthorized")
            let missing = try await cluster.run("cluster", "list", "--kubeconfig", "/nonexistent")
            expect(missing, code: 12, says: "/nonexistent")
            let damaged = try await refusal("damaged", "{")
            expect(damaged, code: 12, says: "damaged:")
            let context = try await cluster.run("cluster", "list", "--context", "sandbax")
            expect(context, code: 12, says: "sandbax", "sandbox")

            let other = try await SandboxServer.start(SandboxConfiguration())
            let strange = try await refusal(
                "strange", other.kubeconfig.replacing(":\(other.port)", with: port))
            await other.stop()
            expect(strange, code: 12, says: "certificate")
            for run in [nobody, unknown, wrong, missing, strange] {
                #expect(run.errors.contains("hint: "), "\(run)")
                #expect(run.output.isEmpty, "\(run)")
            }
        }
    }

    @Test func `doctor names what stands in the way`() async throws {
        try await TestCluster.with { cluster in
            let config = try cluster.home.write(
                "nobody", cluster.server.kubeconfig.replacing(":\(cluster.server.port)", with: ":1"))
            expect(try await cluster.run("doctor", "--kubeconfig", config), code: 12, says: "refused")
            expect(try await cluster.run("doctor", "-f", plan), says: "ok", "api server")
            let bad = try await cluster.run("doctor", "-f", plan, "--set", "mysql.storageClass=nowhere")
            expect(bad, code: 4, says: "fail", "nowhere", "standard")
            let checks = try await cluster.run("doctor", "-f", plan, "-o", "json").json()
            #expect(checks.array?.allSatisfy { $0["verdict"]?.string != nil } == true)
        }
    }

    @Test func `a namespace that is being deleted is waited for or explained`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.apply(
                """
                {apiVersion: v1, kind: Namespace, metadata: {name: iflearner-party-a}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: stuck, namespace: iflearner-party-a, finalizers: [example.com/hold]}
                """)
            _ = try await cluster.client.delete(ObjectKey(.namespace, name: "iflearner-party-a"))
            let refused = try await cluster.run("cluster", "install", "-f", plan, "--wait")
            expect(refused, code: 17, says: "namespace iflearner-party-a is being deleted", "kubectl get namespace")
            _ = try await cluster.client.patch(
                ObjectKey(.configMap, namespace: "iflearner-party-a", name: "stuck"), .merge,
                ["metadata": ["finalizers": nil]])
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"), says: "Success")
        }
    }
}
