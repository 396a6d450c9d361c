// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

/// Nobody gives away what they do not have; the texts are those of a real server.
struct EscalationTests {
    private static let roles = "\(RolesTests.rbac)/namespaces/default/roles"
    private static let bindings = "\(RolesTests.rbac)/namespaces/default/rolebindings"
    private static let lacking =
        "user \"system:serviceaccount:default:robot\" (groups=[\"system:serviceaccounts\" "
        + "\"system:serviceaccounts:default\" \"system:authenticated\"]) is attempting to grant RBAC permissions not "
        + "currently held:\n"

    /// Somebody who may write roles and bindings, and read pods.
    private func author(_ client: TestClient, _ verbs: Value...) async throws -> TestClient {
        let robot = try await RolesTests.robot(client)
        try await RolesTests.add(
            RolesTests.role(
                "Role", "author",
                RolesTests.rules(
                    ["rbac.authorization.k8s.io"], ["roles", "rolebindings"], ["get", "create", "patch", "update"]),
                RolesTests.rules(["rbac.authorization.k8s.io"], ["roles", "clusterroles"], ["get"] + verbs),
                RolesTests.rules([""], ["pods"], ["get", "list"])),
            RolesTests.binding("RoleBinding", "author", to: "Role", "author"), by: client)
        return robot
    }

    @Test func `a role gives no more than its writer has`() async throws {
        try await withSandbox { _, client in
            let robot = try await author(client)
            let own = RolesTests.role("Role", "own", RolesTests.rules([""], ["pods"], ["get"]))
            #expect(try await robot.post(Self.roles, own).status == 201)
            let more = RolesTests.role(
                "Role", "more", RolesTests.rules([""], ["secrets", "pods"], ["get", "exec"]),
                RolesTests.rules(["apps"], ["deployments"], ["*"], names: ["a"]))
            for answer in [
                try await robot.post(Self.roles, more),
                try await robot.patch("\(Self.roles)/more?fieldManager=x&dryRun=All", "apply-patch+yaml", more),
            ] {
                #expect(answer.status == 403)
                #expect(
                    answer.value["message"]?.string
                        == "roles.rbac.authorization.k8s.io \"more\" is forbidden: \(Self.lacking)"
                        + "{APIGroups:[\"\"], Resources:[\"pods\"], Verbs:[\"exec\"]}\n"
                        + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"exec\"]}\n"
                        + "{APIGroups:[\"apps\"], Resources:[\"deployments\"], ResourceNames:[\"a\"], Verbs:[\"*\"]}")
            }
            #expect(try await client.post(Self.roles, more).status == 201)
            // Whatever is changed of it, but for what the garbage collector changes.
            let label: Value = ["metadata": ["labels": ["a": "b"]]]
            #expect(try await robot.patch("\(Self.roles)/more", "merge-patch+json", label).status == 403)
            let finalizer: Value = ["metadata": ["finalizers": ["example.com/x"]]]
            #expect(try await robot.patch("\(Self.roles)/more", "merge-patch+json", finalizer).status == 200)
        }
    }

    @Test(arguments: [(20, "roles"), (36, "rolebindings")])
    func `a binding gives no more than its writer has, and only a role that is there`(minor: Int, kind: String)
        async throws
    {
        try await withSandbox(DiscoveryTests.configuration(minor: minor)) { _, client in
            let robot = try await author(client)
            let early = RolesTests.binding("RoleBinding", "b", to: "Role", "later")
            let path = "\(Self.bindings)/b?fieldManager=x"
            let missing = try await robot.patch(path, "apply-patch+yaml", early)
            #expect(missing.status == 404)
            #expect(missing.value["message"] == .string("\(kind).rbac.authorization.k8s.io \"later\" not found"))
            // An administrator may bind what is not there.
            #expect(try await client.patch("\(path)&dryRun=All", "apply-patch+yaml", early).status == 201)

            try await RolesTests.add(
                RolesTests.role("Role", "later", RolesTests.rules([""], ["secrets"], ["get"])), by: client)
            let refused = try await robot.patch(path, "apply-patch+yaml", early)
            #expect(
                refused.value["message"]?.string
                    == "rolebindings.rbac.authorization.k8s.io \"b\" is forbidden: \(Self.lacking)"
                    + "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\"]}")
        }
    }

    @Test func `the verbs escalate and bind lift it`() async throws {
        try await withSandbox { _, client in
            let robot = try await author(client, "escalate", "bind")
            let role = RolesTests.role("Role", "more", RolesTests.rules([""], ["secrets"], ["*"]))
            #expect(try await robot.post(Self.roles, role).status == 201)
            let all = RolesTests.binding("RoleBinding", "all", to: "ClusterRole", "cluster-admin")
            #expect(try await robot.post(Self.bindings, all).status == 201)
        }
    }
}
