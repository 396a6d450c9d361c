// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Testing
import Values

struct ListTests {
    static let path = ObjectLifecycleTests.configMaps

    static func names(_ answer: TestClient.Answer) -> [String] {
        (answer.value["items"]?.array ?? []).compactMap { $0[path: "metadata", "name"]?.string }
    }

    static func fill(_ client: TestClient, _ count: Int) async throws {
        for number in 0..<count {
            var map = ObjectLifecycleTests.configMap("m\(number)")
            map.set(.string(number.isMultiple(of: 2) ? "even" : "odd"), at: ["metadata", "labels", "parity"])
            #expect(try await client.post(path, map).status == 201)
        }
    }

    @Test func `a list is sorted, and leaves kind and version to the list`() async throws {
        try await withSandbox { _, client in
            try await Self.fill(client, 3)
            let list = try await client.get(Self.path).value
            #expect(list["kind"] == "ConfigMapList" && list["apiVersion"] == "v1")
            #expect(list["items"]?[0]?["kind"] == nil)
            #expect(list["items"]?.array?.compactMap { $0[path: "metadata", "name"]?.string } == ["m0", "m1", "m2"])
            #expect(try await client.get("/api/v1/configmaps").value["items"]?.array?.count == 3)
        }
    }

    @Test(arguments: [
        ("labelSelector=parity%3Deven", ["m0", "m2"]), ("labelSelector=parity!%3Deven", ["m1", "m3"]),
        ("labelSelector=parity%20in%20(odd,none)", ["m1", "m3"]), ("labelSelector=!parity", []),
        ("labelSelector=parity%20notin%20(odd)", ["m0", "m2"]), ("labelSelector=parity,parity%3D%3Dodd", ["m1", "m3"]),
        ("fieldSelector=metadata.name%3Dm2", ["m2"]), ("fieldSelector=metadata.name!%3Dm2", ["m0", "m1", "m3"]),
        ("fieldSelector=metadata.namespace%3Dother", []),
    ])
    func `selectors choose`(query: String, expected: [String]) async throws {
        try await withSandbox { _, client in
            try await Self.fill(client, 4)
            #expect(Self.names(try await client.get("\(Self.path)?\(query)")) == expected)
        }
    }

    @Test func `pages are of one moment, whatever is written between them`() async throws {
        try await withSandbox { server, client in
            try await Self.fill(client, 7)
            var token = ""
            var seen: [String] = []
            var revisions: Set<Value> = []
            repeat {
                let page = try await client.get("\(Self.path)?limit=3&continue=\(token)")
                #expect(page.status == 200)
                seen += Self.names(page)
                revisions.insert(page.value[path: "metadata", "resourceVersion"] ?? .null)
                token = page.value[path: "metadata", "continue"]?.string ?? ""
                if seen.count == 3 {
                    #expect(page.value[path: "metadata", "remainingItemCount"] == 4)
                    _ = try await client.delete("\(Self.path)/m5")
                    _ = try await client.post(Self.path, ObjectLifecycleTests.configMap("m55"))
                }
            } while !token.isEmpty
            #expect(seen == ["m0", "m1", "m2", "m3", "m4", "m5", "m6"])
            #expect(revisions.count == 1)
        }
    }

    @Test func `a page that is asked for too late is gone`() async throws {
        try await withSandbox { server, client in
            try await Self.fill(client, 3)
            let page = try await client.get("\(Self.path)?limit=1")
            let token = try #require(page.value[path: "metadata", "continue"]?.string)
            server.forgetHistory()
            let answer = try await client.get("\(Self.path)?limit=1&continue=\(token)")
            #expect(answer.status == 410 && answer.value["reason"] == "Expired")
        }
    }
}
