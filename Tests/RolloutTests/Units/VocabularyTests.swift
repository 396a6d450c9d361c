// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Records
import Testing

@testable import Rollout

struct VocabularyTests {
    @Test(
        arguments: [
            ([.notReady, .rejected], ExitCode.rejected),
            ([.notReady, .timedOut], .notReady),
            ([.success], .success),
            ([], .success),
            ([.locked, .conflict], .locked),
            ([.interrupted, .rollbackFailed], .interrupted),
            ([.rollbackFailed, .rolledBack, .locked], .rollbackFailed),
            ([.rolledBack, .locked], .rolledBack),
            ([.partial, .preflight], .partial),
        ] as [([ExitCode], ExitCode)])
    func `the most important code decides (§6.13)`(codes: [ExitCode], expected: ExitCode) {
        #expect(ExitCode.deciding(codes) == expected)
    }

    @Test func `exit codes are the documented numbers (§6.13)`() {
        #expect(ExitCode.allCases.map(\.rawValue) == Array(0...17) + [64, 130, 143])
    }

    @Test(arguments: [
        (SubJobStatus.pending, SubJobStatus.blocked, true), (.pending, .planning, true), (.blocked, .planning, true),
        (.planning, .applying, true), (.applying, .waiting, true), (.waiting, .applying, true),
        (.waiting, .success, true), (.pruning, .waiting, true), (.applying, .failed, true), (.blocked, .skipped, true),
        (.applying, .skipped, false), (.success, .waiting, false), (.failed, .applying, false),
        (.waiting, .pending, false), (.waiting, .blocked, false), (.success, .rolledBack, true),
        (.waiting, .rolledBack, false),
    ])
    func `components go from state to state in order (J-6)`(from: SubJobStatus, to: SubJobStatus, isAllowed: Bool) {
        #expect(from.canBecome(to) == isAllowed)
    }

    @Test(arguments: [
        (JobStatus.pending, JobStatus.running, true), (.running, .success, true), (.running, .stopping, true),
        (.stopping, .canceled, true), (.failed, .running, true), (.canceled, .running, true),
        (.success, .running, false), (.running, .pending, false), (.running, .interrupted, false),
        (.stopping, .running, true), (.failed, .success, false),
    ])
    func `jobs go from status to status in order (J-6)`(from: JobStatus, to: JobStatus, isAllowed: Bool) {
        #expect(from.canBecome(to) == isAllowed)
    }

    @Test func `time scales divide every duration`() {
        let timing = Timing().scaled(by: 10)
        #expect(timing.componentTimeout == .seconds(60))
        #expect(timing.lease.duration == .seconds(6))
        #expect(timing.poll == .milliseconds(500))
        #expect(Timing().scaled(by: 1) == Timing())
    }

    @Test(arguments: [
        (Duration.seconds(5), "5s"), (.seconds(60), "1m"), (.seconds(150), "2m30s"), (.milliseconds(400), "400ms"),
        (.zero, "0s"),
    ])
    func `durations are said as people say them`(duration: Duration, text: String) {
        #expect(duration.text == text)
    }
}
