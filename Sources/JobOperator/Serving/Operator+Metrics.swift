// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Telemetry

extension Operator {
    private static let name = "iflearnerjob"

    /// What is counted, as Prometheus reads it, under controller-runtime's names where it has some.
    public var metricsText: String {
        var text = MetricsText()
        addPasses(to: &text)
        addQueue(to: &text)
        if let election = options.election {
            text.add(
                "leader_election_master_status", .gauge, "Whether this controller leads.",
                [.init(metrics.isLeader ? 1 : 0, ["name": election.name])])
        }
        text.add(
            "rest_client_requests_total", .counter, "Requests to the API server, by code and method.",
            metrics.requestsByOutcome.map { .init($0.count, ["code": $0.code, "method": $0.method]) })
        let phases = ["Pending", "Running", "Succeeded", "Failed", "Unknown"]
        let counts = cache.jobsByPhase
        text.add(
            "iflearnerjobs", .gauge, "IflearnerJobs by phase.",
            (phases + counts.keys.filter { !phases.contains($0) }.sorted()).map {
                .init(counts[$0] ?? 0, ["phase": $0])
            })
        text.add(
            "process_resident_memory_bytes", .gauge, "Resident memory of the process.",
            ProcessMemory.residentBytes.map { [.init($0)] } ?? [])
        return text.text
    }

    private func addPasses(to text: inout MetricsText) {
        text.add(
            "controller_runtime_reconcile_total", .counter, "Passes over jobs, by result.",
            OperatorMetrics.PassResult.allCases.map {
                .init(metrics.passes($0), ["controller": Self.name, "result": $0.rawValue])
            })
        text.add(
            "controller_runtime_reconcile_errors_total", .counter, "Passes over jobs that failed.",
            [.init(metrics.passes(.error), ["controller": Self.name])])
        text.add(
            "controller_runtime_reconcile_time_seconds", "How long passes over jobs take.", metrics.passTimes,
            ["controller": Self.name])
        text.add(
            "controller_runtime_max_concurrent_reconciles", .gauge, "How many jobs are worked on at once at most.",
            [.init(options.workers, ["controller": Self.name])])
        text.add(
            "controller_runtime_active_workers", .gauge, "How many jobs are worked on.",
            [.init(queue.statistics.active, ["controller": Self.name])])
    }

    private func addQueue(to text: inout MetricsText) {
        let queue = queue.statistics
        func add(_ name: String, _ kind: MetricsText.Kind, _ help: String, _ value: Double) {
            text.add("workqueue_" + name, kind, help, [.init(value, ["name": Self.name])])
        }
        add("depth", .gauge, "How many jobs wait for a worker.", Double(queue.depth))
        add("adds_total", .counter, "How often a job was put into the queue.", Double(queue.adds))
        add("retries_total", .counter, "How often a pass was repeated because it failed.", Double(queue.retries))
        add(
            "unfinished_work_seconds", .gauge, "How long the passes that are being made have taken, together.",
            queue.unfinishedWork / .seconds(1))
        add(
            "longest_running_processor_seconds", .gauge, "How long the longest pass that is being made has taken.",
            queue.longestRunning / .seconds(1))
        text.add(
            "workqueue_queue_duration_seconds", "How long jobs wait for a worker.", queue.waitTimes,
            ["name": Self.name])
        text.add(
            "workqueue_work_duration_seconds", "How long workers have a job.", queue.workTimes, ["name": Self.name])
    }
}
