// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Synchronization
import Telemetry
import Testing
import Values

struct LogTests {
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        var all: [String] { lines.withLock { $0 } }
        func add(_ line: String) { lines.withLock { $0.append(line) } }
    }

    private let lines = Lines()

    private func log(from level: Log.Level = .info) -> Log {
        var time = TimeSource.system
        time.wall = { Timestamp(seconds: 1_795_174_648, nanoseconds: 5000) }
        return Log(from: level, time: time) { [lines] in lines.add($0) }
    }

    @Test func `an event is one line of JSON with level, time and message first`() {
        log().adding(["relay": "a"]).warn("connection failed", ["error": "one\ntwo \"three\"", "bytes": 5])
        #expect(
            lines.all == [
                #"{"level":"warn","ts":"2026-11-20T11:37:28.000005Z","msg":"connection failed","relay":"a","#
                    + #""error":"one\ntwo \"three\"","bytes":5}"#
            ])
    }

    @Test func `events below the least level are left out`() {
        let log = log(from: .warn)
        log.debug("a")
        log.info("b")
        log.warn("c")
        log.error("d")
        #expect(lines.all.count == 2)
    }
}

struct MetricsTextTests {
    @Test func `metrics are shown as Prometheus reads them`() {
        var metrics = MetricsText()
        metrics.add(
            "a_total", .counter, "How\noften.", [.init(3 as UInt64), .init(0.5, ["name": "a\"b\\c\nd", "x": "y"])])
        metrics.add("b", .gauge, "Now.", [])
        #expect(
            metrics.text == #"""
                # HELP a_total How\noften.
                # TYPE a_total counter
                a_total 3
                a_total{name="a\"b\\c\nd",x="y"} 0.5
                # HELP b Now.
                # TYPE b gauge

                """#)
    }
}
