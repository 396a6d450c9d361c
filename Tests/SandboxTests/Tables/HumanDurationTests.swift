// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Sandbox

@Suite struct HumanDurationTests {
    @Test(arguments: [
        (-2, "<invalid>"), (-1, "0s"), (0, "0s"), (119, "119s"), (120, "2m"), (267, "4m27s"), (599, "9m59s"),
        (600, "10m"), (10_799, "179m"), (10_800, "3h"), (11_100, "3h5m"), (28_799, "7h59m"), (28_800, "8h"),
        (172_799, "47h"), (172_800, "2d"), (187_200, "2d4h"), (691_199, "7d23h"), (691_200, "8d"),
        (63_071_999, "729d"), (63_072_000, "2y"), (66_096_000, "2y35d"), (252_288_000, "8y"),
    ])
    func `a duration reads as kubectl writes it`(seconds: Int, text: String) {
        #expect(HumanDuration.text(.seconds(seconds)) == text)
    }

    @Test func `an unknown instant has no age`() {
        #expect(HumanDuration.since(nil, now: Timestamp(seconds: 0)) == "<unknown>")
    }

    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0, 0), ("2026-11-20T13:16:45Z", 1_795_180_605, 0),
        ("2024-02-29T23:59:59.250Z", 1_709_251_199, 250_000_000), ("2026-11-20T14:16:45+01:00", 1_795_180_605, 0),
        ("1969-12-31T23:59:59Z", -1, 0),
    ])
    func `a timestamp is read and written`(text: String, seconds: Int64, nanoseconds: Int64) throws {
        let timestamp = try #require(Timestamp(text))
        #expect(timestamp == Timestamp(seconds: seconds, nanoseconds: nanoseconds))
        #expect(Timestamp(timestamp.precise) == timestamp)
        #expect(Timestamp(timestamp.description)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "now", "2026-11-20", "2026-13-20T13:16:45Z", "2026-11-20T24:16:45Z", "2026-11-20T13:16:45",
        "2026-11-20T13:16:45.Z", "2026-11-20T13:16:45Zz", "2026-11-20T13:16:45+1:00", "20é6-11-20T13:16:45Z",
    ])
    func `other texts are no timestamps`(text: String) {
        #expect(Timestamp(text) == nil)
    }
}
