// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Sandbox
import Testing
import Values

/// Jobs found by what people have at hand: a name, its beginning, or flow's task.
struct JobFinderTests {
    private static let task = "0f8fad5bd9cb469fa16570867728950e"

    /// What a finder says of a name, for comparison.
    private func find(_ wanted: String, _ scope: JobFinder.Scope, _ lab: OperatorLab) async throws -> [String] {
        switch try await JobFinder(client: lab.admin, scope: scope).job(wanted) {
        case .one(let job): ["one", job.key.description]
        case .several(let jobs): ["several"] + jobs.map(\.key.description)
        case .none(let jobs): ["none"] + jobs.map(\.key.description)
        }
    }

    @Test func `flow's names tell the task and the party`() {
        let server = TaskIdentity(name: "iflearnerjob-server-\(Self.task)")
        #expect(server?.task == Self.task)
        #expect(server?.party == nil)
        let client = TaskIdentity(name: "iflearnerjob-client-\(Self.task)-hospital-a")
        #expect(client?.task == Self.task)
        #expect(client?.party == "hospital-a")
        for other in [
            "job1", "iflearnerjob-server-", "iflearnerjob-server-\(Self.task)-x", "iflearnerjob-client-\(Self.task)",
            "iflearnerjob-client-\(Self.task)-", "iflearnerjob-server-zf8fad5bd9cb469fa16570867728950e",
        ] {
            #expect(TaskIdentity(name: other) == nil, "\(other)")
        }
    }

    @Test func `a name, its beginning and a task find their job`() async throws {
        try await OperatorLab.with { lab in
            for name in ["job1", "job12", "iflearnerjob-server-\(Self.task)"] { try await lab.make(name) }
            let place = JobFinder.Scope.namespace("default")
            #expect(try await find("job1", place, lab) == ["one", "default/job1"])
            #expect(try await find("job12", place, lab) == ["one", "default/job12"])
            #expect(try await find("job", place, lab) == ["several", "default/job1", "default/job12"])
            let server = "default/iflearnerjob-server-\(Self.task)"
            #expect(try await find(Self.task, place, lab) == ["one", server])
            #expect(try await find("0f8f", place, lab) == ["one", server])
            #expect(try await find("nobody", place, lab).first == "none")
            #expect(try await find("nobody", place, lab).count == 4)
            #expect(try await find("", place, lab).first == "none")
            // In one cluster, a task has a job of the server and one of each party.
            try await lab.make("iflearnerjob-client-\(Self.task)-a", "client")
            #expect(try await find(Self.task, place, lab).first == "several")
        }
    }

    @Test func `what is not in the preferred namespace is looked for where one may`() async throws {
        var setup = OperatorLab.Setup()
        setup.accounts = [
            .init(
                name: "one-place", token: "one-place",
                rules: [
                    .init(
                        verbs: ["list"], groups: ["git.iflytek.com"], resources: ["iflearnerjobs"],
                        namespaces: ["lab"])
                ])
        ]
        try await OperatorLab.with(setup) { lab in
            for name in ["lab", "other"] {
                _ = try await lab.admin.create(KubernetesObject(ObjectKey(.namespace, name: name)))
            }
            try await lab.make("here", in: "lab")
            try await lab.make("there", in: "other")
            #expect(try await find("here", .preferring("lab"), lab) == ["one", "lab/here"])
            #expect(try await find("there", .preferring("lab"), lab) == ["one", "other/there"])
            #expect(try await find("there", .namespace("lab"), lab) == ["none", "lab/here"])
            let finder = JobFinder(client: lab.admin, scope: .preferring("lab"))
            #expect(try await finder.jobs().map(\.key.name) == ["here"])
            #expect(try await finder.elsewhere().map(\.namespace) == ["other"])
            #expect(try await JobFinder(client: lab.admin, scope: .all).jobs().count == 2)

            let limited = JobFinder(
                client: ClusterClient(
                    transport: try Aggregators(lab.server),
                    authenticator: Authenticator(Credentials(authorization: "Bearer one-place"))),
                scope: .preferring("lab"))
            #expect(try await limited.elsewhere().isEmpty)
            if case .none(let known) = try await limited.job("there") {
                #expect(known.map(\.key.name) == ["here"])
            } else {
                Issue.record("found a job that may not be seen")
            }
        }
    }
}
