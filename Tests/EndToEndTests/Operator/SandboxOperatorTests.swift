// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import TestSupport
import Testing
import Values

/// The controller in the pods of the built program's own sandbox.
@Suite(.timeLimit(.minutes(5))) struct SandboxOperatorTests {
    private static let task = "0f8fad5bd9cb469fa16570867728950f"
    private static let name = "iflearnerjob-server-\(task)"

    /// The user of a sandbox of their own.
    private struct User {
        let home: Folder

        func run(_ arguments: String...) async throws -> Finished {
            try await Program.run(
                arguments,
                environment: [
                    "HOME": home.path, "PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C",
                    "IFLEARNERCTL_STATE_DIR": "\(home.path)/state",
                    "IFLEARNERCTL_TIME_SCALE": "\(TestCluster.timeScale)",
                ], directory: Program.package)
        }

        func client() async throws -> ClusterClient {
            let kubeconfig = try await run("sandbox", "kubeconfig")
            let path = try home.write("kubeconfig", kubeconfig.output)
            return try ClusterConnection.resolve(ConnectionOptions(kubeconfig: path), environment: [:]).makeClient()
        }
    }

    /// An aggregator's job as flow-server makes it (facts §2.3).
    private static var job: KubernetesObject {
        var job = KubernetesObject(
            ObjectKey(
                GroupVersionKind(apiVersion: "git.iflytek.com/v1", kind: "IflearnerJob"), namespace: "default",
                name: name))
        let container: Value = [
            "name": .string(name), "image": "ghcr.io/iflytek/iflearner:v0.1.0", "imagePullPolicy": "IfNotPresent",
            "args": ["python", "iflearner/business/homo/aggregate_server.py", "-n=1", "--epochs=2"],
        ]
        job.value["spec"] = [
            "role": "server", "host": .string("\(task).server.iflearner.com"),
            "template": ["spec": ["restartPolicy": "Never", "containers": [container]]],
        ]
        return job
    }

    @Test func `a plan that is installed there turns jobs into pods, with the rights that its chart grants`()
        async throws
    {
        try await Turns.shared.take {
            let user = User(home: try Folder())
            defer { user.home.remove() }
            let installed = try await user.run(
                "cluster", "install", "-f", "examples/cluster.yaml", "--sandbox", "--wait")
            #expect(installed.status == .code(0), "\(installed)")
            let client = try await user.client()
            _ = try await client.create(Self.job)
            let children = ["v1/Pod", "v1/Service", "networking.k8s.io/v1/Ingress"].map { text in
                let parts = text.split(separator: "/").map(String.init)
                return ObjectKey(
                    GroupVersionKind(
                        apiVersion: parts.dropLast().joined(separator: "/"), kind: parts.last ?? ""),
                    namespace: "default", name: Self.name)
            }
            for child in children {
                try await eventually("\(child) is there") { try await client.find(child) != nil }
            }
            try await eventually("the job runs") {
                try await client.find(Self.job.key)?["status", "phase"] == "Running"
            }
            let listed = try await user.run("ij", "list", "--sandbox", "-A")
            #expect(listed.output.contains(Self.name) && listed.output.contains("Running"), "\(listed)")
            let logs = try await user.run("cluster", "logs", "lungnet", "operator", "--sandbox", "-n", "iflearner")
            #expect(logs.output.contains("reason=Created"), "\(logs)")
            #expect(!logs.output.contains("orbidden"), "\(logs)")
            // Without its controller nothing is made any more.
            let deployment = ObjectKey(.deployment, namespace: "iflearner", name: "iflearner-operator")
            _ = try await client.patch(deployment, .merge, ["spec": ["replicas": 0]])
            try await eventually("the controller's pod is gone") {
                try await client.list(.pod, namespace: "iflearner").items.allSatisfy {
                    !$0.name.hasPrefix("iflearner-operator")
                }
            }
            let lease = try await client.find(
                ObjectKey(.lease, namespace: "iflearner", name: "b64cd87e.git.iflytek.com"))
            #expect(lease != nil && lease?["spec", "holderIdentity"] == nil)
            let down = try await user.run("sandbox", "down")
            #expect(down.status == .code(0), "\(down)")
        }
    }
}
