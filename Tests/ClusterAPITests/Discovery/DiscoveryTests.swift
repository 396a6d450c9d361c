// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Testing
import Values

@Suite struct Discovery {
    static func fixture(_ name: String) throws -> String {
        let folder = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return String(decoding: try FileBytes.read("/\(folder)/Fixtures/\(name)"), as: UTF8.self)
    }

    @Test func `aggregated discovery of a real server takes two requests`() async throws {
        let (core, groups) = (try Self.fixture("discovery-api.v2.json"), try Self.fixture("discovery-apis.v2.json"))
        let transport = ScriptedTransport { request, _ in .json(request.target == "/api" ? core : groups) }
        let client = transport.client()
        let catalog = try await client.discovery.catalog()
        #expect(transport.requests.count == 2)
        #expect(transport.requests[0].headers["Accept"]?.contains("v=v2;as=APIGroupDiscoveryList") == true)
        #expect(catalog.resource(for: .deployment)?.plural == "deployments")
        #expect(catalog.resource(for: .deployment)?.subresources.contains("scale") == true)
        #expect(catalog.resource(for: .namespace)?.isNamespaced == false)
        #expect(catalog.resource(for: .pod)?.verbs.isSuperset(of: ["get", "list", "watch", "delete"]) == true)
        #expect(catalog.versions(of: GroupKind(group: "autoscaling", kind: "HorizontalPodAutoscaler")).first == "v2")
        #expect(catalog.capabilities.contains("networking.k8s.io/v1"))
        #expect(catalog.capabilities.contains("networking.k8s.io/v1/Ingress"))
        _ = try await client.discovery.catalog()
        #expect(transport.requests.count == 2)
    }

    @Test func `many who want to know at once have it asked once`() async throws {
        let (core, groups) = (try Self.fixture("discovery-api.v2.json"), try Self.fixture("discovery-apis.v2.json"))
        let transport = ScriptedTransport { request, _ in .json(request.target == "/api" ? core : groups) }
        let client = transport.client()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 { group.addTask { _ = try await client.discovery.catalog() } }
            try await group.waitForAll()
        }
        #expect(transport.requests.count == 2)
        // What is not there is asked for once more, by one of them.
        let nowhere = GroupVersionKind(group: "example.com", version: "v1", kind: "Thing")
        await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    do {
                        _ = try await client.discovery.resource(for: nowhere)
                        return true
                    } catch {
                        return false
                    }
                }
            }
            for await isFound in group { #expect(!isFound) }
        }
        #expect(transport.requests.count <= 2 + 2 * 20)
        #expect(transport.requests.count.isMultiple(of: 2))
    }

    @Test func `a server without it is asked group by group, and a broken group stops nothing`() async throws {
        let transport = ScriptedTransport { request, _ in
            switch request.target {
            case "/api": .json(#"{"kind":"APIVersions","versions":["v1"]}"#)
            case "/apis":
                .json(
                    #"""
                    {"kind":"APIGroupList","groups":[
                     {"name":"apps","versions":[{"groupVersion":"apps/v1beta1","version":"v1beta1"},
                      {"groupVersion":"apps/v1","version":"v1"}],"preferredVersion":{"groupVersion":"apps/v1","version":"v1"}},
                     {"name":"metrics.k8s.io","versions":[{"groupVersion":"metrics.k8s.io/v1","version":"v1"}]}]}
                    """#)
            case "/api/v1":
                .json(
                    #"""
                    {"kind":"APIResourceList","groupVersion":"v1","resources":[
                     {"name":"pods","namespaced":true,"kind":"Pod","verbs":["get"]},
                     {"name":"pods/log","namespaced":true,"kind":"Pod","verbs":["get"]}]}
                    """#)
            case "/apis/metrics.k8s.io/v1": .failure(503, "ServiceUnavailable", "the server is down")
            default:
                .json(
                    #"{"resources":[{"name":"deployments","namespaced":true,"kind":"Deployment","verbs":["get"]}]}"#)
            }
        }
        let client = transport.client()
        let catalog = try await client.discovery.catalog()
        #expect(catalog.groupVersions.map(\.apiVersion) == ["v1", "apps/v1", "apps/v1beta1"])
        #expect(catalog.resource(for: .pod)?.subresources == ["log"])
        #expect(catalog.versions(of: GroupKind(group: "apps", kind: "Deployment")) == ["v1", "v1beta1"])
        #expect(catalog.broken[GroupVersion(apiVersion: "metrics.k8s.io/v1")] == "the server is down")
        await #expect {
            try await client.discovery.resource(for: .init(apiVersion: "metrics.k8s.io/v1", kind: "PodMetrics"))
        } throws: { ($0 as? DiscoveryError)?.brokenReason == "the server is down" }
        await #expect {
            try await client.discovery.resource(for: .init(apiVersion: "apps/v2", kind: "Deployment"))
        } throws: { ($0 as? DiscoveryError)?.servedVersions == ["v1", "v1beta1"] }
    }

    @Test func `a well-known kind needs no discovery, unless the server says there is no such API`() async throws {
        let transport = ScriptedTransport { request, _ in
            switch request.target {
            case "/api", "/apis": .json(#"{"kind":"APIGroupDiscoveryList","items":[]}"#)
            default: .failure(404, "NotFound", "the server could not find the requested resource")
            }
        }
        await #expect(throws: DiscoveryError.self) {
            try await transport.client().get(ObjectKey(.lease, namespace: "fl", name: "l"))
        }
        #expect(transport.lines.first?.contains("leases/l") == true)
    }

    @Test func `what was discovered is kept for ten minutes, for its owner alone`() async throws {
        let folder = "/tmp/iflearnerctl-discovery-\(UInt64.random(in: 0 ... .max))"
        let endpoint = ServerEndpoint(url: ServerURL(isSecure: true, host: "h", port: 1))
        let cache = DiscoveryCache(folder: folder, endpoint: endpoint)
        let core = try Self.fixture("discovery-api.v2.json")
        let transport = ScriptedTransport { _, _ in .json(core) }
        let clock = TestClock()
        _ = try await transport.client(clock: clock, cache: cache).discovery.catalog()
        #expect(transport.requests.count == 2)
        clock.advance(.seconds(590))
        let kept = try await transport.client(clock: clock, cache: cache).discovery.catalog()
        #expect(transport.requests.count == 2)
        #expect(kept.resource(for: .pod)?.verbs.contains("watch") == true)
        clock.advance(.seconds(20))
        _ = try await transport.client(clock: clock, cache: cache).discovery.catalog()
        #expect(transport.requests.count == 4)
        transport.client(clock: clock, cache: cache).discovery.invalidate()
        _ = try await transport.client(clock: clock, cache: cache).discovery.catalog()
        #expect(transport.requests.count == 6)
        #expect(FileBytes.permissions(of: folder) == 0o700)
        let other = DiscoveryCache(
            folder: folder, endpoint: ServerEndpoint(url: ServerURL(isSecure: true, host: "h", port: 2)))
        _ = try await transport.client(clock: clock, cache: other).discovery.catalog()
        #expect(transport.requests.count == 8)
    }
}
