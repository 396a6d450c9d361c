// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Synchronization
import Testing

@Suite struct Logs {
    let pod = ObjectKey(.pod, namespace: "fl", name: "web-1")

    private static func text(_ body: String, ending: String = "") -> HTTPResponse {
        HTTPResponse(status: 200, headers: ["X-Test-Ending": ending], body: Array(body.utf8))
    }

    @Test func `lines are put together, stamped, and keep their blanks`() async throws {
        let transport = ScriptedTransport { _, _ in
            Self.text(
                "2026-11-20T11:37:28.000000001Z first line\n2026-11-20T11:37:29Z   indented \r\n2026-11-20T11:37:30Z \nno stamp\n2026-11-20T11:37:31Z end"
            )
        }
        var lines: [LogLine] = []
        for try await line in transport.client().logs(of: pod, options: LogOptions(container: "web", tail: 5)) {
            lines.append(line)
        }
        #expect(lines.map(\.text) == ["first line", "  indented ", "", "no stamp", "end"])
        #expect(lines[0].timestamp == "2026-11-20T11:37:28.000000001Z" && lines[3].timestamp.isEmpty)
        #expect(
            transport.lines == ["GET /api/v1/namespaces/fl/pods/web-1/log?timestamps=true&container=web&tailLines=5"])
    }

    @Test func `a followed log goes on after a break without losing or repeating a line`() async throws {
        let transport = ScriptedTransport { request, number in
            switch number {
            case 1:
                Self.text(
                    "2026-11-20T11:37:28.1Z a\n2026-11-20T11:37:29.5Z b\n2026-11-20T11:37:29.5Z b2\n2026-11-20T11:37:29.9Z hal",
                    ending: "reset")
            default:
                Self.text(
                    "2026-11-20T11:37:29.1Z a2\n2026-11-20T11:37:29.5Z b\n2026-11-20T11:37:29.5Z b2\n2026-11-20T11:37:29.5Z b3\n2026-11-20T11:37:29.9Z half\n"
                )
            }
        }
        var lines: [String] = []
        for try await line in transport.client().logs(of: pod, options: LogOptions(follow: true, tail: 10)) {
            lines.append(line.text)
        }
        #expect(lines == ["a", "b", "b2", "b3", "half"])
        #expect(transport.lines[1].contains("sinceTime=2026-11-20T11%3A37%3A29Z"))
        #expect(!transport.lines[1].contains("tailLines"))
        #expect(transport.requests.map(\.timeout) == [nil, nil])
    }

    @Test func `a log that is not followed tells of a break`() async throws {
        let transport = ScriptedTransport { _, _ in Self.text("2026-11-20T11:37:28Z a\n", ending: "reset") }
        await #expect(throws: TransportError.self) {
            for try await _ in transport.client().logs(of: pod) {}
        }
    }

    @Test func `a container that has not started is the server's error`() async throws {
        let transport = ScriptedTransport { _, _ in
            .failure(
                400, "BadRequest", "container \\\"web\\\" in pod \\\"web-1\\\" is waiting to start: ContainerCreating")
        }
        await #expect {
            for try await _ in transport.client().logs(of: pod) {}
        } throws: { ($0 as? APIError)?.message.contains("waiting to start") == true }
    }

    @Test func `a log without line ends does not fill the memory`() async throws {
        let transport = ScriptedTransport { _, _ in Self.text(String(repeating: "x", count: 3_000_000)) }
        var lengths: [Int] = []
        for try await line in transport.client().logs(of: pod) { lengths.append(line.text.utf8.count) }
        #expect(lengths.reduce(0, +) == 3_000_000 && lengths.count == 3)
    }

    private static let pods = #"""
        {"metadata":{"resourceVersion":"5"},"items":[
         {"metadata":{"name":"b","uid":"2","creationTimestamp":"2026-11-20T12:00:00Z"},
          "spec":{"initContainers":[{"name":"i"}],"containers":[{"name":"c"}]},
          "status":{"containerStatuses":[{"name":"c","state":{"running":{}}}],
                    "initContainerStatuses":[{"name":"i","state":{"terminated":{"exitCode":0}}}]}},
         {"metadata":{"name":"a","uid":"1","creationTimestamp":"2026-11-20T12:00:01Z"},
          "spec":{"containers":[{"name":"c"}]},
          "status":{"containerStatuses":[{"name":"c","state":{"waiting":{"reason":"ContainerCreating"}}}]}}]}
        """#

    @Test func `the logs of all pods come by age, and what cannot be read is told`() async throws {
        let transport = ScriptedTransport { request, _ in
            if request.target.contains("/pods?") { return .json(Self.pods) }
            if request.target.contains("/a/") { return .failure(400, "BadRequest", "is waiting to start") }
            return Self.text("2026-11-20T11:37:28Z of \(request.target.split(separator: "=").last ?? "")\n")
        }
        let lines = Mutex<[String]>([])
        let troubles = Mutex<[String]>([])
        try await transport.client().podLogs(namespace: "fl", selector: Selector(labels: ["a": "b"])).read { line in
            lines.withLock { $0.append("\(line.pod) \(line.container) \(line.text)") }
        } trouble: { trouble in
            troubles.withLock { $0.append("\(trouble.pod) \(trouble.container)") }
        }
        #expect(lines.withLock { $0 } == ["b i of i", "b c of c"])
        #expect(troubles.withLock { $0 } == ["a c"])
    }

    @Test func `followed logs are joined by pods that start later, each run once`() async throws {
        let started =
            #"{"type":"MODIFIED","object":{"apiVersion":"v1","kind":"Pod","metadata":{"name":"a","uid":"1"},"spec":{"containers":[{"name":"c"}]},"status":{"containerStatuses":[{"name":"c","restartCount":0,"state":{"running":{}}}]}}}"#
            + "\n"
        let transport = ScriptedTransport { request, _ in
            if request.target.contains("watch=true") {
                return .json(started + started, headers: ["X-Test-Ending": "never"])
            }
            if request.target.contains("/pods?") { return .json(Self.pods) }
            return Self.text("2026-11-20T11:37:28Z x\n")
        }
        let (lines, line) = AsyncStream.makeStream(of: String.self)
        let reading = Task {
            try await transport.client().podLogs(
                namespace: "fl", selector: .all, options: LogOptions(follow: true, tail: 3)
            ).read {
                line.yield("\($0.pod) \($0.container)")
            } trouble: { _ in
            }
        }
        var seen = Set<String>()
        for await text in lines {
            seen.insert(text)
            if seen.count == 3 { break }
        }
        reading.cancel()
        _ = await reading.result
        #expect(seen == ["b i", "b c", "a c"])
        let logs = transport.lines.filter { $0.contains("/log?") }
        #expect(logs.count == 3)
        #expect(logs.filter { $0.contains("tailLines=3") }.count == 2)
    }
}
