// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Glibc
import Processes
import Sandbox
import TestSupport
import Testing
import Values
import YAMLText

/// Whole trainings: jobs as flow makes them, run by the controller, in pods that train by simulation.
@Suite(.timeLimit(.minutes(10)))
struct OperatedTrainingTests {
    private static let task = "0f8fad5bd9cb469fa16570867728950e"
    private static let server = "iflearnerjob-server-\(task)"

    /// A controller that runs beside a test.
    private struct Controller {
        let process: ChildProcess
        let log: AnonymousFile

        init(_ cluster: TestCluster, _ arguments: String...) throws {
            log = try AnonymousFile()
            process = try cluster.start(
                ["operator", "run", "--health-probe-bind-address=0", "--metrics-bind-address=0"] + arguments,
                output: log, errors: log)
        }

        func end() async -> Processes::ExitStatus {
            process.send(SIGTERM)
            return await process.wait()
        }
    }

    /// Brings what a cluster needs before its first task.
    private func prepare(_ cluster: TestCluster) async throws {
        let printed = try await cluster.run("operator", "manifests", "--crds", "only")
        for document in try Value.yamlDocuments(Array(printed.output.utf8), file: "definition") {
            _ = try await cluster.client.apply(KubernetesObject(document))
        }
        for side in ["server", "party"] {
            var map = KubernetesObject(ObjectKey(.configMap, namespace: "default", name: "\(side)-iflearner-crt"))
            map.value["data"] = .mapping(Mapping([("\(side)-iflearner-secret.crt", .string("certificate"))]))
            _ = try await cluster.client.create(map)
            var secret = KubernetesObject(ObjectKey(.secret, namespace: "default", name: "\(side)-iflearner-secret"))
            secret.value["type"] = "kubernetes.io/tls"
            secret.value["data"] = ["tls.crt": "Y2VydA==", "tls.key": "a2V5"]
            _ = try await cluster.client.create(secret)
        }
    }

    /// A job as flow makes it.
    private func make(
        _ name: String, _ role: String, _ arguments: [String], _ cluster: TestCluster
    ) async throws {
        var job = KubernetesObject(ObjectKey(.iflearnerJob, namespace: "default", name: name))
        job.value["spec"] = [
            "role": .string(role), "host": .string("\(Self.task).server.iflearner.com"),
            "template": [
                "spec": [
                    "restartPolicy": "Never",
                    "containers": [
                        [
                            "name": .string(name), "image": "ghcr.io/iflytek/iflearner:v0.1.0",
                            "imagePullPolicy": "IfNotPresent", "args": .array(arguments.map(Value.string)),
                        ]
                    ],
                ]
            ],
        ]
        _ = try await cluster.client.create(job)
    }

    private func startServer(_ cluster: TestCluster, epochs: Int) async throws {
        try await make(
            Self.server, "server",
            ["python", "iflearner/business/homo/aggregate_server.py", "-n=2", "--epochs=\(epochs)"], cluster)
    }

    private func startClient(_ party: String, _ cluster: TestCluster, epochs: Int) async throws {
        try await make(
            "iflearnerjob-client-\(Self.task)-\(party)", "client",
            [
                "python", "train.py", "--name=\(party)", "--epochs=\(epochs)",
                "--server=\(Self.task).server.iflearner.com:30031", "--cert=/etc/server-iflearner-secret.crt",
            ], cluster)
    }

    /// Waits until the server's job is so.
    private func eventually(
        _ what: String, _ cluster: TestCluster, _ controller: Controller,
        _ isSo: (KubernetesObject) -> Bool
    ) async throws {
        var last = ""
        try await TestSupport.eventually(what, showing: { "\n\(last)\n\(controller.log.text)" }) {
            let job = try #require(try await cluster.find(.iflearnerJob, Self.server, in: "default"))
            last = job.value.jsonString(.pretty)
            return isSo(job)
        }
    }

    private func events(_ cluster: TestCluster) async throws -> Set<String> {
        let events = try await cluster.list(.event, in: "default").filter {
            $0["involvedObject", "kind"] == "IflearnerJob" && $0["involvedObject", "name"]?.string == Self.server
        }
        return Set(events.compactMap { $0["reason"]?.string })
    }

    @Test func `C9: a training is seen from its first round to its end, which no pod of the server tells`() async throws
    {
        try await TestCluster.with {
            // A round lasts longer than the slowest machine needs to look at it.
            $0.epochLength = .seconds(40_000)
        } _: { cluster in
            try await prepare(cluster)
            let controller = try Controller(cluster, "--training-interval=1s")
            try await startServer(cluster, epochs: 4)
            for party in ["hospital-a", "hospital-b"] { try await startClient(party, cluster, epochs: 4) }
            try await eventually("a round is told", cluster, controller) {
                ($0["status", "training", "epoch"]?.int ?? 0) > 0
            }
            let list = try await cluster.run("ij", "list", "-o", "json")
            let job = try list.json().array?.first { $0["name"]?.string == Self.server }
            #expect(job?["training"]?["totalEpochs"]?.int == 4, "\(list)")
            #expect(job?["training"]?["lastChangeTime"]?.string != nil, "\(list)")
            expect(
                try await cluster.run("ij", "delete", Self.server), code: 4, says: "parties hospital-a, hospital-b")

            await cluster.server.setTimeScale(40_000)
            let watch = try await cluster.run("ij", "watch", Self.server)
            expect(watch, says: "Success: all 2 parties have finished")
            for party in ["hospital-a", "hospital-b"] {
                let client = "iflearnerjob-client-\(Self.task)-\(party)"
                expect(try await cluster.run("ij", "watch", client), says: "Success")
            }
            try await eventually("the status says that it is over", cluster, controller) {
                $0.condition("Completed")?.status == .yes
            }
            #expect(await controller.end() == .code(0), "\(controller.log.text)")
            #expect(try await events(cluster).isSuperset(of: ["Created", "Completed"]))
            let description = try await cluster.run("ij", "describe", Self.server)
            expect(
                description, says: "Phase           Running (Completed)", "hospital-b   yes     yes        4",
                "Pod       Ready", "Next            iflearnerctl ij delete")
            expect(try await cluster.run("ij", "delete", Self.server, "--wait"))
            #expect(try await cluster.find(.pod, Self.server, in: "default") == nil)
        }
    }

    @Test func `a party that does not come stalls a training, also over a restart of the controller`() async throws {
        try await TestCluster.with {
            $0.epochLength = .seconds(20)
        } _: { cluster in
            try await prepare(cluster)
            var controller = try Controller(cluster, "--training-interval=1s", "--stalled-after=2s")
            try await startServer(cluster, epochs: 1000)
            try await startClient("hospital-a", cluster, epochs: 1000)
            try await eventually("it is stalled", cluster, controller) { $0.condition("Stalled")?.status == .yes }
            expect(try await cluster.run("ij", "list"), says: "Running (Stalled)", "0/1000")
            expect(
                try await cluster.run("ij", "describe", Self.server), says: "PartiesMissing",
                "1 of 2 parties have not registered (registered: hospital-a)")
            #expect(await controller.end() == .code(0), "\(controller.log.text)")
            let before = try await cluster.find(.iflearnerJob, Self.server, in: "default")

            controller = try Controller(cluster, "--training-interval=1s", "--stalled-after=2s")
            let asked = cluster.asked
            try await TestSupport.eventually("it is asked", showing: { controller.log.text }) {
                cluster.asked >= asked + 2
            }
            let after = try await cluster.find(.iflearnerJob, Self.server, in: "default")
            #expect(before?["status", "training"] == after?["status", "training"])
            #expect(after?.condition("Stalled") == before?.condition("Stalled"))

            try await startClient("hospital-b", cluster, epochs: 1000)
            try await eventually("it goes on", cluster, controller) {
                $0.condition("Stalled")?.status == .no && ($0["status", "training", "epoch"]?.int ?? 0) > 0
            }
            #expect(await controller.end() == .code(0), "\(controller.log.text)")
            #expect(try await events(cluster).isSuperset(of: ["Stalled", "Resumed"]))
        }
    }

    @Test func `a controller that is told to asks nobody`() async throws {
        try await TestCluster.with { cluster in
            try await prepare(cluster)
            let controller = try Controller(cluster, "--training-interval=0")
            try await startServer(cluster, epochs: 4)
            try await eventually("the job runs", cluster, controller) { $0["status", "phase"] == "Running" }
            // As long as many questions would take: another job comes and runs meanwhile.
            try await startClient("hospital-a", cluster, epochs: 4)
            expect(try await cluster.run("ij", "describe", "iflearnerjob-client"), says: "Role            client")
            #expect(await controller.end() == .code(0), "\(controller.log.text)")
            #expect(cluster.asked == 0)
            expect(try await cluster.run("operator", "run", "--training-interval=1ms"), code: 64, says: "1s or more")
        }
    }
}

extension TestCluster {
    /// How often the controller has asked aggregators.
    fileprivate var asked: Int {
        server.requests.count { $0.path.contains("/proxy/") && $0.userAgent.hasPrefix("iflearnerctl-operator") }
    }
}
