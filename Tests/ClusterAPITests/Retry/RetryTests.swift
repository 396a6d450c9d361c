// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Synchronization
import Testing
import Values

@Suite struct `Retries, deployment §6.11` {
    let secret = ObjectKey(.secret, namespace: "fl", name: "s")
    static let good = HTTPResponse.json(
        #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"fl"}}"#)

    struct Row: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var answer: Result<HTTPResponse, TransportError>
        /// How many requests a read, an apply and a creation make when the second answer is good; 1 for no retry.
        var get: Int
        var apply: Int
        var create: Int

        init(
            _ what: String, _ answer: Result<HTTPResponse, TransportError>, get: Int, apply: Int, create: Int
        ) {
            testDescription = what
            self.answer = answer
            self.get = get
            self.apply = apply
            self.create = create
        }
    }

    static let table: [Row] = [
        Row("refused", .failure(TransportError(.refused, "no")), get: 2, apply: 2, create: 2),
        Row("no such host", .failure(TransportError(.unknownHost, "no")), get: 2, apply: 2, create: 2),
        Row("TLS time-out", .failure(TransportError(.connectTimeout, "no")), get: 2, apply: 2, create: 2),
        Row("bad certificate", .failure(TransportError(.tls, "no")), get: 1, apply: 1, create: 1),
        Row("reset before sending", .failure(TransportError(.reset, "no")), get: 2, apply: 2, create: 2),
        // The creation's second request is the look whether the object is there.
        Row(
            "reset after sending", .failure(TransportError(.reset, "no", mayHaveBeenProcessed: true)), get: 2, apply: 2,
            create: 2),
        Row("429", .success(.failure(429, "TooManyRequests", "slow down")), get: 2, apply: 2, create: 2),
        Row(
            "500 leader changed", .success(.failure(500, "InternalError", "etcdserver: leader changed")), get: 2,
            apply: 2, create: 2),
        Row("500 of a bug", .success(.failure(500, "InternalError", "nil pointer")), get: 2, apply: 1, create: 1),
        Row("502", .success(HTTPResponse(status: 502)), get: 2, apply: 2, create: 2),
        Row("503", .success(.failure(503, "ServiceUnavailable", "no")), get: 2, apply: 2, create: 2),
        Row("504", .success(.failure(504, "Timeout", "no")), get: 2, apply: 2, create: 2),
        Row(
            "500 webhook",
            .success(.failure(500, "InternalError", "failed calling webhook \\\"w\\\": connection refused")), get: 1,
            apply: 2, create: 2),
        Row(
            "500 schema of old servers",
            .success(.failure(500, "InternalError", "failed to create typed patch object: .dat: field not declared")),
            get: 1, apply: 1, create: 1),
        Row(
            "409 quota",
            .success(
                .failure(
                    409, "Conflict", "Operation cannot be fulfilled on resourcequotas",
                    details: #"{"kind":"resourcequotas"}"#)),
            get: 1, apply: 2, create: 2),
        Row(
            "409 field manager",
            .success(
                .failure(
                    409, "Conflict", "Apply failed",
                    details: #"{"causes":[{"reason":"FieldManagerConflict","message":"conflict","field":".data"}]}"#)),
            get: 1, apply: 1, create: 1),
        Row("409 version", .success(.failure(409, "Conflict", "modified")), get: 1, apply: 1, create: 1),
        Row("403", .success(.failure(403, "Forbidden", "exceeded quota")), get: 1, apply: 1, create: 1),
        Row("400", .success(.failure(400, "BadRequest", "no")), get: 1, apply: 1, create: 1),
        Row("422", .success(.failure(422, "Invalid", "no")), get: 1, apply: 1, create: 1),
        Row("401 with fixed credentials", .success(.failure(401, "Unauthorized", "no")), get: 1, apply: 1, create: 1),
        Row("404", .success(.failure(404, "NotFound", "no", details: #"{"name":"s"}"#)), get: 1, apply: 1, create: 1),
    ]

    @Test(arguments: table) func `each failure is tried again or stands, by kind of request`(row: Row) async throws {
        let object = KubernetesObject(secret)
        let operations: [(Int, @Sendable (ClusterClient) async throws -> Void)] = [
            (row.get, { _ = try await $0.get(object.key) }),
            (row.apply, { _ = try await $0.apply(object) }),
            (row.create, { _ = try await $0.create(object) }),
        ]
        for (expected, operation) in operations {
            let transport = ScriptedTransport([row.answer, .success(Self.good)])
            if expected > 1 {
                try await operation(transport.client())
            } else {
                await #expect(throws: (any Error).self) { try await operation(transport.client()) }
            }
            #expect(transport.requests.count == expected)
        }
    }

    @Test func `a server that asks for patience gets it, up to a minute`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([
            .success(.failure(429, "TooManyRequests", "no", headers: ["Retry-After": "7"])),
            .success(.failure(429, "TooManyRequests", "no", headers: ["Retry-After": "999999999"])),
            .success(.failure(429, "TooManyRequests", "no", headers: ["Retry-After": "-1"])),
            .success(.failure(429, "TooManyRequests", "no", headers: ["Retry-After": "Fri, 20 Nov 2026 11:37:28 GMT"])),
            .success(Self.good),
        ])
        _ = try await transport.client(clock: clock).get(secret)
        #expect(clock.sleeps == [.seconds(7), .seconds(60), .milliseconds(800), .milliseconds(1600)])
    }

    @Test func `waits double from a fifth of a second to ten seconds, within two minutes`() async throws {
        let clock = TestClock()
        let transport = ScriptedTransport([.failure(TransportError(.refused, "no"))])
        let events = Mutex<[RetryEvent]>([])
        let client = transport.client(clock: clock).reportingRetries { event in events.withLock { $0.append(event) } }
        await #expect(throws: TransportError.self) { try await client.get(secret) }
        let sleeps = clock.sleeps
        #expect(sleeps.prefix(4) == [.milliseconds(200), .milliseconds(400), .milliseconds(800), .milliseconds(1600)])
        #expect(sleeps.max() == .seconds(10))
        #expect(sleeps.reduce(.zero, +) <= .seconds(120))
        #expect(sleeps.reduce(.zero, +) > .seconds(109))
        let seen = events.withLock { $0 }
        #expect(seen.count == sleeps.count)
        #expect(seen.first?.request.description == "get Secret/s in namespace fl")
        #expect(seen.map(\.attempt) == Array(1...sleeps.count))
        #expect(seen.first?.cause == "cannot get Secret/s in namespace fl: no")
    }

    @Test func `a creation whose answer was lost is found to be ours`() async throws {
        let object = KubernetesObject(
            ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s", "namespace": "fl"], "type": "ours"])
        let transport = ScriptedTransport { request, number in
            if number == 1 { throw TransportError(.reset, "no", mayHaveBeenProcessed: true) }
            return .json(
                #"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"fl","uid":"u"},"type":"ours","data":{}}"#
            )
        }
        let result = try await transport.client().create(object)
        #expect(result.created)
        #expect(result.object.uid == "u")
        #expect(transport.lines.map { $0.prefix(4) } == ["POST", "GET "])
    }

    @Test func `a stranger's object in place of a lost creation is an error`() async throws {
        let object = KubernetesObject(
            ["apiVersion": "v1", "kind": "Secret", "metadata": ["name": "s", "namespace": "fl"], "type": "ours"])
        let transport = ScriptedTransport { request, number in
            switch (number, request.method) {
            case (1, _): .failure(504, "Timeout", "lost")
            case (_, .post): .failure(409, "AlreadyExists", "already exists")
            default:
                .json(#"{"apiVersion":"v1","kind":"Secret","metadata":{"name":"s","namespace":"fl"},"type":"theirs"}"#)
            }
        }
        await #expect { try await transport.client().create(object) } throws: {
            ($0 as? APIError)?.reason == .alreadyExists
        }
    }

    @Test func `an unconditional replacement is not sent twice after an ambiguous failure`() async throws {
        let transport = ScriptedTransport([.failure(TransportError(.timeout, "no", mayHaveBeenProcessed: true))])
        await #expect(throws: TransportError.self) { try await transport.client().replace(KubernetesObject(secret)) }
        await #expect(throws: TransportError.self) { try await transport.client().delete(secret) }
        #expect(transport.requests.count == 2)
    }

    @Test func `a kind whose definition was just written may be unknown for a while`() async throws {
        let clock = TestClock()
        let definition = KubernetesObject([
            "apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
            "metadata": ["name": "widgets.example.com"],
            "spec": ["group": "example.com", "names": ["kind": "Widget"]],
        ])
        let listing = """
            {"kind":"APIGroupDiscoveryList","items":[{"metadata":{"name":"example.com"},"versions":[{"version":"v1",
            "resources":[{"resource":"widgets","responseKind":{"kind":"Widget"},"scope":"Namespaced","verbs":["get"]}]}]}]}
            """
        let tries = Mutex(0)
        let transport = ScriptedTransport { request, _ in
            if request.target.hasPrefix("/apis/apiextensions") { return .json(definition.value.jsonString()) }
            if request.target == "/api" || request.target == "/apis" { return .json(listing) }
            let number = tries.withLock { tries in
                tries += 1
                return tries
            }
            return number < 4
                ? .failure(404, "NotFound", "the server could not find the requested resource")
                : .json(#"{"apiVersion":"example.com/v1","kind":"Widget","metadata":{"name":"w"}}"#)
        }
        let client = transport.client(clock: clock)
        _ = try await client.apply(definition)
        let widget = ObjectKey(.init(apiVersion: "example.com/v1", kind: "Widget"), namespace: "fl", name: "w")
        #expect(try await client.get(widget).name == "w")
        #expect(clock.sleeps.count == 3)
    }

    @Test func `the lock's lane is never limited, and a failing server halves the bound of the others`() async throws {
        let clock = TestClock()
        let inFlight = Mutex((now: 0, most: 0))
        let transport = ScriptedTransport { request, number in
            if number <= 3 { return .failure(429, "TooManyRequests", "no") }
            inFlight.withLock { count in
                count.now += 1
                count.most = max(count.most, count.now)
            }
            for _ in 0..<50 { await Task.yield() }
            inFlight.withLock { $0.now -= 1 }
            return Self.good
        }
        let client = transport.client(clock: clock)
        _ = try await client.get(secret)
        try await withThrowingTaskGroup { group in
            for _ in 0..<40 { group.addTask { _ = try await client.get(secret) } }
            try await group.waitForAll()
        }
        #expect(inFlight.withLock { $0.most } <= 2)
        inFlight.withLock { $0.most = 0 }
        try await withThrowingTaskGroup { group in
            for _ in 0..<40 { group.addTask { _ = try await client.on(.lease).get(secret) } }
            try await group.waitForAll()
        }
        #expect(inFlight.withLock { $0.most } > 2)
    }
}
