// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Sandbox
import Testing
import Values

/// Everything about one job, and its end.
struct JobInspectionTests {
    private func states(_ inspection: JobInspection) -> [String] {
        inspection.children.map { "\($0.kind.kind) \($0.state.rawValue)" }
    }

    @Test func `what was made for a job is told with what is the matter with it`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            try await lab.makeCertificates()
            try await lab.make("job1")
            try await lab.settle("job1")
            try await lab.setPod(
                "job1",
                [
                    "phase": "Pending",
                    "containerStatuses": [
                        [
                            "name": "trainer", "image": "x", "imageID": "", "ready": false, "restartCount": 0,
                            "state": ["waiting": ["reason": "ErrImagePull", "message": "no such tag"]],
                        ]
                    ],
                ])
            let pod = try #require(try await lab.child(.pod, "job1"))
            let changes = Mapping([(JobPolicy.changesAnnotation, .string("image: mirrored\nlimits: added"))])
            try await lab.edit(pod, ["metadata": ["annotations": .mapping(changes)]])
            try await lab.settle("job1")
            _ = try await lab.events(of: "job1")
            let job = try await lab.job("job1")
            let inspection = try await JobInspection(of: job, client: aggregators.client(), time: .system)
            #expect(states(inspection) == ["Pod NotReady", "Service Ready", "Ingress Ready"])
            #expect(inspection.children.first?.problem == "ErrImagePull: no such tag")
            #expect(inspection.events.contains { $0.reason == "Created" && $0.kind == "IflearnerJob" })
            #expect(inspection.pod?.name == "job1")
            #expect(inspection.changes == ["image: mirrored", "limits: added"])
            #expect(inspection.overview.trouble?.reason == "ErrImagePull")
            #expect(aggregators.asked.isEmpty, "it does not run")
        }
    }

    @Test func `D5: what is missing or somebody else's is told as that`() async throws {
        try await OperatorLab.with { lab in
            let job = try await lab.make("job1")
            var service = KubernetesObject(ObjectKey(.service, namespace: "default", name: "job1"))
            service.value["spec"] = ["ports": [["port": 80]]]
            _ = try await lab.admin.create(service)
            let inspection = try await JobInspection(of: job, client: lab.admin, time: .system)
            #expect(states(inspection) == ["Pod Missing", "Service Foreign", "Ingress Missing"])
            #expect(inspection.children.map(\.problem).contains("it belongs to nobody"))
            let client = try await lab.make("job2", "client")
            let other = try await JobInspection(of: client, client: lab.admin, time: .system)
            #expect(states(other) == ["Pod Missing", "Service Missing"])
        }
    }

    @Test func `a running aggregator is asked, and of a silent one the status is left`() async throws {
        try await OperatorLab.with { lab in
            let aggregators = try Aggregators(lab.server)
            let made = try await lab.make("job1")
            try await lab.edit(made.object, ["status": ["phase": "Running"]], subresource: "status")
            aggregators.set("job1", ["a": 3, "b": 2])
            let job = try await lab.job("job1")
            let live = try await JobInspection(of: job, client: aggregators.client(), time: .system)
            #expect(live.overview.training?.progress.epochText == "2/10")
            aggregators.set("job1", .refused(403, "services \\\"job1:82\\\" is forbidden"))
            let silent = try await JobInspection(of: job, client: aggregators.client(), time: .system)
            #expect(silent.overview.silence == "the right to get services/proxy is missing")
            #expect(silent.overview.training == nil)
        }
    }

    @Test func `C10: a deleted job is gone with everything that was made for it`() async throws {
        var setup = OperatorLab.Setup()
        setup.hasCluster = true
        try await OperatorLab.with(setup) { lab in
            try await lab.makeCertificates()
            let job = try await lab.make("job1")
            try await lab.pass("job1")
            #expect(try await lab.child(.pod, "job1") != nil)
            let removal = JobRemoval(client: lab.admin, time: .system)
            try await removal.delete(job, waits: true)
            let left = try await removal.waitUntilGone(job, within: .seconds(30), interval: .milliseconds(20))
            #expect(left.isEmpty)
            for kind in ChildKind.allCases { #expect(try await lab.child(kind, "job1") == nil) }
        }
    }

    @Test func `a job that a finalizer holds is told with the finalizer, and one that took its name is spared`()
        async throws
    {
        try await OperatorLab.with { lab in
            let job = try await lab.make("job1")
            try await lab.edit(job.object, ["metadata": ["finalizers": ["example.com/hold"]]])
            let removal = JobRemoval(client: lab.admin, time: .system)
            try await removal.delete(job, waits: false)
            let left = try await removal.waitUntilGone(job, within: .milliseconds(50), interval: .milliseconds(10))
            #expect(left == ["IflearnerJob/job1 (finalizers: example.com/hold)"])
            try await lab.edit(job.object, ["metadata": ["finalizers": nil]])
            try await lab.make("job1")
            await #expect(throws: APIError.self) { try await removal.delete(job, waits: false) }
            #expect(try await removal.waitUntilGone(job, within: .zero, interval: .zero).isEmpty)
            #expect(try await lab.job("job1").uid != job.uid)
        }
    }
}
