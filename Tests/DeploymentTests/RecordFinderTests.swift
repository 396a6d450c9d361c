// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Deployment
import Records
import Sandbox
import Testing
import Values

struct RecordFinderTests {
    private static let ids = [
        "aaaa1111-0000-4000-8000-000000000001", "aaaa2222-0000-4000-8000-000000000002",
        "bbbb1111-0000-4000-8000-000000000003",
    ]

    @Test func `a deployment is found by its name, its id and the beginning of it`() async throws {
        try await Self.with { lab in
            let finder = RecordFinder(client: lab.client(), scope: .all)
            let found1 = try await finder.deployments().map(\.name)
            #expect(found1 == ["alpha", "beta", "alpha"])
            let found2 = try await finder.deployment("beta").namespace
            #expect(found2 == "one")
            let found3 = try await finder.deployment(Self.ids[2]).namespace
            #expect(found3 == "two")
            let found4 = try await finder.deployment("BBBB").namespace
            #expect(found4 == "two")
            let short = await #expect(throws: FindingError.self) { try await finder.deployment("bbb") }
            #expect(short?.isAmbiguous == false)
        }
    }

    @Test(arguments: [
        (Optional("alpha"), true, "'alpha' is more than one deployment"),
        ("aaaa", true, "'aaaa' is more than one deployment"), ("gamma", false, "there is no deployment 'gamma'"),
        (nil, true, "there is more than one deployment: name one"),
    ])
    func `an ambiguous or unknown one lists the candidates`(
        wanted: String?, isAmbiguous: Bool, message: String
    ) async throws {
        try await Self.with { lab in
            let finder = RecordFinder(client: lab.client(), scope: .all)
            let error = await #expect(throws: FindingError.self) { try await finder.deployment(wanted) }
            #expect(error?.isAmbiguous == isAmbiguous)
            #expect(error?.message == message)
            #expect(error?.hint?.contains("alpha (namespace one)") == true)
        }
    }

    @Test func `of several with a name the one where this machine works is meant`() async throws {
        try await Self.with { lab in
            let near = RecordFinder(client: lab.client(), scope: .everywhere(fallback: ["two", "elsewhere"]))
            let found5 = try await near.deployment("alpha").namespace
            #expect(found5 == "two")
            await #expect(throws: FindingError.self) { try await near.deployment(nil) }
            let both = RecordFinder(client: lab.client(), scope: .everywhere(fallback: ["one", "two"]))
            await #expect(throws: FindingError.self) { try await both.deployment("alpha") }
        }
    }

    @Test func `one namespace is looked into alone`() async throws {
        try await Self.with { lab in
            let finder = RecordFinder(client: lab.client(), scope: .namespace("two"))
            let found6 = try await finder.deployment(nil).id
            #expect(found6 == Self.ids[2])
            await #expect(throws: FindingError.self) { try await finder.deployment("beta") }
        }
    }

    @Test func `where all namespaces are forbidden the known ones are looked into`() async throws {
        try await Self.with { lab in
            let client = lab.client("limited-token")
            let finder = RecordFinder(client: client, scope: .everywhere(fallback: ["two", "one"]))
            let found7 = try await finder.deployments().map(\.namespace)
            #expect(found7 == ["two"])
            let found8 = try await finder.deployment("alpha").id
            #expect(found8 == Self.ids[2])
            for scope in [RecordFinder.Scope.all, .everywhere(fallback: ["one"]), .everywhere(fallback: ["one", "x"])] {
                let error = await #expect(throws: APIError.self, "\(scope)") {
                    try await RecordFinder(client: client, scope: scope).deployments()
                }
                #expect(error?.reason == .forbidden)
            }
        }
    }

    @Test func `jobs are found by the beginning of their id, newest first`() async throws {
        try await Self.with { lab in
            for (number, id) in Self.ids.enumerated() {
                try await lab.make(
                    "v1", "Secret", "iflearnerctl.alpha.job.\(id)", in: "one",
                    labels: [RecordKeys.record: "job", RecordKeys.job: id, RecordKeys.deployment: "alpha"],
                    annotations: [
                        RecordKeys.summary: "{\"createdAt\": \"2026-11-20T10:00:0\(number)Z\", \"status\": \"Success\"}"
                    ])
            }
            let finder = RecordFinder(client: lab.client(), scope: .all)
            let found9 = try await finder.jobs().map(\.id)
            #expect(found9 == Self.ids.reversed())
            let found10 = try await finder.job("bbbb").id
            #expect(found10 == Self.ids[2])
            let ambiguous = await #expect(throws: FindingError.self) { try await finder.job("aaaa") }
            #expect(ambiguous?.candidates.count == 2)
            let unknown = await #expect(throws: FindingError.self) { try await finder.job("cccc") }
            #expect(unknown?.message == "there is no job 'cccc'")
            #expect(unknown?.candidates.count == 3)
        }
    }

    @Test func `a damaged record is listed with what is readable (R-7)`() async throws {
        try await Self.with { lab in
            try await lab.make(
                "v1", "Secret", "iflearnerctl.broken", in: "one",
                labels: [RecordKeys.record: "state", RecordKeys.deployment: "broken"],
                annotations: [RecordKeys.summary: "{\"revision\": \"many\""])
            let found = try await RecordFinder(client: lab.client(), scope: .all).deployment("broken")
            #expect(found.status == nil)
            #expect(found.id.isEmpty)
            #expect(found.createdAt != nil)
        }
    }

    /// alpha and beta in namespace one, another alpha in namespace two; `limited` may look into two alone.
    private static func with(_ body: (Lab) async throws -> Void) async throws {
        let account = SandboxConfiguration.Account(
            name: "limited", token: "limited-token",
            rules: [
                Sandbox.AccessRule(verbs: ["get", "list"], groups: [""], resources: ["secrets"], namespaces: ["two"])
            ])
        try await Lab.with(accounts: [account], controlPlane: false) { lab in
            for namespace in ["one", "two"] { try await lab.makeNamespace(namespace) }
            for (index, place) in [("one", "alpha"), ("one", "beta"), ("two", "alpha")].enumerated() {
                try await lab.make(
                    "v1", "Secret", "iflearnerctl.\(place.1)", in: place.0,
                    labels: [RecordKeys.record: "state", RecordKeys.deployment: place.1],
                    annotations: [
                        RecordKeys.summary: "{\"id\": \"\(ids[index])\", \"revision\": 1, \"status\": \"Running\"}"
                    ])
            }
            try await body(lab)
        }
    }
}
