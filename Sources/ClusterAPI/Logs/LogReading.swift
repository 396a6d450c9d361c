// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Reads a log and goes on where it was after a broken connection.
struct LogReading {
    let client: ClusterClient
    let pod: ObjectKey
    var options: LogOptions

    private var body: HTTPBody.Iterator?
    private var assembler = LineAssembler()
    /// Lines to give, the next one last.
    private var ready: [LogLine] = []
    private var hasEnded = false
    private var failures = 0
    /// The time stamp of the last line and how many lines with it were given: the server only knows whole seconds.
    private var last = (timestamp: "", count: 0)
    /// The lines to leave out after reconnecting.
    private var skip: (until: String, count: Int)?

    init(client: ClusterClient, pod: ObjectKey, options: LogOptions) {
        self.client = client
        self.pod = pod
        self.options = options
    }

    mutating func next() async throws -> LogLine? {
        while true {
            if let line = ready.popLast() { return line }
            if hasEnded { return nil }
            do {
                try await readOn()
            } catch let error as TransportError where options.follow && error.kind == .reset && failures < 10 {
                try await reconnect(after: error)
            }
        }
    }

    private mutating func readOn() async throws {
        if body == nil { body = try await open().body.makeAsyncIterator() }
        if let chunk = try await body?.next() {
            take(assembler.lines(in: chunk))
        } else {
            hasEnded = true
            take(assembler.rest().map { [$0] } ?? [])
        }
    }

    private func open() async throws -> HTTPStream {
        let description = RequestDescription(.logs, pod)
        return try await client.withResource(for: .pod) { resource in
            let path = resource.path(namespace: pod.namespace, name: pod.name, subresource: "log")
            let request = HTTPRequest(
                .get, ClusterClient.target(path, options.query), headers: ["Accept": "*/*"],
                timeout: options.follow ? nil : .seconds(600), lane: .streams)
            return try await client.pipeline.stream(
                Exchange(request: request, description: description, safety: .read, onRetry: client.onRetry))
        }
    }

    private mutating func take(_ lines: [[UInt8]]) {
        var fresh: [LogLine] = []
        for bytes in lines {
            let line = parsed(bytes)
            if isRepeated(line) { continue }
            last = line.timestamp == last.timestamp ? (last.timestamp, last.count + 1) : (line.timestamp, 1)
            failures = 0
            fresh.append(line)
        }
        ready = fresh.reversed() + ready
    }

    private mutating func isRepeated(_ line: LogLine) -> Bool {
        guard let (until, count) = skip else { return false }
        if line.timestamp < until { return true }
        guard line.timestamp == until, count > 0 else {
            skip = nil
            return false
        }
        skip = (until, count - 1)
        return true
    }

    private mutating func reconnect(after error: TransportError) async throws {
        failures += 1
        let delay = client.pipeline.policy.delay(after: failures, jitter: 1)
        client.onRetry?(
            RetryEvent(request: RequestDescription(.logs, pod), cause: error.message, attempt: failures, delay: delay))
        try await client.pipeline.time.sleep(delay)
        body = nil
        assembler = LineAssembler()
        if let moment = Timestamp(rfc3339: last.timestamp) {
            options.since = moment
            options.tail = nil
            skip = (last.timestamp, last.count)
        }
    }

    /// Splits the server's time stamp off: `2026-11-20T11:37:28.123456789Z text`.
    private func parsed(_ bytes: [UInt8]) -> LogLine {
        let container = options.container ?? ""
        if let blank = bytes.prefix(40).firstIndex(of: UInt8(ascii: " ")) {
            let stamp = String(decoding: bytes[..<blank], as: UTF8.self)
            if Timestamp(rfc3339: stamp) != nil {
                let text = String(decoding: bytes[(blank + 1)...], as: UTF8.self)
                return LogLine(pod: pod.name, container: container, timestamp: stamp, text: text)
            }
        }
        return LogLine(
            pod: pod.name, container: container, timestamp: "", text: String(decoding: bytes, as: UTF8.self))
    }
}
