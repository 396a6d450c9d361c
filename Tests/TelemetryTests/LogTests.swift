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

    private func log(from level: Log.Level = .info, as format: Log.Format = .json) -> Log {
        var time = TimeSource.system
        time.wall = { Timestamp(seconds: 1_795_174_648, nanoseconds: 5000) }
        return Log(from: level, as: format, time: time) { [lines] in lines.add($0) }
    }

    @Test func `an event is one line of JSON with level, time and message first`() {
        log().adding(["relay": "a"]).warn("connection failed", ["error": "one\ntwo \"three\"", "bytes": 5])
        #expect(
            lines.all == [
                #"{"level":"warn","ts":"2026-11-20T11:37:28.000005Z","msg":"connection failed","relay":"a","#
                    + #""error":"one\ntwo \"three\"","bytes":5}"#
            ])
    }

    @Test func `text is for people, and can be cut at blanks and equals signs`() {
        log(as: .text).info(
            "job is reconciled", ["job": "default/a", "seconds": 0.012, "error": "no \"x\" = y", "empty": ""])
        #expect(
            lines.all == [
                #"level=info ts=2026-11-20T11:37:28.000005Z msg="job is reconciled" job=default/a seconds=0.012 "#
                    + #"error="no \"x\" = y" empty="""#
            ])
    }

    @Test(arguments: Log.Format.allCases)
    func `what others say cannot steer a terminal or forge a line`(format: Log.Format) {
        log(as: format).info("x", ["error": "\u{1B}[2J\u{9B}1m\u{7F}\u{202E}\nlevel=error\u{2028}"])
        #expect(lines.all.count == 1)
        let harmful = lines.all[0].unicodeScalars.filter { scalar in
            scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || [0x202E, 0x2028].contains(scalar.value)
        }
        #expect(harmful.isEmpty)
        #expect(lines.all[0].contains(#"\u009b1m\u007f\u202e\nlevel=error\u2028"#))
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

    @Test func `durations are counted below each bound, and below all of them`() {
        var histogram = Histogram(bounds: [0.5, 2])
        for duration in [Duration.milliseconds(500), .seconds(1), .seconds(3)] { histogram.observe(duration) }
        var metrics = MetricsText()
        metrics.add("t", "Times.", histogram, ["name": "x"])
        #expect(
            metrics.text == #"""
                # HELP t Times.
                # TYPE t histogram
                t_bucket{name="x",le="0.5"} 1
                t_bucket{name="x",le="2"} 2
                t_bucket{name="x",le="+Inf"} 3
                t_sum{name="x"} 4.5
                t_count{name="x"} 3

                """#)
    }
}
