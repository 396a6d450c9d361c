// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct PodLogTests {
    private static func text(
        _ cluster: SimulatedCluster, _ name: String = "p", _ options: PodLogOptions = PodLogOptions()
    )
        async throws -> String
    {
        let log = try PodLogs(store: cluster.store, pace: cluster.clock.pace)
            .open(namespace: "default", name: name, options)
        var bytes: [UInt8] = []
        for await chunk in log { bytes += chunk }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test func `a running container has said how it started`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(KubeletTests.pod(image: "mysql:8.0"))
            await cluster.pass(.seconds(5))
            let text = try await Self.text(cluster)
            #expect(text.contains("ready for connections"))
            #expect(text.hasSuffix("\n"))
            var options = PodLogOptions()
            options.tailLines = 1
            options.timestamps = true
            let last = try await Self.text(cluster, "p", options)
            #expect(last.split(separator: "\n").count == 1)
            #expect(last.hasPrefix("2026-11-20T"))
            options.tailLines = 0
            #expect(try await Self.text(cluster, "p", options).isEmpty)
            options = PodLogOptions()
            options.limitBytes = 10
            #expect(try await Self.text(cluster, "p", options).utf8.count == 10)
            options = PodLogOptions()
            await cluster.pass(.seconds(60))
            options.sinceSeconds = 30
            #expect(try await Self.text(cluster, "p", options).isEmpty)
        }
    }

    @Test func `a crash is told at the end of the log before`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(KubeletTests.pod(image: "iflearner-flow-server:crash"))
            await cluster.pass(.seconds(6))
            var options = PodLogOptions()
            options.previous = true
            #expect(try await Self.text(cluster, "p", options).contains("pymysql.err.OperationalError"))
            // While it waits to be started again, the last run is what there is.
            #expect(try await Self.text(cluster).contains("pymysql.err.OperationalError"))
        }
    }

    @Test func `a followed log goes on until the container ends, each line once`() async throws {
        try await SimulatedCluster.run { cluster in
            var pod = KubeletTests.pod(image: "iflearner:v0.1.0", spec: ["restartPolicy": "Never"])
            pod.set("22s", at: ["metadata", "annotations", PodScript.durationAnnotation])
            try cluster.create(pod)
            await cluster.pass(.seconds(3))
            var options = PodLogOptions()
            options.follow = true
            let log = try PodLogs(store: cluster.store, pace: cluster.clock.pace)
                .open(namespace: "default", name: "p", options)
            async let all: [UInt8] = {
                var bytes: [UInt8] = []
                for await chunk in log { bytes += chunk }
                return bytes
            }()
            await cluster.pass(.seconds(60))
            let lines = String(decoding: await all, as: UTF8.self).split(separator: "\n")
            #expect(lines.filter { $0.contains("epoch") }.count == 4)
            #expect(Set(lines).count == lines.count)
            #expect(lines.first?.contains("start training") == true)
        }
    }

    @Test(arguments: [
        (
            "", false,
            "a container name must be specified for pod p, choose one of: [c d] or one of the init containers: [i]"
        ),
        ("x", false, "container x is not valid for pod p"),
        ("c", true, "previous terminated container \"c\" in pod \"p\" not found"),
        ("c", false, "container \"c\" in pod \"p\" is waiting to start: PodInitializing"),
        ("i", false, "container \"i\" in pod \"p\" is waiting to start: trying and failing to pull image"),
    ])
    func `what cannot be shown is explained`(container: String, previous: Bool, message: String) async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(
                KubeletTests.pod(spec: [
                    "containers": [["name": "c", "image": "a:1"], ["name": "d", "image": "a:1"]],
                    "initContainers": [["name": "i", "image": "a:broken"]],
                ]))
            await cluster.pass(.seconds(5))
            var options = PodLogOptions()
            options.container = container.isEmpty ? nil : container
            options.previous = previous
            let error = await #expect(throws: StatusError.self) { try await Self.text(cluster, "p", options) }
            #expect(error?.message == message)
            #expect(error?.code == 400)
        }
    }

    @Test func `a pod that is not there is not found, one without a node has said nothing`() async throws {
        var configuration = ControlPlaneConfiguration()
        configuration.hasNode = false
        try await SimulatedCluster.run(configuration) { cluster in
            let error = await #expect(throws: StatusError.self) { try await Self.text(cluster) }
            #expect(error?.code == 404)
            try cluster.create(KubeletTests.pod())
            await cluster.settle()
            #expect(try await Self.text(cluster).isEmpty)
        }
    }

    @Test func `a log keeps its last lines alone`() {
        let script = LogScript(opening: [], pulse: LogScript.Step(after: .seconds(1), text: "{n}"), failure: [])
        let start = Timestamp(seconds: 0)
        let lines = script.lines(from: start, until: start + .seconds(5000), ending: nil, scale: 1)
        #expect(lines.count == LogScript.capacity)
        #expect(lines.last?.text == "5000")
        #expect(script.next(after: start + .seconds(5000), start: start, scale: 1) == start + .seconds(5001))
    }

    @Test(arguments: [
        ("tailLines", "-1", 422), ("sinceSeconds", "0", 422), ("limitBytes", "x", 400), ("sinceTime", "now", 400),
    ])
    func `wrong options are refused`(name: String, value: String, code: Int) {
        let error = #expect(throws: StatusError.self) { try PodLogOptions { $0 == name ? value : nil } }
        #expect(error?.code == code)
    }
}
