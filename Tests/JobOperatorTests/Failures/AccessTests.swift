// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import FoundationEssentials
import Processes
import Sandbox
import TestSupport
import Testing
import Values

@testable import JobOperator

/// Kubernetes §6.3: rights, tokens and kinds that go and come again.
@Suite(.timeLimit(.minutes(2))) struct AccessTests {
    /// A service account that may do what the controller needs, or less.
    private struct Robot {
        let lab: FailureLab
        private static let group = "rbac.authorization.k8s.io/v1"
        private static let role = ObjectKey(GroupVersionKind(apiVersion: group, kind: "ClusterRole"), name: "robot")
        private static let binding = ObjectKey(
            GroupVersionKind(apiVersion: group, kind: "ClusterRoleBinding"), name: "robot")

        static func account(_ lab: FailureLab) -> ObjectKey {
            lab.key(GroupVersionKind(apiVersion: "v1", kind: "ServiceAccount"), "robot")
        }

        static let everything: [Value] = [["apiGroups": ["*"], "resources": ["*"], "verbs": ["*"]]]

        func create() async throws {
            _ = try await lab.admin.create(KubernetesObject(Robot.account(lab)))
            try await allow(Self.everything)
            try await bind()
        }

        func allow(_ rules: [Value]) async throws {
            var role = KubernetesObject(Self.role)
            role.value["rules"] = .array(rules)
            _ = try await lab.admin.apply(role)
        }

        func bind() async throws {
            var binding = KubernetesObject(Self.binding)
            binding.value["roleRef"] = [
                "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "robot",
            ]
            binding.value["subjects"] = [["kind": "ServiceAccount", "name": "robot", "namespace": "default"]]
            _ = try await lab.admin.create(binding)
        }

        func unbind() async throws { _ = try await lab.admin.delete(Self.binding) }

        func token() async throws -> String {
            let answer = try await CurlTransport(lab.endpoint).send(
                HTTPRequest(
                    .post, "/api/v1/namespaces/default/serviceaccounts/robot/token",
                    headers: [
                        "Authorization": "Bearer \(try lab.sandbox.token)", "Content-Type": "application/json",
                    ],
                    body: Array(#"{"apiVersion":"authentication.k8s.io/v1","kind":"TokenRequest","spec":{}}"#.utf8)))
            return try #require(Value(json: answer.body)[path: "status", "token"]?.string)
        }
    }

    private static func authenticator(_ token: String) -> Authenticator {
        Authenticator(Credentials(authorization: "Bearer \(token)"))
    }

    @Test func `rights that are taken away are asked for less and less, and used once they are back`() async throws {
        try await FailureLab.with(speed: 40) { lab in
            let robot = Robot(lab: lab)
            try await robot.create()
            let running = LiveOperator(lab, authenticator: Self.authenticator(try await robot.token()))
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            try await robot.unbind()
            try lab.sandbox.dropConnections()
            let refused = try await running.requests(within: .seconds(60)) {
                _ = try await lab.admin.delete(lab.key(.service, "a"))
            }
            try await eventually("it is refused") { running.requests.contains { $0.status == 403 } }
            // Seven lists in a minute of each kind, as the wait doubles.
            #expect(refused.count <= InformerSubject.all.count * 12, "\(refused.summary)")
            try await eventually("it says so") {
                running.controller.obstacles.contains { $0.contains("cannot follow") }
            }
            try await robot.bind()
            try await lab.createJob("b")
            try await lab.complete("a", "b")
            try await eventually("nothing stands in the way") { running.controller.obstacles.isEmpty }
            try await running.stop()
        }
    }

    @Test func `writes that are forbidden are tried once a minute, and users are told`() async throws {
        try await FailureLab.with(speed: 60) { lab in
            let robot = Robot(lab: lab)
            try await robot.create()
            try await lab.makeCertificates()
            let running = LiveOperator(lab, authenticator: Self.authenticator(try await robot.token()))
            try await lab.createJob("a")
            try await lab.complete("a")
            try await robot.allow([
                ["apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch"]],
                ["apiGroups": ["git.iflytek.com"], "resources": ["*"], "verbs": ["*"]],
                ["apiGroups": [""], "resources": ["events"], "verbs": ["*"]],
            ])
            try await lab.createJob("b")
            try await eventually("users are told") { try await lab.job("b").condition(.podCreated)?.status == .no }
            try await running.quiet()
            let before = running.requests.count
            let refused = try await running.requests(within: .seconds(120))
            try await eventually("it is tried again") {
                running.requests.dropFirst(before).contains { $0.status == 403 }
            }
            // Two or three passes of three reads and writes, and an event or two.
            #expect(refused.count <= 3 * 8, "\(refused.summary)")
            #expect(try await lab.isComplete("a"))
            try await robot.allow(Robot.everything)
            try await lab.complete("b")
            try await running.stop()
        }
    }

    @Test func `a token that is no longer good is replaced by the one in its file`() async throws {
        try await FailureLab.with { lab in
            let robot = Robot(lab: lab)
            try await robot.create()
            let path = FileManager.default.temporaryDirectory.path + "/token-\(UInt64.random(in: 0...UInt64.max))"
            defer { try? FileManager.default.removeItem(atPath: path) }
            func rotate() async throws {
                try await robot.token().write(toFile: path, atomically: true, encoding: .utf8)
            }
            try await rotate()
            let kubeconfig = try lab.sandbox.kubeconfig(token: "x").replacing("token: x", with: "tokenFile: \(path)")
            let file = path + ".kubeconfig"
            try kubeconfig.write(toFile: file, atomically: true, encoding: .utf8)
            defer { try? FileManager.default.removeItem(atPath: file) }
            let connection = try ClusterConnection.resolve(
                ConnectionOptions(kubeconfig: file), time: lab.time.source)
            let running = LiveOperator(lab, authenticator: connection.authenticator)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            // The account is made anew, as by an upgrade: its tokens are good no more.
            _ = try await lab.admin.delete(Robot.account(lab))
            try lab.sandbox.dropConnections()
            let refused = try await running.requests(within: .seconds(20)) { try await lab.createJob("b") }
            try await eventually("it is refused") { running.requests.contains { $0.status == 401 } }
            #expect(refused.count <= InformerSubject.all.count * 16, "\(refused.summary)")
            _ = try await lab.admin.create(KubernetesObject(Robot.account(lab)))
            try await rotate()
            try await lab.complete("b")
            try await running.stop()
        }
    }

    @Test func `the definition is deleted with all jobs, and made again`() async throws {
        try await FailureLab.with { lab in
            let running = LiveOperator(lab)
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.quiet()
            let definition = ObjectKey(.customResourceDefinition, name: "iflearnerjobs.git.iflytek.com")
            let requests = try await running.requests(within: .seconds(20)) {
                _ = try await lab.admin.delete(definition)
            }
            #expect(requests.count <= 60, "\(requests.summary)")
            try await eventually("it is gone") { try await lab.admin.find(definition) == nil }
            try await lab.gone("a")
            try await eventually("the job is forgotten") { running.controller.cache.jobs.isEmpty }
            try await lab.define()
            try await lab.createJob("a")
            try await lab.complete("a")
            try await running.stop()
        }
    }
}
