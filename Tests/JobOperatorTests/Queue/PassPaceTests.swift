// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import JobOperator

@Suite struct PassPaceTests {
    private let job = JobKey(namespace: "default", name: "a")

    @Test func `after a burst of passes there is one in an interval, and the burst comes back`() {
        let pace = PassPace(interval: .seconds(5))
        for _ in 0..<PassPace.burst { #expect(pace.wait(before: job, at: .seconds(100)) == nil) }
        #expect(pace.wait(before: job, at: .seconds(100)) == .seconds(5))
        #expect(pace.wait(before: job, at: .seconds(103)) == .seconds(2))
        #expect(pace.wait(before: job, at: .seconds(105)) == nil)
        #expect(pace.wait(before: job, at: .seconds(105)) == .seconds(5))
        // Other jobs go their own way.
        #expect(pace.wait(before: JobKey(namespace: "default", name: "b"), at: .seconds(105)) == nil)
        for _ in 0..<PassPace.burst { #expect(pace.wait(before: job, at: .seconds(1000)) == nil) }
    }

    @Test func `a job that is gone is forgotten`() {
        let pace = PassPace(interval: .seconds(5))
        for _ in 0..<PassPace.burst { #expect(pace.wait(before: job, at: .zero) == nil) }
        pace.forget(job)
        #expect(pace.wait(before: job, at: .zero) == nil)
    }
}
