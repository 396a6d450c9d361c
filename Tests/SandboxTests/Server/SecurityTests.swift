// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sandbox
import Testing
import Values

struct SecurityTests {
    @Test func `nobody is let in without the token`() async throws {
        try await withSandbox { _, client in
            for token in ["", "wrong", client.token + "x", String(client.token.dropLast())] {
                var stranger = client
                stranger.token = token
                let answer = try await stranger.get("/api/v1/namespaces/default/configmaps")
                #expect(answer.status == 401)
                #expect(answer.value["reason"] == "Unauthorized" && answer.value["message"] == "Unauthorized")
                #expect(try await stranger.get("/_sandbox/requests").status == 401)
            }
        }
    }

    @Test func `a page that calls itself something else is turned away`() async throws {
        try await withSandbox { _, client in
            for host in ["evil.example", "127.0.0.1.evil.example:1", "localhost.evil.example"] {
                let answer = try await client.send("GET", "/api/v1/pods", headers: ["Host: \(host)"])
                #expect(answer.status == 403)
                #expect(try await client.send("GET", "/_sandbox/status", headers: ["Host: \(host)"]).status == 401)
            }
            for host in ["localhost:1234", "127.0.0.1", "[::1]:99"] {
                #expect(try await client.send("GET", "/api/v1/pods", headers: ["Host: \(host)"]).status == 200)
            }
        }
    }

    @Test func `no answer invites other origins`() async throws {
        try await withSandbox { _, client in
            let answer = try await client.send("GET", "/api/v1/pods", headers: ["Origin: https://evil.example"])
            #expect(!answer.headers.contains { $0.name.lowercased().hasPrefix("access-control") })
        }
    }

    @Test func `a body that is too long is refused`() async throws {
        try await withSandbox { _, client in
            let data = String(repeating: "x", count: 4 << 20)
            let answer = try await client.post(
                ObjectLifecycleTests.configMaps, ObjectLifecycleTests.configMap("big", ["a": .string(data)]))
            #expect(answer.status == 413)
            #expect(answer.value["message"] == "Request entity too large: limit is 3145728")
        }
    }

    @Test func `an account may do what its rules say and is told what it may not`() async throws {
        var configuration = SandboxConfiguration.bare
        configuration.accounts = [
            SandboxConfiguration.Account(
                name: "bob", token: "bobs-token",
                rules: [
                    AccessRule(
                        verbs: ["get", "list"], groups: [""], resources: ["configmaps"], namespaces: ["default"])
                ])
        ]
        try await withSandbox(configuration) { _, client in
            var bob = client
            bob.token = "bobs-token"
            #expect(try await bob.get(ObjectLifecycleTests.configMaps).status == 200)
            #expect(try await bob.get("/api").status == 200)
            let refused = try await bob.get("/api/v1/namespaces/default/pods")
            #expect(refused.status == 403)
            #expect(
                refused.value["message"]
                    == "pods is forbidden: User \"bob\" cannot list resource \"pods\" in API group \"\" in the namespace \"default\""
            )
            let everywhere = try await bob.get("/api/v1/configmaps")
            #expect(
                everywhere.value["message"]
                    == "configmaps is forbidden: User \"bob\" cannot list resource \"configmaps\" in API group \"\" at the cluster scope"
            )
            let named = try await bob.delete("\(ObjectLifecycleTests.configMaps)/a")
            #expect(
                named.value["message"]
                    == "configmaps \"a\" is forbidden: User \"bob\" cannot delete resource \"configmaps\" in API group \"\" in the namespace \"default\""
            )
            #expect(try await bob.get("/_sandbox/requests").status == 401)
            for (verb, expected) in [("get", true), ("delete", false)] {
                let review: Value = [
                    "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
                    "spec": [
                        "resourceAttributes": [
                            "namespace": "default", "verb": .string(verb), "resource": "configmaps",
                        ]
                    ],
                ]
                var asker = bob
                asker.token = "bobs-token"
                let path = "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"
                // Everybody may ask what they may do.
                let answer = try await asker.post(path, review)
                #expect(answer.status == 201)
                #expect(answer.value[path: "status", "allowed"] == .bool(expected))
            }
        }
    }
}

struct PersistenceTests {
    /// A directory of its own for a test.
    static func withDirectory(_ test: (String) async throws -> Void) async throws {
        var template = Array("/tmp/sandbox-test-XXXXXX".utf8CString)
        let path = try #require(mkdtemp(&template).map { String(cString: $0) })
        do { try await test(path) } catch {
            remove(path)
            throw error
        }
        remove(path)
    }

    private static func remove(_ path: String) {
        for name in names(in: path) { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    private static func names(in path: String) -> [String] {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) {
                $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    static func configuration(_ path: String) -> SandboxConfiguration {
        var configuration = SandboxConfiguration.bare
        configuration.stateDirectory = path
        return configuration
    }

    @Test func `objects, identity and port outlive a restart`() async throws {
        try await Self.withDirectory { path in
            var kubeconfig = ""
            var object = Value.null
            var revision = 0
            try await withSandbox(Self.configuration(path)) { server, client in
                kubeconfig = server.kubeconfig
                object = try await client.post(
                    ObjectLifecycleTests.configMaps, ObjectLifecycleTests.configMap("a")
                ).value
                _ = try await client.post(ObjectLifecycleTests.configMaps, ObjectLifecycleTests.configMap("b"))
                _ = try await client.delete("\(ObjectLifecycleTests.configMaps)/b")
                let list = try await client.get(ObjectLifecycleTests.configMaps).value
                revision = list[path: "metadata", "resourceVersion"]?.string.flatMap { Int($0) } ?? 0
            }
            try await withSandbox(Self.configuration(path)) { server, client in
                #expect(server.kubeconfig == kubeconfig)
                #expect(try await client.get("\(ObjectLifecycleTests.configMaps)/a").value == object)
                #expect(try await client.get("\(ObjectLifecycleTests.configMaps)/b").status == 404)
                let next = try await client.post(
                    ObjectLifecycleTests.configMaps, ObjectLifecycleTests.configMap("c")
                ).value[path: "metadata", "resourceVersion"]?.string.flatMap { Int($0) }
                // Revisions go on: never back, even though the last write was a deletion.
                #expect(next ?? 0 > revision)
            }
        }
    }

    @Test func `only the owner can read what is kept`() async throws {
        try await Self.withDirectory { path in
            try await withSandbox(Self.configuration("\(path)/state")) { _, _ in
                let names = Self.names(in: "\(path)/state")
                #expect(Set(names).isSuperset(of: ["ca.key", "token", "kubeconfig", "objects.db", "lock"]))
                for name in names {
                    var status = stat()
                    #expect(lstat("\(path)/state/\(name)", &status) == 0)
                    #expect(status.st_mode & 0o077 == 0, "\(name)")
                }
                var status = stat()
                #expect(stat("\(path)/state", &status) == 0 && status.st_mode & 0o777 == 0o700)
            }
            Self.remove("\(path)/state")
        }
    }

    @Test func `two sandboxes do not share a directory`() async throws {
        try await Self.withDirectory { path in
            let directory = try SandboxDirectory(path: path)
            #expect(directory.running == nil)
            try await withSandbox(Self.configuration(path)) { server, _ in
                #expect(directory.running?.process == getpid())
                #expect(directory.running?.port == server.port)
                await #expect(throws: SandboxError("a sandbox runs already in \(path)")) {
                    _ = try await SandboxServer.start(Self.configuration(path))
                }
            }
            #expect(directory.running == nil)
            #expect(!directory.requestStop())
        }
    }

    @Test func `a directory that cannot be used is named`() async throws {
        await #expect(throws: SandboxError.self) {
            _ = try await SandboxServer.start(Self.configuration("/dev/null/state"))
        }
    }
}
