// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct BatchTests {
    static func job(_ spec: Value = [:], image: String = "busybox:1", restart: String = "Never") -> Value {
        var object: Value = [
            "apiVersion": "batch/v1", "kind": "Job", "metadata": ["name": "j"],
            "spec": [
                "template": [
                    "spec": [
                        "restartPolicy": .string(restart), "containers": [["name": "c", "image": .string(image)]],
                    ]
                ]
            ],
        ]
        for (key, value) in spec.mapping ?? [:] { object.set(value, at: ["spec", key]) }
        return object
    }

    @Test func `a job runs its pods to completion, no more at a time than it may`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job(["completions": 3, "parallelism": 2]))
            await cluster.pass(.milliseconds(1500))
            #expect(cluster.objects(.pods).count == 2)
            #expect(cluster.object(.jobs, "j")?.status.active.number == 2)
            await cluster.pass(.seconds(20))
            let job = try #require(cluster.object(.jobs, "j"))
            #expect(job.hasCondition("Complete"))
            #expect(job.status.succeeded.number == 3)
            #expect(!job.status.active.exists)
            #expect(job.status.completionTime.time != nil)
            #expect(cluster.objects(.pods).map(\.status.phase.text) == ["Succeeded", "Succeeded", "Succeeded"])
            #expect(cluster.objects(.pods).allSatisfy { $0.metadata.finalizers.list.isEmpty })
            #expect(cluster.events(of: job).last == "Completed: Job completed")
        }
    }

    @Test func `a job whose pods fail is retried with pauses and then given up`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job(["backoffLimit": 2], image: "example.org/crash:1"))
            await cluster.pass(.seconds(5))
            #expect(cluster.object(.jobs, "j")?.status.failed.number == 1)
            await cluster.pass(.seconds(60))
            let job = try #require(cluster.object(.jobs, "j"))
            #expect(job.status.failed.number == 3)
            #expect(job.condition("Failed").reason.text == "BackoffLimitExceeded")
            #expect(cluster.objects(.pods).map { PodSummary($0).status } == ["Error", "Error", "Error"])
        }
    }

    @Test func `a job that restarts in place counts its restarts`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job(["backoffLimit": 2], image: "example.org/crash:1", restart: "OnFailure"))
            await cluster.pass(.seconds(120))
            #expect(cluster.object(.jobs, "j")?.condition("Failed").reason.text == "BackoffLimitExceeded")
            #expect(cluster.objects(.pods).isEmpty)
        }
    }

    @Test func `a job that takes too long fails`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job(["activeDeadlineSeconds": 10], image: "busybox:broken"))
            await cluster.pass(.seconds(30))
            #expect(cluster.object(.jobs, "j")?.condition("Failed").reason.text == "DeadlineExceeded")
            #expect(cluster.objects(.pods).isEmpty)
        }
    }

    @Test func `a suspended job has no pods until it is resumed`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job(["suspend": true]))
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).isEmpty)
            #expect(cluster.object(.jobs, "j")?.hasCondition("Suspended") == true)
            try cluster.change(ObjectKey(.jobs, namespace: "default", name: "j")) {
                $0.set(false, at: ["spec", "suspend"])
            }
            await cluster.pass(.seconds(10))
            #expect(cluster.object(.jobs, "j")?.hasCondition("Complete") == true)
        }
    }

    @Test func `a finished job goes after its time to live, with its pods`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job(["ttlSecondsAfterFinished": 30]))
            await cluster.pass(.seconds(20))
            #expect(cluster.object(.jobs, "j")?.hasCondition("Complete") == true)
            await cluster.pass(.seconds(30))
            #expect(cluster.object(.jobs, "j") == nil)
            #expect(cluster.objects(.pods).isEmpty)
        }
    }

    @Test func `deleting a running job removes its pods`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create(Self.job())
            await cluster.pass(.milliseconds(1500))
            try cluster.delete(ObjectKey(.jobs, namespace: "default", name: "j"))
            await cluster.pass(.seconds(5))
            #expect(cluster.objects(.pods).isEmpty)
        }
    }

    @Test func `a cron job makes jobs at its time and keeps the last few`() async throws {
        try await SimulatedCluster.run { cluster in
            try cluster.create([
                "apiVersion": "batch/v1", "kind": "CronJob", "metadata": ["name": "backup"],
                "spec": [
                    "schedule": "*/10 * * * *", "successfulJobsHistoryLimit": 2,
                    "jobTemplate": ["spec": Self.job()["spec"] ?? [:]],
                ],
            ])
            await cluster.pass(.seconds(600))
            #expect(cluster.objects(.jobs).map { $0.hasCondition("Complete") } == [true])
            await cluster.pass(.seconds(1800))
            #expect(cluster.objects(.jobs).count == 2)
            let cronJob = try #require(cluster.object(.cronJobs, "backup"))
            #expect(cronJob.status.lastScheduleTime.text == "2026-11-20T13:50:00Z")
            #expect(cluster.objects(.jobs).allSatisfy { $0.controllerReference?.uid.text == cronJob.objectUID })
        }
    }

    @Test(arguments: [
        ("*/15 * * * *", "2026-11-20T13:30:00Z"), ("0 3 * * *", "2026-11-21T03:00:00Z"),
        ("30 13 * * fri", "2026-11-20T13:30:00Z"), ("0 0 1 jan *", "2027-01-01T00:00:00Z"),
        ("0 0 13 * 5", "2026-11-27T00:00:00Z"), ("@hourly", "2026-11-20T14:00:00Z"),
        ("5,10-12 14 * * *", "2026-11-20T14:05:00Z"), ("0 0 30 2 *", nil),
    ])
    func `a calendar finds its next time`(text: String, next: String?) throws {
        let calendar = try #require(CronCalendar(text))
        let now = try #require(Timestamp("2026-11-20T13:16:45Z"))
        #expect(calendar.next(after: now).map { "\($0)" } == next)
    }

    @Test(arguments: ["", "* * * *", "60 * * * *", "* * * * * *", "*/0 * * * *", "a * * * *", "5-1 * * * *"])
    func `other texts are no calendar`(text: String) { #expect(CronCalendar(text) == nil) }
}
