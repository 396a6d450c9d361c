// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Sandbox
import Synchronization
import Testing
import Values

/// What can go wrong with watches, those that run and those that begin.
struct WatchFaultTests {
    static let path = ObjectLifecycleTests.configMaps

    /// A watch that runs, and what has come of it.
    struct Running {
        private final class Received: Sendable { let bytes = Mutex<[UInt8]>([]) }

        private let received = Received()
        private let task: Task<Bool, Never>

        /// Starts a watch and returns once it has told of an object that exists.
        init(_ client: TestClient, _ query: String = "timeoutSeconds=30") async {
            let (begun, begin) = AsyncStream<Void>.makeStream()
            task = Task { [received] in
                let answer = try? await client.send(
                    "GET", "\(WatchFaultTests.path)?watch=true&\(query)",
                    onData: { data in
                        received.bytes.withLock { $0 += data }
                        begin.finish()
                        return true
                    })
                begin.finish()
                return answer != nil
            }
            for await _ in begun {}
        }

        var text: String { received.bytes.withLock { String(decoding: $0, as: UTF8.self) } }
        var events: [String] {
            text.split(separator: "\n").compactMap { try? Value(json: String($0)) }.map(WatchTests.shown)
        }

        /// Waits for the end of it; whether that was a proper one.
        func endedWell() async -> Bool { await task.value }
    }

    static func create(_ name: String, _ client: TestClient) async throws {
        #expect(try await client.post(path, ObjectLifecycleTests.configMap(name)).status == 201)
    }

    @Test func `a running watch ends, breaks or fails when it is told to`() async throws {
        try await withSandbox { server, client in
            try await Self.create("a", client)
            for (fault, isProper) in [(WatchFault.end, true), (.breakOff, false), (.error(410), true)] {
                let watch = await Running(client)
                server.inject(Fault(.watch(fault), path: "configmaps"))
                #expect(await watch.endedWell() == isProper)
                #expect(server.pendingFaults.isEmpty)
                #expect(watch.events.first == "ADDED a")
                guard fault == .error(410) else { continue }
                let last = try Value(json: String(watch.text.split(separator: "\n").last ?? ""))
                #expect(last["type"] == "ERROR" && last[path: "object", "reason"] == "Expired")
                #expect(last[path: "object", "message"]?.string?.hasPrefix("too old resource version: ") == true)
            }
        }
    }

    @Test func `a fault waits for as many events as it shall`() async throws {
        try await withSandbox { server, client in
            for name in ["a", "b", "c"] { try await Self.create(name, client) }
            server.inject(Fault(.watch(.end, after: 2), path: "configmaps", count: 2))
            for _ in 0..<2 {
                let answer = try await client.get("\(Self.path)?watch=true")
                #expect(answer.lines.map(WatchTests.shown) == ["ADDED a", "ADDED b"])
            }
            #expect(server.pendingFaults.isEmpty)
        }
    }

    @Test func `a storm of expired watches goes on until it is cleared`() async throws {
        try await withSandbox { server, client in
            server.inject(Fault(.watch(.error(410)), path: "watch=true", count: nil))
            for _ in 0..<3 {
                let answer = try await client.get("\(Self.path)?watch=true")
                #expect(answer.status == 200 && answer.lines.map { $0[path: "object", "code"] } == [410])
            }
            server.clearFaults()
            let answer = try await client.get("\(Self.path)?watch=true&timeoutSeconds=1")
            #expect(answer.status == 200 && answer.bytes.isEmpty)
        }
    }

    @Test func `a silent watch tells nothing and outlives its time`() async throws {
        try await withSandbox { server, client in
            try await Self.create("a", client)
            let silent = await Running(client, "timeoutSeconds=1")
            server.inject(Fault(.watch(.silence), path: "configmaps"))
            try await Self.create("b", client)
            // One of the same length that begins later has ended: the silent one should have, too.
            let other = await Running(client, "timeoutSeconds=1")
            #expect(await other.endedWell())
            #expect(other.events == ["ADDED a", "ADDED b"] && silent.events == ["ADDED a"])
            server.clearFaults()
            #expect(await !silent.endedWell())
            #expect(silent.events == ["ADDED a"])
        }
    }

    @Test(arguments: [true, false]) func `an event is cut in half`(isClean: Bool) async throws {
        try await withSandbox { server, client in
            try await Self.create("a", client)
            let watch = await Running(client)
            server.inject(Fault(.watch(.cut(isClean: isClean)), path: "configmaps"))
            try await Self.create("b", client)
            #expect(await watch.endedWell() == isClean)
            #expect(watch.events == ["ADDED a"] && !watch.text.hasSuffix("\n"))
            let half = String(watch.text.split(separator: "\n").last ?? "")
            #expect(half.hasPrefix("{\"type\":\"ADDED\",\"object\":{"))
            #expect(throws: JSONError.self) { try Value(json: half) }
        }
    }

    @Test func `lines are strange, long, doubled or in disorder`() async throws {
        try await withSandbox { server, client in
            for name in ["a", "b"] { try await Self.create(name, client) }
            func lines(_ fault: WatchFault) async throws -> [String] {
                server.inject(Fault(.watch(fault), path: "watch=true"))
                server.inject(Fault(.watch(.end, after: 2), path: "watch=true"))
                let answer = try await client.get("\(Self.path)?watch=true")
                return answer.text.split(separator: "\n").map(String.init)
            }
            func shown(_ lines: [String]) throws -> [String] {
                try lines.map { WatchTests.shown(try Value(json: $0)) }
            }
            #expect(try await lines(.line("<html>")).first == "<html>")
            let long = try await lines(.pad(3 << 20))
            #expect(long.allSatisfy { $0.utf8.count == 3 << 20 - 1 })
            #expect(try shown(long) == ["ADDED a", "ADDED b"])
            #expect(try shown(try await lines(.duplicate)) == ["ADDED a", "ADDED a", "ADDED b", "ADDED b"])
            #expect(try shown(try await lines(.reverse)) == ["ADDED b", "ADDED a"])
        }
    }

    @Test func `watches go wrong over HTTP, too`() async throws {
        try await withSandbox { server, client in
            let documents: [(Value, WatchFault)] = [
                (["watch": "end"], .end), (["watch": "break"], .breakOff), (["watch": "silence"], .silence),
                (["watch": "error"], .error(410)), (["watch": "error", "code": 500], .error(500)),
                (["watch": "cut"], .cut()), (["watch": "cut", "clean": true], .cut(isClean: true)),
                (["watch": "line", "text": "{}"], .line("{}")), (["watch": "pad", "bytes": 99], .pad(99)),
                (["watch": "duplicate"], .duplicate), (["watch": "reverse"], .reverse),
            ]
            for (document, fault) in documents {
                var document = document
                document["path"] = "configmaps"
                document["after"] = 1
                let answer = try await client.post("/_sandbox/faults", document)
                #expect(answer.status == 200)
                #expect(server.pendingFaults.map(\.effect) == [.watch(fault, after: 1)])
                server.clearFaults()
            }
            let refused = try await client.post("/_sandbox/faults", ["watch": "sideways"])
            #expect(refused.status == 400)
        }
    }

    @Test func `a watch ends with the definition of its kind, and begins no more`() async throws {
        try await withSandbox { _, client in
            _ = try await client.post(DefinitionTests.definitions, DefinitionTests.definition)
            _ = try await client.post(DefinitionTests.widgets, DefinitionTests.widget("w"))
            let (begun, begin) = AsyncStream<Void>.makeStream()
            let watching = Task {
                try await client.send(
                    "GET", "\(DefinitionTests.widgets)?watch=true",
                    onData: { _ in
                        begin.finish()
                        return true
                    })
            }
            for await _ in begun {}
            #expect(try await client.delete("\(DefinitionTests.definitions)/widgets.example.com").status == 200)
            #expect(try await watching.value.lines.map(WatchTests.shown) == ["ADDED w", "DELETED w"])
            #expect(try await client.get("\(DefinitionTests.widgets)?watch=true").status == 404)
        }
    }
}
