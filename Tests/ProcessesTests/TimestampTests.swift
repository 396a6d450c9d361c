// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes
import Testing

@Suite struct Timestamps {
    @Test(
        arguments: [
            ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-20T11:37:28Z", 1_795_174_648, 0),
            ("2000-02-29T23:59:59Z", 951_868_799, 0), ("1969-12-31T23:59:59Z", -1, 0),
            ("1600-03-01T00:00:00Z", -11_670_912_000, 0),
            ("2026-11-20T11:37:28.5Z", 1_795_174_648, 500_000_000),
            ("2026-11-20T11:37:28.123456789123Z", 1_795_174_648, 123_456_789),
            ("2026-11-20T13:37:28+02:00", 1_795_174_648, 0), ("2026-11-20T06:07:28-05:30", 1_795_174_648, 0),
        ] as [(String, Int64, Int32)])
    func `RFC 3339 is read`(text: String, seconds: Int64, nanoseconds: Int32) {
        #expect(Timestamp(rfc3339: text) == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
    }

    @Test(arguments: [
        "", "2026-11-20", "2026-13-20T11:37:28Z", "2026-02-29T11:37:28Z", "2026-11-20T24:00:00Z", "2026-11-20T11:37:28",
        "2026-11-20T11:37:28.Z", "2026-11-20T11:37:28Zx", "2026-11-20T11:37:28+0200", "+026-11-20T11:37:28Z",
    ])
    func `what is no RFC 3339 is nothing`(text: String) { #expect(Timestamp(rfc3339: text) == nil) }

    @Test func `every day of four centuries is written as it is read`() {
        for day in stride(from: -146_097 as Int64, through: 146_097, by: 13) {
            let moment = Timestamp(seconds: day * 86_400 + 45_296, nanoseconds: 7_000)
            #expect(Timestamp(rfc3339: moment.rfc3339Micro) == moment)
        }
    }

    @Test func `HTTP dates are read`() {
        #expect(Timestamp(httpDate: "Fri, 20 Nov 2026 11:37:28 GMT")?.rfc3339 == "2026-11-20T11:37:28Z")
        for text in ["", "Fri, 20 Nov 2026 11:37:28 CET", "20 Nov 2026", "Fri, 31 Feb 2026 11:37:28 GMT"] {
            #expect(Timestamp(httpDate: text) == nil)
        }
    }

    @Test func `durations are added and taken off`() {
        let moment = Timestamp(seconds: 10, nanoseconds: 500_000_000)
        #expect(moment + .milliseconds(700) == Timestamp(seconds: 11, nanoseconds: 200_000_000))
        #expect(moment + .milliseconds(-700) == Timestamp(seconds: 9, nanoseconds: 800_000_000))
        #expect(moment - Timestamp(seconds: 8) == .milliseconds(2500))
        #expect(Timestamp(seconds: 8) < moment)
    }

    @Test func `the machine's clocks run`() async throws {
        let clock = TimeSource.system
        let (monotonic, continuous) = (clock.monotonic(), clock.continuous())
        try await clock.sleep(.milliseconds(2))
        #expect(clock.monotonic() - monotonic >= .milliseconds(2))
        #expect(clock.continuous() - continuous >= .milliseconds(2))
        #expect(clock.wall() > Timestamp(seconds: 1_700_000_000))
    }
}
