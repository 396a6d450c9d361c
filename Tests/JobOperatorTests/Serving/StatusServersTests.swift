// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Sandbox
import Sockets
import TestSupport
import Testing
import Values

@testable import JobOperator

@Suite(.timeLimit(.minutes(2))) struct StatusServersTests {
    @Test func `it is alive at once, and ready when it knows everything; why not is told`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            sandbox.server.inject(Fault(.status(503), path: "^/api", count: nil))
            let running = try RunningOperator(sandbox, pass: RunningOperator.settle)
            try await eventually("it listens") { running.controller.listeningPorts.probes != nil }
            #expect(try await running.get("/healthz").status == 200)
            try await eventually("it waits for the server") {
                let answer = try await running.get("/readyz")
                return answer.status == 503 && answer.body.contains("waiting for Pods: ")
            }
            sandbox.server.clearFaults()
            try await eventually("it waits for the definition alone") {
                let answer = try await running.get("/readyz")
                return answer.body.hasPrefix(
                    "not ready:\n- cannot follow IflearnerJobs: the server has no IflearnerJob")
            }
            try await sandbox.define()
            try await eventually("it is ready") { try await running.get("/readyz") == (200, "ok\n") }
            #expect(try await running.get("/nothing").status == 404)
            // An outage is no reason to be taken for broken; a definition that is gone is.
            sandbox.server.inject(Fault(.status(503), path: "^/api", count: nil))
            sandbox.server.dropConnections()
            try await eventually("the outage is told") {
                running.lines.now.contains { $0.contains("cannot follow") && $0.contains("unable to handle") }
            }
            #expect(try await running.get("/readyz").status == 200)
            sandbox.server.clearFaults()
            _ = try await sandbox.client.delete(TestSandbox.definition)
            try await eventually("it is not ready") { try await running.get("/readyz").status == 503 }
            #expect(try await running.get("/healthz").status == 200)
            try await running.stop()
        }
    }

    @Test func `metrics bear controller-runtime's names and add up`() async throws {
        try await TestSandbox.with { sandbox in
            try await sandbox.createJob("a")
            try await sandbox.createJob("bad")
            let running = try RunningOperator(sandbox, identity: "a") { key, _ in
                if key.name == "bad" { throw TransportError(.reset, "it broke") }
                return .settled
            }
            try await eventually("passes were made") {
                running.controller.metrics.passes(.success) >= 1 && running.controller.metrics.passes(.error) >= 3
            }
            let metrics = try Self.parsed(try await running.get("/metrics").body)
            func value(_ name: String, _ labels: [String: String]) -> Double? {
                metrics[Sample(name: name, labels: labels)]
            }
            let controller = ["controller": "iflearnerjob"]
            let name = ["name": "iflearnerjob"]
            #expect(
                value("controller_runtime_reconcile_total", ["controller": "iflearnerjob", "result": "success"]) == 1)
            let errors = try #require(value("controller_runtime_reconcile_errors_total", controller))
            #expect(errors >= 3)
            #expect(
                value("controller_runtime_reconcile_total", ["controller": "iflearnerjob", "result": "error"]) == errors
            )
            let count = try #require(value("controller_runtime_reconcile_time_seconds_count", controller))
            #expect(count == errors + 1)
            #expect(
                value("controller_runtime_reconcile_time_seconds_bucket", ["controller": "iflearnerjob", "le": "+Inf"])
                    == count)
            #expect(value("controller_runtime_reconcile_time_seconds_sum", controller) != nil)
            #expect(value("controller_runtime_max_concurrent_reconciles", controller) == 4)
            #expect(value("workqueue_depth", name) == 0)
            #expect((value("workqueue_adds_total", name) ?? 0) >= errors)
            #expect((value("workqueue_retries_total", name) ?? 0) >= 3)
            #expect((value("workqueue_queue_duration_seconds_count", name) ?? 0) >= count)
            #expect(value("leader_election_master_status", ["name": "b64cd87e.git.iflytek.com"]) == 1)
            #expect((value("rest_client_requests_total", ["code": "200", "method": "GET"]) ?? 0) >= 7)
            #expect(value("iflearnerjobs", ["phase": "Unknown"]) == 2)
            #expect(value("iflearnerjobs", ["phase": "Running"]) == 0)
            #expect((value("process_resident_memory_bytes", [:]) ?? 0) > 1_000_000)
            try await running.stop()
        }
    }

    @Test func `an address that is taken is named`() async throws {
        try await TestSandbox.with(definesJobs: false) { sandbox in
            let taken = try ListeningSocket(ListenAddress(host: "127.0.0.1", port: 0))
            let address = ListenAddress(host: "127.0.0.1", port: taken.port)
            let running = try RunningOperator(sandbox, { $0.metrics = address }, pass: RunningOperator.settle)
            let result = await running.end()
            _ = consume taken
            #expect(throws: OperatorError.cannotListen("cannot listen on \(address): the port is in use")) {
                try result.get()
            }
        }
    }

    // MARK: Reading

    private struct Sample: Hashable {
        var name: String
        var labels: [String: String]
    }

    /// Reads the exposition format strictly: every sample belongs to the metric above it.
    private static func parsed(_ text: String) throws -> [Sample: Double] {
        var samples: [Sample: Double] = [:]
        var metric = ""
        for line in text.split(separator: "\n") {
            if line.hasPrefix("# ") {
                let words = line.split(separator: " ", maxSplits: 3)
                try #require(words.count == 4 && ["HELP", "TYPE"].contains(words[1]))
                if words[1] == "TYPE" {
                    metric = String(words[2])
                    #expect(["counter", "gauge", "histogram"].contains(words[3]))
                }
                continue
            }
            let blank = try #require(line.lastIndex(of: " "))
            let number = try #require(Double(line[line.index(after: blank)...]))
            let head = line[..<blank]
            let name = String(head.prefix { $0 != "{" })
            #expect(name.hasPrefix(metric), "\(line) below \(metric)")
            var labels: [String: String] = [:]
            for label in head.dropFirst(name.count).dropFirst().dropLast().split(separator: ",") {
                let sides = label.split(separator: "=", maxSplits: 1)
                labels[String(sides[0])] = String(sides[1].dropFirst().dropLast())
            }
            #expect(samples.updateValue(number, forKey: Sample(name: name, labels: labels)) == nil, "twice: \(line)")
        }
        return samples
    }
}
