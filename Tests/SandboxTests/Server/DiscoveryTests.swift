// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sandbox
import Testing
import Values

struct DiscoveryTests {
    static let aggregated =
        "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
        + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"

    static func configuration(minor: Int) -> SandboxConfiguration {
        var configuration = SandboxConfiguration.bare
        configuration.minorVersion = minor
        return configuration
    }

    /// The entries of aggregated discovery, by group, version and name.
    static func entries(_ documents: [Value]) -> [String: Value] {
        var entries: [String: Value] = [:]
        for item in documents.flatMap({ $0["items"]?.array ?? [] }) {
            let group = item[path: "metadata", "name"]?.string ?? ""
            for version in item["versions"]?.array ?? [] {
                for resource in version["resources"]?.array ?? [] {
                    entries["\(group)/\(version["version"]?.string ?? "")/\(resource["resource"]?.string ?? "")"] =
                        resource
                }
            }
        }
        return entries
    }

    @Test func `what is served is told as a real server tells it`() async throws {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let recorded = try ["api", "apis"].map { name -> Value in
            let file = try #require(fopen("/\(folder)/Fixtures/discovery-\(name).json", "r"))
            defer { fclose(file) }
            var bytes = [UInt8](repeating: 0, count: 1 << 20)
            bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
            return try Value(json: bytes)
        }
        let golden = Self.entries(recorded)
        try await withSandbox(Self.configuration(minor: 36)) { _, client in
            var documents: [Value] = []
            for path in ["/api", "/apis"] {
                let answer = try await client.get(path, accept: Self.aggregated)
                #expect(
                    answer.header("Content-Type")
                        == "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList")
                documents.append(answer.value)
            }
            let served = Self.entries(documents)
            #expect(served.count > 45)
            for (key, entry) in served {
                var expected = try #require(golden[key], "\(key)")
                // Of the parts of an object only some are served, and the recording leaves out the group of their own kinds.
                let parts = entry["subresources"]?.array?.compactMap { $0["subresource"]?.string } ?? []
                let known = expected["subresources"]?.array?.compactMap { $0["subresource"]?.string } ?? []
                #expect(Set(parts).isSubset(of: known), "\(key)")
                var actual = entry
                for field in ["subresources", "responseKind"] {
                    expected[field] = nil
                    actual[field] = nil
                }
                #expect(actual == expected, "\(key)")
                #expect(entry[path: "responseKind", "kind"] == golden[key]?[path: "responseKind", "kind"])
            }
        }
    }

    @Test func `the legacy documents say the same`() async throws {
        try await withSandbox { _, client in
            let versions = try await client.get("/api").value
            #expect(versions["kind"] == "APIVersions" && versions["versions"] == ["v1"])
            let groups = try await client.get("/apis").value["groups"]?.array ?? []
            #expect(
                groups.contains { $0["name"] == "apps" && $0[path: "preferredVersion", "groupVersion"] == "apps/v1" })
            let apps = try await client.get("/apis/apps/v1").value
            let resources = apps["resources"]?.array ?? []
            let deployments = resources.first { $0["name"] == "deployments" }
            #expect(deployments?["shortNames"] == ["deploy"] && deployments?["categories"] == ["all"])
            #expect(deployments?["singularName"] == "deployment" && deployments?["namespaced"] == true)
            let scale = resources.first { $0["name"] == "deployments/scale" }
            #expect(scale?["group"] == "autoscaling" && scale?["kind"] == "Scale")
            #expect(try await client.get("/apis/apps").value["kind"] == "APIGroup")
            #expect(try await client.get("/apis/nosuch").status == 404)
            #expect(try await client.get("/apis/apps/v9").status == 404)
        }
    }

    @Test(arguments: [
        (18, "networking.k8s.io/v1beta1", "networking.k8s.io/v1/ingresses"), (18, "policy/v1beta1", "policy/v1/x"),
        (20, "batch/v1beta1", "batch/v1/cronjobs"), (20, "networking.k8s.io/v1", "networking.k8s.io/v1beta1"),
        (24, "policy/v1beta1", "batch/v1beta1"), (25, "policy/v1", "policy/v1beta1"),
    ])
    func `an old release serves its own versions`(minor: Int, present: String, absent: String) async throws {
        try await withSandbox(Self.configuration(minor: minor)) { _, client in
            #expect(try await client.get("/apis/\(present)").status == 200)
            #expect(try await client.get("/apis/\(absent)").status == 404)
            #expect(try await client.get("/version").value["minor"] == .string("\(minor)"))
            let answer = try await client.get("/apis", accept: Self.aggregated)
            #expect(answer.value["kind"] == "APIGroupList")
        }
    }

    @Test func `clients of 1.27 get the older aggregated form`() async throws {
        let accept = "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json"
        try await withSandbox { _, client in
            let answer = try await client.get("/apis", accept: accept)
            #expect(answer.value["apiVersion"] == "apidiscovery.k8s.io/v2beta1")
        }
    }

    @Test func `a version that goes away warns`() async throws {
        try await withSandbox(Self.configuration(minor: 24)) { _, client in
            let old = try await client.get("/apis/policy/v1beta1/poddisruptionbudgets")
            #expect(
                old.header("Warning")
                    == "299 - \"policy/v1beta1 PodDisruptionBudget is deprecated in v1.21+, unavailable in v1.25+; use policy/v1 PodDisruptionBudget\""
            )
            #expect(try await client.get("/apis/policy/v1/poddisruptionbudgets").header("Warning") == nil)
        }
    }
}
