// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Testing
import Values

@Suite struct Watch {
    static func event(_ type: String, _ name: String, version: Int) -> String {
        #"{"type":"\#(type)","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"\#(name)","resourceVersion":"\#(version)"}}}"#
            + "\n"
    }
    static let expired =
        #"{"type":"ERROR","object":{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"too old resource version: 1 (2938)","reason":"Expired","code":410}}"#
        + "\n"
    static let bookmark =
        #"{"type":"BOOKMARK","object":{"kind":"Pod","apiVersion":"v1","metadata":{"resourceVersion":"512"}}}"# + "\n"

    private func events(_ body: String, ending: String = "") async throws -> [String] {
        let transport = ScriptedTransport { _, _ in .json(body, headers: ["X-Test-Ending": ending]) }
        var texts: [String] = []
        for try await event in transport.client().watch(.pod, namespace: "fl", from: "7") { texts.append(text(event)) }
        return texts
    }

    private func text(_ event: WatchEvent) -> String {
        switch event {
        case .added(let object): "added \(object.name)"
        case .modified(let object): "modified \(object.name)"
        case .deleted(let object): "deleted \(object.name)"
        case .bookmark(let version): "bookmark \(version)"
        }
    }

    @Test func `events are cut out of chunks that end anywhere`() async throws {
        let body =
            Self.event("ADDED", "a", version: 8) + Self.event("MODIFIED", "é", version: 9) + "\r\n"
            + Self.event("DELETED", "a", version: 10) + Self.bookmark
        #expect(try await events(body) == ["added a", "modified é", "deleted a", "bookmark 512"])
    }

    @Test func `an object that is nested without end hides no other`() async throws {
        let nest = String(repeating: "[", count: 9000) + String(repeating: "]", count: 9000)
        let item = #"{"metadata":{"name":"deep"},"spec":\#(nest)}"#
        let list =
            #"{"kind":"PodList","apiVersion":"v1","metadata":{"resourceVersion":"7"},"items":[\#(item),{"metadata":{"name":"a"}}]}"#
        let transport = ScriptedTransport { _, _ in .json(list) }
        let objects = try await transport.client().list(.pod, namespace: "fl").items
        #expect(objects.map(\.name) == ["deep", "a"])
        let change =
            #"{"type":"ADDED","object":{"kind":"Pod","apiVersion":"v1","metadata":{"name":"deep"},"spec":\#(nest)}}"#
        #expect(try await events(change + "\n" + Self.event("ADDED", "a", version: 8)) == ["added deep", "added a"])
    }

    @Test func `a watch is one request that says where to go on`() async throws {
        let transport = ScriptedTransport { _, _ in .json("") }
        for try await _ in transport.client().watch(.pod, namespace: "fl", from: "7", timeout: .seconds(60)) {}
        #expect(
            transport.lines == [
                "GET /api/v1/namespaces/fl/pods?watch=true&resourceVersion=7&allowWatchBookmarks=true&timeoutSeconds=60"
            ])
        #expect(transport.requests.first?.lane == .streams)
        #expect(transport.requests.first?.idleTimeout == .seconds(150))
    }

    @Test func `an error event is the server's error`() async throws {
        await #expect { try await events(Self.event("ADDED", "a", version: 8) + Self.expired) } throws: { error in
            (error as? APIError)?.isExpired == true && (error as? APIError)?.message.contains("2938") == true
        }
    }

    @Test(arguments: [
        (#"{"type":"ADDED","object":{"kind"#, TransportError.Kind.reset), ("<html>\n", .malformed),
        (#"{"type":"SURPRISE","object":{}}"# + "\n", .malformed),
        (String(repeating: "x", count: 9 << 20), .tooLarge),
    ])
    func `what is no event breaks the watch`(body: String, kind: TransportError.Kind) async throws {
        await #expect { try await events(body) } throws: { ($0 as? TransportError)?.kind == kind }
    }
}

@Suite struct `Following a collection` {
    /// Runs a reflector over scripted answers and gives its first events as texts.
    private func follow(
        _ count: Int, clock: TestClock = TestClock(), _ script: @escaping ScriptedTransport.Script
    ) async throws -> (events: [String], requests: [String]) {
        let transport = ScriptedTransport(script)
        var texts: [String] = []
        for try await event in transport.client(clock: clock, retry: .once).reflect(.pod, namespace: "fl") {
            texts.append(text(event))
            if texts.count == count { break }
        }
        let requests = transport.requests.map { request -> String in
            guard let version = request.target.split(separator: "&").first(where: { $0.hasPrefix("resourceVersion=") })
            else { return "list" }
            return "watch \(version.dropFirst("resourceVersion=".count))"
        }
        return (texts, requests)
    }

    private func text(_ event: ReflectorEvent<KubernetesObject>) -> String {
        switch event {
        case .replaced(let objects, let version): "replaced \(objects.map(\.name).joined(separator: ",")) @\(version)"
        case .changed(let object): "changed \(object.name)"
        case .deleted(let object): "deleted \(object.name)"
        case .trouble(let error, let attempt, let delay): "trouble \(attempt) \(delay) \(type(of: error))"
        }
    }

    private static func list(_ names: String, version: Int) -> HTTPResponse {
        let items = names.map { #"{"metadata":{"name":"\#($0)","resourceVersion":"\#(version)"}}"# }
        return .json(
            #"{"kind":"PodList","metadata":{"resourceVersion":"\#(version)"},"items":[\#(items.joined(separator: ","))]}"#
        )
    }

    @Test func `a watch that breaks goes on from the last version, bookmarks included`() async throws {
        let (events, requests) = try await follow(5) { request, number in
            switch number {
            case 1: Self.list("ab", version: 5)
            case 2:
                .json(
                    Watch.event("MODIFIED", "a", version: 6) + Watch.event("DELETED", "b", version: 7),
                    headers: ["X-Test-Ending": "reset"])
            case 3: .json(Watch.bookmark)
            default: .json(Watch.event("ADDED", "c", version: 600), headers: ["X-Test-Ending": "never"])
            }
        }
        #expect(
            events == [
                "replaced ab @5".replacing("ab", with: "a,b"), "changed a", "deleted b",
                "trouble 1 0.8 seconds TransportError",
                "changed c",
            ])
        #expect(requests == ["list", "watch 5", "watch 7", "watch 512"])
    }

    @Test func `of each object its reader keeps what it wants, page by page`() async throws {
        let transport = ScriptedTransport { request, _ in
            if request.target.contains("watch=true") {
                return .json(Watch.event("ADDED", "c", version: 6), headers: ["X-Test-Ending": "never"])
            }
            let isFirst = !request.target.contains("continue=")
            return .json(
                #"{"metadata":{"resourceVersion":"5"\#(isFirst ? #","continue":"x""# : "")},"items":[{"metadata":{"name":"\#(isFirst ? "a" : "b")"}}]}"#
            )
        }
        var policy = ReflectorPolicy()
        policy.pageSize = 1
        let names = transport.client().reflect(.pod, namespace: "fl", policy: policy, keeping: \.name)
        var kept: [String] = []
        for try await event in names {
            switch event {
            case .replaced(let names, let version): kept.append("\(names) @\(version)")
            case .changed(let name), .deleted(let name): kept.append(name)
            case .trouble(let error, _, _): throw error
            }
            if kept.count == 2 { break }
        }
        #expect(kept == [#"["a", "b"] @5"#, "c"])
        #expect(
            transport.lines.prefix(2) == [
                "GET /api/v1/namespaces/fl/pods?limit=1", "GET /api/v1/namespaces/fl/pods?limit=1&continue=x",
            ])
    }

    @Test func `a version that is too old leads to a new list`() async throws {
        let (events, requests) = try await follow(4) { request, number in
            switch number {
            case 1: Self.list("a", version: 5)
            case 2: .json(Watch.event("MODIFIED", "a", version: 6) + Watch.expired)
            case 3: Self.list("b", version: 9)
            default: .json(Watch.event("ADDED", "c", version: 10), headers: ["X-Test-Ending": "never"])
            }
        }
        #expect(events == ["replaced a @5", "changed a", "replaced b @9", "changed c"])
        #expect(requests == ["list", "watch 5", "list", "watch 9"])
    }

    @Test func `a storm of expired versions backs off and ends in polling`() async throws {
        let clock = TestClock()
        let (events, _) = try await follow(9, clock: clock) { request, number in
            request.target.contains("watch=true") ? .json(Watch.expired) : Self.list("a", version: number)
        }
        #expect(events.filter { $0.hasPrefix("replaced") }.count == 5)
        #expect(clock.sleeps == [.milliseconds(800), .milliseconds(800), .seconds(5), .seconds(5)])
    }

    @Test func `watches that end at once are not opened in a loop`() async throws {
        let clock = TestClock()
        let (events, requests) = try await follow(4, clock: clock) { request, _ in
            request.target.contains("watch=true") ? .json("") : Self.list("a", version: 5)
        }
        #expect(events.dropFirst().allSatisfy { $0.hasPrefix("trouble") })
        #expect(requests.prefix(3) == ["list", "watch 5", "watch 5"])
        #expect(clock.sleeps.allSatisfy { $0 >= .milliseconds(800) })
    }

    @Test func `a server that asks for patience keeps its version`() async throws {
        let (_, requests) = try await follow(3) { request, number in
            switch number {
            case 1: Self.list("a", version: 5)
            case 2: .failure(429, "TooManyRequests", "no")
            default: .json(Watch.event("ADDED", "c", version: 6), headers: ["X-Test-Ending": "never"])
            }
        }
        #expect(requests == ["list", "watch 5", "watch 5"])
    }

    @Test func `permissions that are taken away are asked for less and less often`() async throws {
        let clock = TestClock()
        let (events, _) = try await follow(8, clock: clock) { _, _ in .failure(403, "Forbidden", "no") }
        #expect(events.allSatisfy { $0.hasPrefix("trouble") && $0.hasSuffix("APIError") })
        #expect(clock.sleeps.map(\.components.seconds) == [0, 1, 3, 6, 12, 25, 30])
    }

    @Test func `a store holds what the events leave`() {
        func pod(_ name: String, _ version: String = "1") -> KubernetesObject {
            var object = KubernetesObject(ObjectKey(.pod, namespace: "fl", name: name))
            object.resourceVersion = version
            return object
        }
        var store = ObjectStore()
        func changes(_ event: ReflectorEvent<KubernetesObject>) -> Bool { store.apply(event) }
        #expect(!store.isComplete)
        #expect(changes(.replaced([pod("a"), pod("b")], resourceVersion: "1")))
        #expect(!changes(.replaced([pod("b"), pod("a")], resourceVersion: "2")))
        #expect(changes(.changed(pod("a", "2"))))
        #expect(!changes(.changed(pod("a", "2"))))
        #expect(changes(.deleted(pod("b"))))
        #expect(store.objects.map(\.name) == ["a"])
        #expect(changes(.replaced([pod("c")], resourceVersion: "9")))
        #expect(store.object(namespace: "fl", name: "c") != nil && store.object(namespace: "fl", name: "a") == nil)
    }
}
