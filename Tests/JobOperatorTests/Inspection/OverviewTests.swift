// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import Testing
import Values

/// What is shown of jobs: what they say, what their aggregators say, and what is the matter with them.
struct OverviewTests {
    private func job(_ status: Value?, role: String = "server", deleted: Bool = false) -> IflearnerJob {
        var object = KubernetesObject(ObjectKey(JobContract.kind, namespace: "default", name: "a"))
        object.value["spec"] = ["role": .string(role), "host": "h"]
        object.value["status"] = status
        if deleted { object.value.set("2026-11-20T12:00:00Z", at: ["metadata", "deletionTimestamp"]) }
        return IflearnerJob(object)
    }

    private func condition(_ type: String, _ status: String, _ reason: String = "R", _ message: String = "m") -> Value {
        ["type": .string(type), "status": .string(status), "reason": .string(reason), "message": .string(message)]
    }

    @Test func `a phase is told with what is more important about it`() {
        #expect(JobOverview(job(nil)).phaseText == "-")
        #expect(JobOverview(job(["phase": "Running"])).phaseText == "Running")
        #expect(JobOverview(job(["phase": "Running"], deleted: true)).phaseText == "Terminating")
        let stalled: Value = ["phase": "Running", "conditions": [condition("Stalled", "True")]]
        #expect(JobOverview(job(stalled)).phaseText == "Running (Stalled)")
        let done: Value = ["phase": "Running", "conditions": [condition("Completed", "True")]]
        #expect(JobOverview(job(done)).phaseText == "Running (Completed)")
        let failed: Value = ["phase": "Failed", "conditions": [condition("Stalled", "True")]]
        #expect(JobOverview(job(failed)).phaseText == "Failed")
    }

    @Test func `what is the matter is found in any operator's status`() {
        func trouble(_ status: Value) -> [String]? { JobTrouble(job(status)).map { [$0.reason, $0.message] } }
        #expect(trouble(["phase": "Running"]) == nil)
        #expect(trouble(["phase": "Failed", "reason": "InvalidSpec", "message": "no"]) == ["InvalidSpec", "no"])
        #expect(
            trouble(["phase": "Running", "conditions": [condition("Stalled", "True", "X", "party b")]])
                == ["Stalled", "party b"])
        #expect(
            trouble(["phase": "Running", "conditions": [condition("IngressReady", "False", "HostTaken", "by c")]])
                == ["HostTaken", "by c"])
        // Nobody has to reach a trainer; and nothing of a job that is over waits for anything.
        let lacking = [
            condition("IngressReady", "False", "HostTaken"), condition("CertificatesPresent", "False", "No"),
        ]
        let client = JobTrouble(job(["phase": "Pending", "conditions": .array(lacking)], role: "client"))
        #expect(client?.reason == "No")
        #expect(trouble(["phase": "Succeeded", "conditions": .array(lacking)]) == nil)
        // Upstream's operator copies the pod's status and empties its conditions.
        let pulling: Value = [
            "phase": "Pending", "conditions": [],
            "containerStatuses": [
                [
                    "name": "t", "ready": false,
                    "state": ["waiting": ["reason": "ImagePullBackOff", "message": "manifest unknown"]],
                ]
            ],
        ]
        #expect(trouble(pulling) == ["ImagePullBackOff", "manifest unknown"])
        let killed: Value = [
            "phase": "Failed",
            "containerStatuses": [
                ["name": "t", "state": ["terminated": ["reason": "OOMKilled", "exitCode": 137]]]
            ],
        ]
        #expect(trouble(killed)?.first == "OOMKilled")
        #expect(trouble(["phase": "Pending", "conditions": [condition("Ready", "False")]]) == nil)
    }

    @Test func `only aggregators of which nothing is written are asked`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            let written: Value = [
                "phase": "Running",
                "training": [
                    "epoch": 3, "totalEpochs": 10, "lastChangeTime": "2026-11-20T11:00:00Z",
                    "parties": [["name": "a", "ready": true, "complete": false, "epoch": 3]],
                ],
            ]
            for (name, role, status) in [
                ("written", "server", written), ("live", "server", ["phase": "Running"]),
                ("silent", "server", ["phase": "Running"]), ("waiting", "server", ["phase": "Pending"]),
                ("client", "client", ["phase": "Running"]),
            ] as [(String, String, Value)] {
                let job = try await lab.make(name, role)
                try await lab.edit(job.object, ["status": status], subresource: "status")
            }
            aggregators.set("live", ["a": 2, "b": 1])
            let reader = OverviewReader(client: aggregators.client(), time: .system)
            let jobs = try await JobFinder(client: lab.admin, scope: .all).jobs()
            var overviews = try await reader.overviews(of: jobs)
            #expect(Set(aggregators.asked) == ["live", "silent"])
            let byName = Dictionary(uniqueKeysWithValues: overviews.map { ($0.job.key.name, $0) })
            #expect(byName["live"]?.training?.progress.epochText == "1/10")
            #expect(byName["live"]?.training?.lastChangeTime == nil)
            #expect(byName["written"]?.training?.progress.partiesText == "1/1")
            #expect(byName["written"]?.training?.lastChangeTime?.rfc3339 == "2026-11-20T11:00:00Z")
            #expect(byName["silent"]?.training == nil)
            #expect(byName["silent"]?.silence == "no pod behind the Service is ready")
            #expect(byName["client"]?.silence == nil)
            #expect(byName["live"]?.value["training"]?["parties"]?[0]?["name"] == "a")
            #expect(byName["silent"]?.value["trainingProblem"]?.string != nil)
            try await reader.addNodes(to: &overviews)
            #expect(overviews.allSatisfy { $0.node == nil })
        }
    }

    @Test func `a hundred silent aggregators take no longer than the patience, and a few are asked at once`()
        async throws
    {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            var jobs: [IflearnerJob] = []
            for number in 0..<100 {
                var object = KubernetesObject(
                    ObjectKey(JobContract.kind, namespace: "default", name: "job\(number)"))
                object.value["spec"] = ["role": "server"]
                object.value["status"] = ["phase": "Running"]
                jobs.append(IflearnerJob(object))
                aggregators.set("job\(number)", .slow(.milliseconds(60), "{}"))
            }
            let reader = OverviewReader(client: aggregators.client(), time: .system, patience: .milliseconds(100))
            let overviews = try await reader.overviews(of: jobs)
            #expect(overviews.map(\.job.key.name) == jobs.map(\.key.name))
            #expect(aggregators.mostAtOnce <= 12)
            #expect(aggregators.asked.count < 100)
            #expect(overviews.contains { $0.silence == "there was no time to ask" })
        }
    }

    @Test func `what would be cut is named, and what has ended is not`() {
        func training(_ overview: JobOverview) -> String? { RunningTraining(overview)?.description }
        var overview = JobOverview(job(["phase": "Running"]))
        overview.silence = "no answer in time"
        #expect(training(overview) == "default/a: its aggregator could not be asked: no answer in time")
        overview.silence = nil
        let parties = [
            AggregatorStatus.Party(name: "x", isReady: true, isComplete: false, epoch: 3),
            AggregatorStatus.Party(name: "y", isReady: true, isComplete: true, epoch: 10),
        ]
        overview.training = .init(
            progress: TrainingProgress(parties: parties, totalEpochs: 10), lastChangeTime: nil)
        #expect(training(overview) == "default/a: epoch 3/10, party x")
        overview.training = .init(progress: TrainingProgress(parties: [parties[1]]), lastChangeTime: nil)
        #expect(training(overview) == nil)
        overview.training = .init(progress: TrainingProgress(expectedParties: 3), lastChangeTime: nil)
        #expect(training(overview) == nil, "nobody has come")
        #expect(training(JobOverview(job(["phase": "Pending"]))) == nil)
        #expect(training(JobOverview(job(["phase": "Running"], role: "client"))) == "default/a: party a")
        #expect(training(JobOverview(job(["phase": "Succeeded"], role: "client"))) == nil)
        #expect(training(JobOverview(job(["phase": "Running"], deleted: true))) == nil)
    }
}
