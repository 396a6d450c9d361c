// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import ConfigModel
import Crypto
@testable import Deployment
import Processes
import Testing
import Values

struct SecretValuesTests {
    @Test func `a password is generated once, handed to every place that wants it, and kept`() async throws {
        try await Lab.with(controlPlane: false) { lab in
            let plan = try Plans.server()
            try await lab.makeNamespace("iflearner")
            let first = try await SecretValues(for: plan, client: lab.client(), time: .system)
            let password = try #require(first[["mysql", "auth", "password"]])
            let root = try #require(first[["mysql", "auth", "rootPassword"]])
            #expect(password == first[["global", "database", "password"]])
            #expect(password != root)
            #expect(password.count == 24)
            #expect(first.texts.contains(password) && first.texts.contains(root))
            try await Self.store(["password": password, "root-password": root], "mysql-auth", lab)
            let second = try await SecretValues(for: plan, client: lab.client(), time: .system)
            #expect(second[["mysql", "auth", "password"]] == password)
            #expect(second[["mysql", "auth", "rootPassword"]] == root)
        }
    }

    @Test func `a missing namespace is as good as one without Secrets`() async throws {
        try await Lab.with(controlPlane: false) { lab in
            let values = try await SecretValues(for: try Plans.server(), client: lab.client(), time: .system)
            #expect(values[["mysql", "auth", "password"]] != nil)
        }
    }

    @Test func `nothing is generated for what the plan names itself`() async throws {
        let plan = try Plans.server("modules: [mysql, flow-server]\nmysql: {existingSecret: mine}\n")
        try await Lab.with(controlPlane: false) { lab in
            let values = try await SecretValues(for: plan, client: lab.client(), time: .system)
            #expect(values.assignments.isEmpty && values.texts.isEmpty)
        }
    }

    @Test(arguments: [
        (["password": "x"], "root-password", "has no key 'root-password'"),
        (["root-password": "x"], "password", "has no key 'password'"),
    ])
    func `a Secret that lacks a key is not filled up with a password the database does not know`(
        keys: [String: String], missing: String, message: String
    ) async throws {
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("iflearner")
            try await Self.store(keys, "mysql-auth", lab)
            let error = await #expect(throws: SecretValueError.self) {
                try await SecretValues(for: try Plans.server(), client: lab.client(), time: .system)
            }
            #expect(error?.message.contains(message) == true)
            #expect(error?.message.contains("mysql-auth") == true)
            #expect(error?.hint.contains("iflearner") == true)
        }
    }

    @Test func `a key that is no text is refused without being printed`() async throws {
        try await Lab.with(controlPlane: false) { lab in
            try await lab.makeNamespace("iflearner")
            try await lab.make(
                "v1", "Secret", "mysql-auth", in: "iflearner",
                ["data": ["password": .string(Base64.encode([0xff, 0xfe])), "root-password": "eA=="]])
            let error = await #expect(throws: SecretValueError.self) {
                try await SecretValues(for: try Plans.server(), client: lab.client(), time: .system)
            }
            #expect(error?.message.contains("the key 'password' is no text") == true)
        }
    }

    @Test func `the webhook's certificate is valid for its hosts and kept while it lasts`() async throws {
        try await Lab.with(controlPlane: false) { lab in
            let plan = try Plans.server("modules: [ingress-nginx]\n")
            try await lab.makeNamespace("iflearner")
            let first = try await SecretValues(for: plan, client: lab.client(), time: .system)
            let pair = try first.webhook()
            let certificate = try Certificate(pem: pair.certificate)
            #expect(certificate.isValid(forHost: "ingress-nginx-controller-admission.iflearner.svc"))
            #expect(certificate.isSigned(by: try Certificate(pem: pair.authority)))
            #expect(try PrivateKey(pem: pair.key).matches(certificate))
            #expect(first.texts.contains(pair.key))
            try await Self.store(pair.secret, "ingress-nginx-admission", lab)
            #expect(try await Self.webhook(plan, lab) == pair)
            // 825 days: it is renewed within the last thirty of them.
            #expect(try await Self.webhook(plan, lab, days: 790) == pair)
            #expect(try await Self.webhook(plan, lab, days: 800) != pair)
        }
    }

    /// What may have happened to a Secret of the webhook's that makes it useless.
    enum Damage: CaseIterable { case otherHosts, otherKey, otherAuthority, nonsense, missingKey }

    @Test(arguments: Damage.allCases)
    func `a certificate that does not work is replaced`(damage: Damage) async throws {
        try await Lab.with(controlPlane: false) { lab in
            let plan = try Plans.server("modules: [ingress-nginx]\n")
            try await lab.makeNamespace("iflearner")
            let good = try await SecretValues(for: plan, client: lab.client(), time: .system).webhook()
            let other = try await SecretValues(for: plan, client: lab.client(), time: .system).webhook()
            var stored = good.secret
            switch damage {
            case .otherHosts:
                let plan = try Plans.plan("name: a\nnamespace: elsewhere\nrole: server\nmodules: [ingress-nginx]\n")
                stored = try await SecretValues(for: plan, client: lab.client(), time: .system).webhook().secret
            case .otherKey: stored["key"] = other.key
            case .otherAuthority: stored["ca"] = other.authority
            case .nonsense: stored["cert"] = "nonsense"
            case .missingKey: stored["ca"] = nil
            }
            try await Self.store(stored, "ingress-nginx-admission", lab)
            let renewed = try await Self.webhook(plan, lab)
            #expect(renewed.secret != stored && renewed != good)
            let certificate = try Certificate(pem: renewed.certificate)
            #expect(certificate.isValid(forHost: "ingress-nginx-controller-admission.iflearner.svc"))
        }
    }

    @Test func `with clusterScoped expect there is no webhook to make a certificate for`() throws {
        let plan = try Plans.server("modules: [ingress-nginx]\nclusterScoped: expect\n")
        #expect(SecretValues(placeholdersFor: plan).assignments.isEmpty)
    }

    @Test func `placeholders are the same on every machine and no secrets`() throws {
        let plan = try Plans.server()
        let (first, second) = (SecretValues(placeholdersFor: plan), SecretValues(placeholdersFor: plan))
        #expect(first.applied(to: [:]) == second.applied(to: [:]))
        #expect(first[["mysql", "auth", "password"]] == "PLACEHOLDER-mysql-auth-password")
        #expect(first[["ingress-nginx", "webhook", "key"]] == "PLACEHOLDER-ingress-nginx-admission-key")
        #expect(first.texts.isEmpty)
    }

    private static func store(_ texts: [String: String], _ name: String, _ lab: Lab) async throws {
        let data = Mapping(texts.sorted { $0.key < $1.key }.map { ($0.key, .string(Base64.encode($0.value.utf8))) })
        try await lab.make("v1", "Secret", name, in: "iflearner", ["data": .mapping(data)])
    }

    private static func webhook(_ plan: ClusterPlan, _ lab: Lab, days: Int = 0) async throws -> WebhookTexts {
        var time = TimeSource.system
        time.wall = { TimeSource.system.wall() + .seconds(days * 86400) }
        return try await SecretValues(for: plan, client: lab.client(), time: time).webhook()
    }
}

/// The values of the webhook's certificate.
private struct WebhookTexts: Equatable {
    var authority: String
    var certificate: String
    var key: String

    /// The keys of the Secret that the chart makes of them.
    var secret: [String: String] { ["ca": authority, "cert": certificate, "key": key] }
}

extension SecretValues {
    fileprivate subscript(path: [String]) -> String? { assignments.first { $0.path == path }?.value.string }

    fileprivate func webhook() throws -> WebhookTexts {
        let path = ["ingress-nginx", "webhook"]
        return WebhookTexts(
            authority: try #require(self[path + ["ca"]]), certificate: try #require(self[path + ["cert"]]),
            key: try #require(self[path + ["key"]]))
    }
}
