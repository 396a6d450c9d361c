// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Sandbox
import TestSupport
import Testing

/// What a curious user types after the demo, with kubectls as they come (issue item 8).
@Suite(.timeLimit(.minutes(10)), .enabled(if: !KubectlPrograms.available.isEmpty, "no kubectl on this machine"))
struct KubectlTests {
    @Test(arguments: KubectlPrograms.available)
    func `a deployment is looked at`(kubectl: String) async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml", "--wait"))
            let looks: [([String], [String])] = [
                (["version"], ["Server Version"]),
                (["api-resources"], ["iflearnerjobs", "git.iflytek.com/v1"]),
                (["get", "namespaces"], ["iflearner", "Active"]),
                (["get", "pods", "-A"], ["NAMESPACE", "mysql-0", "1/1", "Running"]),
                (["get", "pods", "-n", "iflearner", "-o", "wide"], ["NODE", "sandbox"]),
                (["get", "all", "-n", "iflearner"], ["deployment.apps/flow-server", "statefulset.apps/mysql", "1/1"]),
                (["get", "deploy", "-n", "iflearner", "-o", "name"], ["deployment.apps/flow-server"]),
                (
                    ["get", "deploy", "flow-server", "-n", "iflearner", "-o", "yaml"],
                    ["kind: Deployment", "replicas: 1"]
                ),
                (["get", "svc", "flow-server", "-n", "iflearner", "-o", "json"], ["\"nodePort\": 32235"]),
                (["get", "svc", "-n", "iflearner"], ["NodePort", "32235/TCP"]),
                (
                    ["get", "pvc,ingressclass,pdb,cm,secret,sa,role,rolebinding", "-n", "iflearner"],
                    ["mysql-data", "Bound"]
                ),
                (
                    ["get", "pods", "-n", "iflearner", "-l", "app.kubernetes.io/name=mysql"], ["mysql-0"]
                ),
                (["get", "crd"], ["iflearnerjobs.git.iflytek.com"]),
                (["get", "iflearnerjob", "-A"], ["No resources found"]),
                (["describe", "deploy", "flow-server", "-n", "iflearner"], ["Replicas:", "1 available", "Image:"]),
                (["describe", "pod", "mysql-0", "-n", "iflearner"], ["Status:", "Running", "Events:"]),
                (["describe", "svc", "flow-server", "-n", "iflearner"], ["Endpoints:"]),
                (["describe", "pvc", "mysql-data", "-n", "iflearner"], ["Bound"]),
                (["describe", "node"], ["Ready"]),
                (["get", "events", "-n", "iflearner"], ["Scheduled"]),
                (["logs", "deploy/flow-server", "-n", "iflearner"], []),
                (["logs", "mysql-0", "-n", "iflearner", "--tail=2", "--timestamps"], []),
                (["rollout", "status", "deploy/flow-server", "-n", "iflearner"], ["successfully rolled out"]),
                (["rollout", "history", "deploy/flow-server", "-n", "iflearner"], ["REVISION"]),
                (["wait", "--for=condition=Available", "deploy", "--all", "-n", "iflearner"], ["condition met"]),
                (["auth", "can-i", "create", "iflearnerjob", "-n", "iflearner"], ["yes"]),
                (["get", "leases,secrets", "-n", "iflearner"], ["iflearnerctl.lungnet"]),
                (["get", "--raw", "/readyz"], ["ok"]),
            ]
            for (arguments, texts) in looks {
                let run = try await self.run(kubectl, arguments, cluster)
                #expect(run.status == .code(0), "kubectl \(arguments.joined(separator: " "))\n\(run.text)")
                for text in texts {
                    #expect(
                        run.text.contains(text), "\(text): kubectl \(arguments.joined(separator: " "))\n\(run.text)")
                }
            }
        }
    }

    @Test(arguments: KubectlPrograms.available)
    func `a deployment is changed by hand, and an upgrade tells of it`(kubectl: String) async throws {
        try await TestCluster.with { cluster in
            let plan = "examples/cluster-federate.yaml"
            expect(try await cluster.run("cluster", "install", "-f", plan, "--wait"))
            let place = ["-n", "iflearner-party-a"]
            func change(_ arguments: [String], _ text: String) async throws {
                let run = try await self.run(kubectl, arguments + place, cluster)
                #expect(run.status == .code(0) && run.text.contains(text), "\(arguments)\n\(run.text)")
            }
            try await change(["label", "deploy", "flow-federate", "team=ml"], "labeled")
            try await change(["annotate", "deploy", "flow-federate", "note=x"], "annotated")
            try await change(["patch", "svc", "flow-federate", "-p", #"{"metadata":{"labels":{"a":"b"}}}"#], "patched")
            // What others add is theirs, and no change of ours.
            expect(try await cluster.run("cluster", "upgrade", "-f", plan), says: "no changes")

            try await change(["scale", "deploy", "flow-federate", "--replicas=0"], "scaled")
            expect(
                try await cluster.run("cluster", "upgrade", "-f", plan), code: 7, says: "Deployment/flow-federate",
                "replicas", "kubectl")
            try await change(["scale", "deploy", "flow-federate", "--replicas=1"], "scaled")
            try await change(["rollout", "restart", "deploy/flow-federate"], "restarted")
            try await change(["rollout", "status", "deploy/flow-federate", "--timeout=30s"], "successfully rolled out")
            try await change(["delete", "pod", "mysql-0"], "deleted")
            try await change(["wait", "--for=condition=Ready", "pod/mysql-0", "--timeout=30s"], "condition met")
            expect(try await cluster.run("cluster", "describe", "lungnet-a"), says: "    mysql: Available")
        }
    }

    @Test(arguments: KubectlPrograms.available)
    func `IflearnerJobs are made, watched, changed and deleted`(kubectl: String) async throws {
        try await TestCluster.with { cluster in
            expect(try await cluster.run("cluster", "install", "-f", "examples/cluster.yaml", "--wait"))
            let file = try cluster.home.write("job.yaml", Self.job)
            let watch = try cluster.startKubectl(kubectl, "get", "iflearnerjob", "-w", "-n", "iflearner")
            let steps: [([String], String)] = [
                (["apply", "-f", file, "--dry-run=server"], "(server dry run)"),
                (["apply", "-f", file], "train created"), (["apply", "-f", file], "train unchanged"),
                (["get", "iflearnerjob", "train", "-n", "iflearner"], "train"),
                (["get", "iflearnerjobs.git.iflytek.com", "-A", "-o", "wide"], "train"),
                (["get", "iflearnerjob", "train", "-n", "iflearner", "-o", "jsonpath={.spec.role}"], "server"),
                (["describe", "iflearnerjob", "train", "-n", "iflearner"], "Role:"),
                (["label", "iflearnerjob", "train", "-n", "iflearner", "round=1"], "labeled"),
                (
                    ["get", "iflearnerjob", "-n", "iflearner", "-l", "round=1", "-o", "name"],
                    "iflearnerjob.git.iflytek.com/train"
                ),
                (
                    [
                        "patch", "iflearnerjob", "train", "-n", "iflearner", "--type=merge", "-p",
                        #"{"spec":{"host":"a.example"}}"#,
                    ], "patched"
                ),
                (["apply", "--server-side", "--force-conflicts", "-f", file], "serverside-applied"),
                (["delete", "iflearnerjob", "train", "-n", "iflearner", "--timeout=20s"], "deleted"),
            ]
            for (arguments, text) in steps {
                let run = try await self.run(kubectl, arguments, cluster)
                #expect(run.status == .code(0) && run.text.contains(text), "\(arguments)\n\(run.text)")
            }
            let seen = try await watch.text(when: { $0.contains("train") })
            #expect(seen.contains("NAME"), "\(seen)")
        }
    }

    static let job = """
        apiVersion: git.iflytek.com/v1
        kind: IflearnerJob
        metadata: {name: train, namespace: iflearner}
        spec:
          role: server
          host: fl.coord.example
          template:
            spec:
              containers:
              - name: train
                image: python:3.9
        """

    private func run(
        _ kubectl: String, _ arguments: [String], _ cluster: TestCluster
    ) async throws -> (status: Processes::ExitStatus, text: String) {
        let command = Command(
            "/bin/sh", ["-c", "exec \"$0\" \"$@\" 2>&1", kubectl] + arguments, environment: cluster.environment)
        let captured = try await command.capture(timeout: .seconds(60))
        return (captured.status, String(decoding: captured.output, as: UTF8.self))
    }
}

/// The kubectls at hand.
enum KubectlPrograms {
    /// That of `KUBECTL_OLD` and the one on the path.
    static let available: [String] = [Environment.current["KUBECTL_OLD"] ?? "", "kubectl"].compactMap { name in
        name.isEmpty ? nil : Environment.findExecutable(name, path: Environment.current["PATH"])
    }
}

/// A kubectl that goes on until it has shown enough.
struct WatchingKubectl {
    let process: ChildProcess
    let output: AnonymousFile

    /// What it has printed, once that fits; it is ended then.
    func text(when condition: (String) -> Bool) async throws -> String {
        do {
            try await eventually("kubectl shows it", showing: { output.text }) { condition(output.text) }
        } catch {
            await end()
            throw error
        }
        await end()
        return output.text
    }

    private func end() async {
        process.send(9)
        _ = await process.wait()
    }
}

extension TestCluster {
    /// Starts a kubectl and goes on.
    fileprivate func startKubectl(_ kubectl: String, _ arguments: String...) throws -> WatchingKubectl {
        let output = try AnonymousFile()
        var command = Command(kubectl, arguments, environment: environment)
        command.output = .descriptor(output.descriptor)
        command.errors = .descriptor(output.descriptor)
        return WatchingKubectl(process: try command.spawn(), output: output)
    }
}
