// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Sandbox
import Testing
import Values

/// Compares answers with those of a real API server, which were recorded in `Fixtures/answers.txt`.
struct RecordedAnswerTests {
    struct Exchange: Sendable {
        var line: String
        var method = "GET"
        var path = ""
        var headers: [String] = []
        var body: [UInt8]?
        var status = 0
        var answer = ""
    }

    /// Reads the requests and answers of the recording.
    static func recorded() throws -> [Exchange] {
        let folder = #filePath.split(separator: "/").dropLast().joined(separator: "/")
        let file = fopen("/\(folder)/Fixtures/answers.txt", "r")
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: 1 << 20)
        bytes.removeLast(bytes.count - fread(&bytes, 1, bytes.count, file))
        var exchanges: [Exchange] = []
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasPrefix("### ") {
                exchanges.append(try request(String(line.dropFirst(4))))
            } else if let status = Int(line.prefix(3)),
                line.dropFirst(3).hasPrefix(" application") || line.hasSuffix("utf-8")
            {
                exchanges[exchanges.endIndex - 1].status = status
            } else if !exchanges.isEmpty {
                exchanges[exchanges.endIndex - 1].answer += line + "\n"
            }
        }
        return exchanges
    }

    private static func request(_ line: String) throws -> Exchange {
        var exchange = Exchange(line: line)
        let parts = line.split(separator: " -d ", maxSplits: 1)
        if parts.count == 2 { exchange.body = Array(parts[1].replacing(" -o /dev/null", with: "").utf8) }
        if let match = parts[0].firstMatch(of: /-X([A-Z]+)/) { exchange.method = String(match.1) }
        for match in parts[0].matches(of: /-H (\S+: .+?)(?= -|$| https)/) { exchange.headers.append(String(match.1)) }
        let match = try #require(parts[0].firstMatch(of: /https:\/\/127.0.0.1:17443(\S+)/))
        exchange.path = String(match.1)
        return exchange
    }

    /// What differs from run to run: identities, revisions and times.
    static func normalized(_ text: String) -> String {
        text.replacing(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/, with: "UID")
            .replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ/, with: "TIME")
            .replacing(/"resourceVersion":"\d+"/, with: "\"resourceVersion\":\"RV\"")
            .replacing(/resource version: (\d+) \(\d+\)/) { "resource version: \($0.1) (RV)" }
            .replacing(/current: \d+/, with: "current: RV")
    }

    /// Answers that depend on what the recorded server was, not on what was asked of it.
    private static let skipped = [
        "kube-root-ca.crt",  // an object of the recorded cluster
        "resourceVersionMatch=NotOlderThan&allowWatchBookmarks",  // its storage could not say where it is
    ]

    @Test func `answers are those of a real server`() async throws {
        var configuration = SandboxConfiguration.bare
        configuration.minorVersion = 36
        try await withSandbox(configuration) { server, client in
            var client = client
            client.userAgent = "curl/7.88.1"
            let web: Value = [
                "apiVersion": "apps/v1", "kind": "Deployment", "metadata": ["name": "web"],
                "spec": [
                    "selector": ["matchLabels": ["app": "web"]],
                    "template": [
                        "metadata": ["labels": ["app": "web"]],
                        "spec": ["containers": [["name": "web", "image": "nginx"]]],
                    ],
                ],
            ]
            #expect(try await client.post("/apis/apps/v1/namespaces/default/deployments", web).status == 201)
            var isTooOld = false
            for exchange in try Self.recorded() where !Self.skipped.contains(where: exchange.line.contains) {
                if exchange.path.contains("watch=1"), !isTooOld {
                    isTooOld = true
                    server.forgetHistory()
                }
                let answer = try await client.send(
                    exchange.method, exchange.path, body: exchange.body, headers: exchange.headers)
                #expect(answer.status == exchange.status, "\(exchange.line)")
                if exchange.line.contains("/dev/null") || exchange.line.hasPrefix("-i") { continue }
                let expected =
                    (try? Value(json: exchange.answer)).map { $0.jsonString(.canonical) }
                    ?? exchange.answer.split(separator: "\n").joined()
                let actual =
                    (try? Value(json: answer.bytes)).map { $0.jsonString(.canonical) }
                    ?? answer.text.split(separator: "\n").joined()
                #expect(Self.normalized(actual) == Self.normalized(expected), "\(exchange.line)")
            }
        }
    }
}
