// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Synchronization
import Testing
import Values

/// Programs that really run in containers.
struct ProgramTests {
    static let pods = "/api/v1/namespaces/default/pods"

    /// What a test sees of the runs of a program, and tells them to do.
    final class Stage: Sendable {
        enum Order: Sendable {
            case say(String)
            case beReady(Bool)
            case end
            case fail(any Error)
        }

        private struct State {
            var runs: [PodProgram] = []
            var orders: [AsyncStream<Order>.Continuation] = []
            var stopped = 0
        }

        private let state = Mutex(State())

        var runs: [PodProgram] { state.withLock { $0.runs } }
        /// How many runs were asked to stop, and did.
        var stopped: Int { state.withLock { $0.stopped } }

        /// Gives an order to a run, the last one by default.
        func tell(_ order: Order, run: Int? = nil) {
            let orders = state.withLock { $0.orders }
            orders[run ?? orders.count - 1].yield(order)
        }

        func program(reportsReadiness: Bool = false) -> SandboxProgram {
            SandboxProgram(
                reportsReadiness: reportsReadiness,
                matches: { image, line in image == "robots" && line.first == "robot" },
                run: { run in
                    let (orders, continuation) = AsyncStream<Order>.makeStream()
                    self.state.withLock { state in
                        state.runs.append(run)
                        state.orders.append(continuation)
                    }
                    for await order in orders {
                        switch order {
                        case .say(let text): run.log(text)
                        case .beReady(let isReady): run.setReady(isReady)
                        case .end: return
                        case .fail(let error): throw error
                        }
                    }
                    self.state.withLock { $0.stopped += 1 }
                    try Task.checkCancellation()
                })
        }
    }

    static func pod(_ name: String, _ args: [Value] = [], policy: Value = "Always", spec: Mapping = [:]) -> Value {
        var pod: Value = [
            "apiVersion": "v1", "kind": "Pod", "metadata": ["name": .string(name), "labels": ["app": "robot"]],
            "spec": [
                "restartPolicy": policy,
                "containers": [
                    [
                        "name": "c", "image": "robots", "command": ["robot"], "args": .array(args),
                        "env": [
                            ["name": "NAME", "valueFrom": ["fieldRef": ["fieldPath": "metadata.name"]]],
                            ["name": "APP", "valueFrom": ["fieldRef": ["fieldPath": "metadata.labels['app']"]]],
                            ["name": "WHERE", "value": "$(NAME).$(NOTHING).$$(NAME)"],
                            ["name": "COLOR", "valueFrom": ["configMapKeyRef": ["name": "paint", "key": "color"]]],
                        ],
                    ]
                ],
            ],
        ]
        for (key, value) in spec { pod["spec"]?[key] = value }
        return pod
    }

    static func withProgram(
        reportsReadiness: Bool = false, _ configuration: SandboxConfiguration = .fast,
        _ test: (SandboxServer, TestClient, Stage) async throws -> Void
    ) async throws {
        let stage = Stage()
        var configuration = configuration
        configuration.programs = [stage.program(reportsReadiness: reportsReadiness)]
        try await withSandbox(configuration) { server, client in
            let paint: Value = [
                "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "paint"], "data": ["color": "red"],
            ]
            _ = try await client.post(ObjectLifecycleTests.configMaps, paint)
            try await test(server, client, stage)
        }
    }

    /// Reads a pod until it is as it should be.
    @discardableResult
    static func wait(
        for name: String, _ client: TestClient, until isRight: (Value) -> Bool,
        sourceLocation: SourceLocation = #_sourceLocation
    ) async throws -> Value {
        let clock = ContinuousClock()
        let deadline = clock.now + .seconds(30)
        var pod = Value.null
        repeat {
            pod = try await client.get("\(pods)/\(name)").value
            if isRight(pod) { return pod }
        } while clock.now < deadline
        Issue.record("the pod is \(pod["status"]?.jsonString() ?? "not there")", sourceLocation: sourceLocation)
        return pod
    }

    static func container(_ pod: Value) -> Value { pod[path: "status", "containerStatuses"]?[0] ?? .null }
    static func isRunning(_ pod: Value) -> Bool { container(pod)[path: "state", "running"] != nil }
    static func isReady(_ pod: Value) -> Bool { container(pod)["ready"] == true }

    @Test func `a program knows its pod, and acts as its service account`() async throws {
        try await Self.withProgram { server, client, stage in
            _ = try await RolesTests.robot(client)
            let args: [Value] = ["--at=$(WHERE)", "--color", "$(COLOR)"]
            let spec: Mapping = ["serviceAccountName": "robot"]
            #expect(try await client.post(Self.pods, Self.pod("p", args, spec: spec)).status == 201)
            try await Self.wait(for: "p", client, until: Self.isReady)
            let run = try #require(stage.runs.first)
            #expect(run.namespace == "default" && run.pod == "p" && run.container == "c")
            #expect(run.serviceAccount == "robot" && run.timeScale == 1000)
            #expect(run.commandLine == ["robot", "--at=p.$(NOTHING).$(NAME)", "--color", "red"])
            #expect(run.environment["APP"] == "robot" && run.environment["KUBERNETES_SERVICE_PORT"] == "\(server.port)")
            #expect(run.serverURL == server.url && run.authorityPEM == server.authorityPEM)
            #expect(run.kubeconfig?.contains("token: \(run.token ?? "-")") == true)
            var robot = client
            robot.token = try #require(run.token)
            let refused = try await robot.get(ObjectLifecycleTests.configMaps)
            #expect(refused.status == 403)
            try await RolesTests.add(
                RolesTests.binding("RoleBinding", "view", to: "ClusterRole", "view"), by: client)
            #expect(try await robot.get(ObjectLifecycleTests.configMaps).status == 200)
        }
    }

    @Test func `a pod that mounts no token gives its program none`() async throws {
        try await Self.withProgram { _, client, stage in
            let spec: Mapping = ["automountServiceAccountToken": false]
            _ = try await client.post(Self.pods, Self.pod("p", spec: spec))
            try await Self.wait(for: "p", client, until: Self.isReady)
            let run = try #require(stage.runs.first)
            #expect(run.token == nil && run.kubeconfig == nil)
        }
    }

    @Test func `a program that says so is ready when it says so`() async throws {
        try await Self.withProgram(reportsReadiness: true) { server, client, stage in
            _ = try await client.post(Self.pods, Self.pod("p"))
            try await Self.wait(for: "p", client, until: Self.isRunning)
            await server.settle()
            let early = try await client.get("\(Self.pods)/p").value
            #expect(!Self.isReady(early))
            stage.tell(.beReady(true))
            let ready = try await Self.wait(for: "p", client, until: Self.isReady)
            let conditions = ready[path: "status", "conditions"]?.array ?? []
            #expect(conditions.contains { $0["type"] == "Ready" && $0["status"] == "True" })
            stage.tell(.beReady(false))
            try await Self.wait(for: "p", client) { !Self.isReady($0) }
        }
    }

    @Test func `a program that fails is started again, later each time, and leaves word`() async throws {
        struct Broken: Error, CustomStringConvertible { let description = "cannot list: forbidden" }
        var configuration = SandboxConfiguration()
        // Slow enough for the pause to be seen.
        configuration.timeScale = 20
        try await Self.withProgram(configuration) { _, client, stage in
            _ = try await client.post(Self.pods, Self.pod("p"))
            try await Self.wait(for: "p", client, until: Self.isRunning)
            stage.tell(.say("first run\nof many"))
            stage.tell(.fail(Broken()))
            let second = try await Self.wait(for: "p", client) {
                Self.isRunning($0) && Self.container($0)["restartCount"] == 1
            }
            let last = Self.container(second)[path: "lastState", "terminated"]
            #expect(last?["exitCode"] == 1 && last?["reason"] == "Error")
            #expect(last?["message"] == "cannot list: forbidden")
            let log = try await client.get("\(Self.pods)/p/log?previous=true")
            #expect(log.text == "first run\nof many\ncannot list: forbidden\n")
            stage.tell(.fail(ProgramExit(42, "no lease")))
            let waiting = try await Self.wait(for: "p", client) {
                Self.container($0)[path: "state", "waiting", "reason"] == "CrashLoopBackOff"
            }
            #expect(Self.container(waiting)[path: "lastState", "terminated", "exitCode"] == 42)
            let crashed = try await client.get("\(Self.pods)/p/log")
            #expect(crashed.text == "no lease\n")
            try await Self.wait(for: "p", client) {
                Self.isRunning($0) && Self.container($0)["restartCount"] == 2
            }
            #expect(stage.runs.count == 3)
        }
    }

    @Test func `a program that is done ends its pod when nothing restarts it`() async throws {
        try await Self.withProgram { _, client, stage in
            _ = try await client.post(Self.pods, Self.pod("p", policy: "Never"))
            try await Self.wait(for: "p", client, until: Self.isRunning)
            stage.tell(.end)
            try await Self.wait(for: "p", client) { $0[path: "status", "phase"] == "Succeeded" }
            #expect(stage.runs.count == 1)
        }
    }

    @Test func `the log of a program is followed as it is written`() async throws {
        try await Self.withProgram { _, client, stage in
            _ = try await client.post(Self.pods, Self.pod("p", policy: "Never"))
            try await Self.wait(for: "p", client, until: Self.isRunning)
            stage.tell(.say("one"))
            let answer = try await client.send(
                "GET", "\(Self.pods)/p/log?follow=true",
                onData: { data in
                    stage.tell(String(decoding: data, as: UTF8.self).hasSuffix("one\n") ? .say("two") : .end)
                    return true
                })
            #expect(answer.text == "one\ntwo\n")
        }
    }

    @Test func `a pod that is deleted goes when its program has stopped`() async throws {
        try await Self.withProgram { _, client, stage in
            _ = try await client.post(Self.pods, Self.pod("p"))
            try await Self.wait(for: "p", client, until: Self.isRunning)
            #expect(try await client.delete("\(Self.pods)/p", ["gracePeriodSeconds": 30_000]).status == 200)
            try await Self.wait(for: "p", client) { $0["code"] == 404 }
            #expect(stage.stopped == 1)
        }
    }

    @Test func `a program outlives a paused kubelet, not its pod`() async throws {
        try await Self.withProgram { server, client, stage in
            _ = try await client.post(Self.pods, Self.pod("p"))
            try await Self.wait(for: "p", client, until: Self.isRunning)
            await server.setKubeletPaused(true)
            #expect(stage.runs.count == 1 && stage.stopped == 0)
            _ = try await client.delete("\(Self.pods)/p", ["gracePeriodSeconds": 0])
            await server.setKubeletPaused(false)
            while stage.stopped == 0 { await Task.yield() }
        }
    }

    @Test func `programs stop with the sandbox and begin again with it`() async throws {
        try await PersistenceTests.withDirectory { path in
            var configuration = SandboxConfiguration.fast
            configuration.stateDirectory = path
            let stage = Stage()
            configuration.programs = [stage.program()]
            try await withSandbox(configuration) { _, client in
                let paint: Value = [
                    "apiVersion": "v1", "kind": "ConfigMap", "metadata": ["name": "paint"], "data": ["color": "red"],
                ]
                _ = try await client.post(ObjectLifecycleTests.configMaps, paint)
                _ = try await client.post(Self.pods, Self.pod("p"))
                try await Self.wait(for: "p", client, until: Self.isRunning)
            }
            #expect(stage.runs.count == 1 && stage.stopped == 1)
            try await withSandbox(configuration) { server, client in
                await server.settle()
                let log = try await client.get("\(Self.pods)/p/log")
                #expect(log.status == 200 && log.text.isEmpty)
                while stage.runs.count < 2 { await Task.yield() }
                stage.tell(.say("again"))
                var text = ""
                while text != "again\n" { text = try await client.get("\(Self.pods)/p/log").text }
            }
            #expect(stage.stopped == 2)
        }
    }

    @Test func `a pod that is told to fail, or runs something else, is simulated`() async throws {
        try await Self.withProgram { _, client, stage in
            var crashing = Self.pod("crash")
            crashing.set("CrashLoopBackOff", at: ["metadata", "annotations", "sandbox.iflearnerctl.io/fail"])
            _ = try await client.post(Self.pods, crashing)
            var other = Self.pod("other")
            other["spec"]?["containers"] = [["name": "c", "image": "nginx"]]
            _ = try await client.post(Self.pods, other)
            try await Self.wait(for: "other", client, until: Self.isReady)
            try await Self.wait(for: "crash", client) {
                Self.container($0)[path: "state", "waiting", "reason"] == "CrashLoopBackOff"
            }
            #expect(stage.runs.isEmpty)
        }
    }
}
