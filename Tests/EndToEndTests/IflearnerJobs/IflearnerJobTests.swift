// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Sandbox
import TestSupport
import Testing
import Values
import YAMLText

/// Training jobs as their users look at them.
@Suite(.timeLimit(.minutes(10)))
struct IflearnerJobTests {
    private static let task = "0f8fad5bd9cb469fa16570867728950e"

    @Test func `a cluster without the definition says what brings it`() async throws {
        try await TestCluster.with { cluster in
            for words in [["list"], ["describe", "a"], ["logs", "a"], ["delete", "a"], ["watch"], ["watch", "a"]] {
                let run = try await cluster.run(["ij"] + words)
                expect(run, code: 4, says: "CustomResourceDefinition is not installed", "hint:", "cluster install")
            }
        }
    }

    @Test func `jobs are listed with how far they are, by status or by their aggregators`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            expect(try await cluster.run("ij", "list"), says: "no IflearnerJobs in namespace default")
            let server = "iflearnerjob-server-\(Self.task)"
            try await cluster.makeIflearnerJob(server, status: ["phase": "Running"])
            cluster.setAggregator(of: server, ["hospital-a": 3, "医院乙": 2])
            // As upstream's operator leaves it: the pod's status without conditions.
            try await cluster.makeIflearnerJob(
                "iflearnerjob-client-\(Self.task)-hospital-a", "client",
                status: [
                    "phase": "Pending", "conditions": [],
                    "containerStatuses": [
                        [
                            "name": "t",
                            "state": ["waiting": ["reason": "ImagePullBackOff", "message": "no\u{1B}[31m tag"]],
                        ]
                    ],
                ])
            try await cluster.makeIflearnerJob(
                "written",
                status: [
                    "phase": "Running",
                    "training": [
                        "epoch": 7, "totalEpochs": 9, "lastChangeTime": "2020-01-01T00:00:00Z",
                        "parties": [["name": "a", "ready": true, "complete": false, "epoch": 7]],
                    ],
                    "conditions": [
                        ["type": "Stalled", "status": "True", "reason": "NoProgress", "message": "a waits"]
                    ],
                ], labels: ["project": "lung"])
            try await cluster.makeIflearnerJob("fresh")

            let table = try await cluster.run("iflearnerjob", "list")
            expect(table)
            #expect(
                table.lines.first?.split(separator: " ").map(String.init)
                    == ["NAME", "ROLE", "HOST", "PHASE", "EPOCH", "PARTIES", "LASTCHANGE", "AGE"])
            func cells(_ name: String, _ run: Finished) -> [String] {
                let line = run.lines.first { $0.split(separator: " ").contains(Substring(name)) } ?? ""
                return line.split(separator: " ").map(String.init)
            }
            #expect(cells(server, table).dropFirst(3).prefix(4) == ["Running", "2/10", "2/2", "-"], "\(table)")
            #expect(cells("written", table).dropFirst(3).prefix(4) == ["Running", "(Stalled)", "7/9", "1/1"])
            #expect(cells("fresh", table).dropFirst(3).prefix(3) == ["-", "-", "-"])
            let wide = try await cluster.run("ij", "ls", "-A", "-o", "wide")
            expect(wide, says: "NAMESPACE", "REASON", "ImagePullBackOff", "no\\u{1b}[31m tag", "a waits")
            #expect(!wide.output.contains("\u{1B}"))

            let json = try await cluster.run("ij", "list", "-o", "json").json()
            let live = json.array?.first { $0["name"]?.string == server }
            #expect(live?["taskId"]?.string == Self.task)
            #expect(live?["training"]?["epoch"]?.int == 2)
            #expect(live?["training"]?["parties"]?[1]?["name"]?.string == "医院乙")
            #expect(live?["completed"]?.bool == false)
            let yaml = try await cluster.run("ij", "list", "-o", "yaml")
            #expect(try Value(yaml: Array(yaml.output.utf8), file: "output").array?.count == 4)
            let labelled = try await cluster.run("ij", "list", "-l", "project=lung", "-o", "name")
            #expect(labelled.output == "written\n", "\(labelled)")
            // Names alone take one request.
            cluster.server.clearRequests()
            #expect(try await cluster.run("ij", "list", "-o", "name").lines.count == 4)
            #expect(!cluster.server.requests.contains { $0.path.contains("/proxy") })
            expect(try await cluster.run("ij", "list", "-l", "=x"), code: 64, says: "labels such as a=b,c")
        }
    }

    @Test func `an empty namespace says where jobs are, if one may know`() async throws {
        try await TestCluster.with { configuration in
            configuration.accounts = [
                .init(
                    name: "near", token: "near-token",
                    rules: [
                        .init(verbs: ["*"], groups: ["*"], resources: ["*"], namespaces: ["empty"])
                    ])
            ]
        } _: { cluster in
            try await cluster.defineIflearnerJobs()
            _ = try await cluster.client.create(KubernetesObject(ObjectKey(.namespace, name: "empty")))
            try await cluster.makeIflearnerJob("job1")
            let config = try cluster.home.write(
                "empty", cluster.server.kubeconfig(token: cluster.server.token, namespace: "empty"))
            let changes = ["KUBECONFIG": config]
            expect(
                try await cluster.run("ij", "list", with: changes),
                says: "no IflearnerJobs in namespace empty; there are some in default (1)")
            // A name is looked for everywhere, but not when -n says where.
            expect(try await cluster.run("ij", "describe", "job1", with: changes), says: "NameSpace       default")
            expect(
                try await cluster.run("ij", "describe", "job1", "-n", "empty"), code: 16, says: "there is no Iflearner")
            let limited = try cluster.home.write(
                "limited", cluster.server.kubeconfig(token: "near-token", namespace: "empty"))
            let run = try await cluster.run("ij", "list", with: ["KUBECONFIG": limited])
            expect(run, says: "no IflearnerJobs in namespace empty\n")
        }
    }

    @Test func `a description tells parties, conditions, what was made and what to do next`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let job = try await cluster.makeIflearnerJob(
                "job1",
                status: [
                    "phase": "Running",
                    "conditions": [
                        [
                            "type": "IngressReady", "status": "False", "reason": "HostTaken", "message": "by other",
                            "lastTransitionTime": "2026-01-01T00:00:00Z",
                        ]
                    ],
                ])
            try await cluster.makePod(of: job)
            cluster.setAggregator(of: "job1", ["a": 3])
            let run = try await cluster.run("ij", "describe", "job1")
            expect(
                run, says: "Name            job1", "Role            server", "Reason          HostTaken",
                "1 of 2 have not registered", "IngressReady   False", "Ingress   Missing", "Service   Ready",
                "Next            iflearnerctl ij watch job1 -n default")
            #expect(run.lines.contains { $0.contains("a       yes     no         3") }, "\(run)")
            let json = try await cluster.run("ij", "describe", "job1", "-o", "json").json()
            #expect(json["children"]?.array?.count == 3)
            #expect(json["training"]?["expectedParties"]?.int == 2)
            #expect(json["events"]?.array != nil)

            try await cluster.makeIflearnerJob("job2")
            let both = try await cluster.run("ij", "describe", "job1", "job2", "-o", "json")
            #expect(try both.json().array?.count == 2, "\(both)")
            // The shell offers their names; where there is no cluster, it offers nothing.
            let offered = try await cluster.run("__complete", "--", "ij", "describe", "job1", "jo")
            #expect(offered.lines == ["job1\tserver Running", "job2\tserver -"], "\(offered)")
            let alone = try await cluster.run("__complete", "--", "ij", "logs", "", with: ["KUBECONFIG": "/nowhere"])
            #expect(alone.output.isEmpty && alone.status == .code(0), "\(alone)")
            expect(try await cluster.run("ij", "describe", "job"), code: 17, says: "more than one", "job1", "job2")
            expect(try await cluster.run("ij", "describe", "x"), code: 16, says: "there is: job1 (namespace default)")
            expect(try await cluster.run("ij", "describe"), code: 64, says: "NAME is missing")
        }
    }

    @Test func `a job whose training runs is not deleted unless that is meant`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let name = "iflearnerjob-server-\(Self.task)"
            let job = try await cluster.makeIflearnerJob(name, status: ["phase": "Running"])
            cluster.setAggregator(of: name, ["party-a": 3, "party-b": 10], done: ["party-b"])
            expect(
                try await cluster.run("ij", "delete", "0f8f"), code: 4, says: "epoch 3/10, party party-a",
                "--interrupt-training")
            #expect(try await cluster.find(.iflearnerJob, name, in: "default")?.deletionTimestamp == nil)
            // Nobody knows: then the worst is believed.
            cluster.server.setProxyAnswer(.refused, of: name)
            expect(
                try await cluster.run("ij", "delete", name), code: 4, says: "could not be asked", "does not answer")
            let run = try await cluster.run("ij", "delete", name, "--interrupt-training", "--wait")
            expect(run, says: "warning: this cuts the training", "flow does not hear of it")
            #expect(run.output == "iflearnerjob \(name) deleted\n", "\(run)")
            #expect(try await cluster.find(.iflearnerJob, name, in: "default") == nil)
            #expect(try await cluster.find(.service, name, in: "default") == nil)
            _ = job

            try await cluster.makeIflearnerJob("done", status: ["phase": "Running"])
            cluster.setAggregator(of: "done", ["a": 10, "b": 10], done: ["a", "b"])
            try await cluster.makeIflearnerJob("over", "client", status: ["phase": "Succeeded"])
            try await cluster.makeIflearnerJob("training", "client", status: ["phase": "Running"])
            expect(try await cluster.run("ij", "delete", "training"), code: 4, says: "party training")
            let several = try await cluster.run("ij", "del", "done", "over", "over", "-o", "name")
            expect(several)
            #expect(several.output == "done\nover\n", "\(several)")
            expect(try await cluster.run("ij", "delete", "done", "--timeout", "1s"), code: 64, says: "--wait")
        }
    }

    @Test func `a deletion that a finalizer holds up is told after its time`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let job = try await cluster.makeIflearnerJob("held", status: ["phase": "Failed"])
            _ = try await cluster.client.patch(
                job.key, .merge, ["metadata": ["finalizers": ["example.com/hold"]]])
            expect(
                try await cluster.run("ij", "delete", "held", "--wait", "--timeout", "300ms"), code: 10,
                says: "IflearnerJob/held", "example.com/hold")
            _ = try await cluster.client.patch(job.key, .merge, ["metadata": ["finalizers": nil]])
        }
    }

    @Test func `the logs of a job are those of its pod`() async throws {
        try await TestCluster.with { cluster in
            try await cluster.defineIflearnerJobs()
            let job = try await cluster.makeIflearnerJob("job1")
            expect(
                try await cluster.run("ij", "logs", "job1"), code: 16, says: "has no pod to read", "ij describe job1")
            try await cluster.makePod(of: job)
            try await cluster.untilRunning("job1")
            let all = try await cluster.run("ij", "logs", "job1", "--timestamps")
            expect(all)
            #expect(!all.lines.isEmpty && !all.output.contains("[job1"), "\(all)")
            #expect(all.lines.allSatisfy { $0.hasPrefix("20") }, "\(all)")
            #expect(try await cluster.run("ij", "logs", "job1", "--tail", "1").lines.count == 1)
        }
    }
}

extension TestCluster {
    /// Waits until a pod runs.
    fileprivate func untilRunning(_ pod: String) async throws {
        try await eventually("pod \(pod) runs") {
            try await find(.pod, pod, in: "default")?["status", "phase"]?.string == "Running"
        }
    }
}
