// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Processes
import Testing
import Values

/// How far a training is, since when, and whether it is stalled or over.
struct TrainingTests {
    private let start = Timestamp(seconds: 1_795_176_000)

    private func party(_ name: String, _ epoch: Int64, ready: Bool = true, complete: Bool = false)
        -> AggregatorStatus.Party
    { .init(name: name, isReady: ready, isComplete: complete, epoch: epoch) }

    private func training(_ parties: AggregatorStatus.Party..., of expected: Int? = nil) -> TrainingProgress {
        TrainingProgress(parties: parties, expectedParties: expected, totalEpochs: 10)
    }

    @Test func `the epoch is that of the slowest party, and none before all have come`() {
        #expect(training(party("a", 4), party("b", 3)).epochText == "3/10")
        #expect(training(party("a", 1), of: 2).epoch == 0)
        #expect(training(party("a", 10, complete: true), party("b", 9)).epoch == 9)
        #expect(training(party("a", 10, complete: true), party("b", 8, complete: true)).epochText == "10/10")
        #expect(TrainingProgress(parties: [party("a", 4)]).epochText == "4")
        #expect(TrainingProgress().epoch == 0)
    }

    @Test func `parties count as ready of those that are expected`() {
        #expect(training(party("a", 1), party("b", 0, ready: false), of: 3).partiesText == "1/3")
        #expect(training(party("a", 1), party("b", 1)).partiesText == "2/2")
        // More than were asked for, which no aggregator lets in: then they count.
        #expect(training(party("a", 1), party("b", 1), of: 1).partiesText == "2/2")
    }

    @Test func `a training is complete when every expected party has finished`() {
        let done = party("a", 10, complete: true)
        #expect(training(done).isComplete)
        #expect(!training(done, of: 2).isComplete)
        #expect(!training(done, party("b", 10)).isComplete)
        #expect(!TrainingProgress().isComplete)
    }

    @Test func `what was seen is read back from a status as it was written`() throws {
        let seen = TrainingObservation(
            training(party("a", 4), party("界", 3, ready: false), of: 3), lastChangeTime: start)
        let text = seen.value.jsonString()
        let back = TrainingObservation(status: ["training": try Value(json: text)])
        #expect(back == seen)
        #expect(seen.value["epoch"]?.int == 0)
        #expect(seen.value["expectedParties"]?.int == 3)
        #expect(seen.value["lastChangeTime"] == "2026-11-20T12:00:00Z")
        for broken in ["{}", #"{"parties":[{"name":1}],"lastChangeTime":"x"}"#, #"{"parties":[]}"#, "3"] {
            #expect(TrainingObservation(status: ["training": try Value(json: broken)]) == nil)
        }
        #expect(TrainingObservation(status: nil) == nil)
    }

    @Test func `the time of the last change moves only when something else does`() {
        let first = TrainingObservation(training(party("a", 1), of: 1), lastChangeTime: start)
        let same = first.followed(by: training(party("a", 1), of: 1), at: start + .seconds(60))
        #expect(same == first)
        let later = same.followed(by: training(party("a", 2), of: 1), at: start + .seconds(90))
        #expect(later.lastChangeTime == start + .seconds(90))
        #expect(later.progress.epoch == 2)
    }

    // MARK: Stalled

    private func judge(
        _ progress: TrainingProgress, after seconds: Int64, isRunning: Bool = true,
        silence: (since: Timestamp, reason: String)? = nil
    ) -> TrainingVerdict {
        TrainingVerdict(
            TrainingObservation(progress, lastChangeTime: start), isRunning: isRunning, rest: .seconds(seconds),
            silence: silence.map {
                TrainingVerdict.Silence(
                    since: $0.since, reason: $0.reason, duration: start + .seconds(seconds) - $0.since)
            })
    }

    @Test func `a training is stalled after a quarter of an hour without change, and not before`() {
        let progress = training(party("a", 4), party("b", 3))
        #expect(judge(progress, after: 899).stalled.status == .no)
        let verdict = judge(progress, after: 900)
        #expect(verdict.stalled.status == .yes)
        #expect(verdict.stalled.reason == "PartiesBehind")
        #expect(
            verdict.stalled.message
                == "nothing has changed since 2026-11-20T12:00:00Z: in epoch 3/10: b; ahead: a")
        #expect(verdict.completed.status == .no)
        // The words do not change with the time, or each look would be a write.
        #expect(judge(progress, after: 9000) == verdict)
    }

    @Test func `who holds a stalled training up is named`() {
        func cause(_ progress: TrainingProgress) -> [String] {
            let answer = judge(progress, after: 1000).stalled
            return [answer.reason, String(answer.message.split(separator: ": ", maxSplits: 1).last ?? "")]
        }
        #expect(
            cause(training(party("a", 1), of: 3))
                == ["PartiesMissing", "2 of 3 parties have not registered (registered: a)"])
        #expect(cause(training(of: 2)) == ["PartiesMissing", "2 of 2 parties have not registered"])
        #expect(cause(training()) == ["NoParties", "no party has registered"])
        #expect(cause(training(party("a", 1), party("b", 0, ready: false))) == ["PartiesNotReady", "not ready: b"])
        #expect(
            cause(training(party("a", 3), party("b", 3)))
                == ["NoProgress", "every party is in epoch 3/10: a, b"])
        #expect(
            cause(training(party("a", 10, complete: true), party("b", 9)))
                == ["PartiesBehind", "in epoch 9/10: b; ahead: a"])
        let many = TrainingProgress(parties: (1...9).map { party("p\($0)", 0, ready: false) })
        #expect(cause(many) == ["PartiesNotReady", "not ready: p1, p2, p3, p4, p5 and 4 more"])
    }

    @Test func `what is over or does not run is not stalled`() {
        let done = training(party("a", 10, complete: true), party("b", 10, complete: true))
        let verdict = judge(done, after: 9000)
        #expect(verdict.stalled.status == .no)
        #expect(verdict.completed.status == .yes)
        #expect(verdict.completed.message == "all 2 parties have finished")
        #expect(judge(training(party("a", 1)), after: 9000, isRunning: false).stalled.reason == "NotRunning")
    }

    @Test func `an aggregator that does not answer is unknown, once that lasts`() {
        let progress = training(party("a", 4), party("b", 3))
        let short = judge(progress, after: 1000, silence: (start + .seconds(500), "no answer in time"))
        #expect(short.stalled.status == .no)
        // Who was stalled before it fell silent still is.
        let old = judge(progress, after: 1000, silence: (start + .seconds(950), "no answer in time"))
        #expect(old.stalled.status == .yes)
        let long = judge(progress, after: 2000, silence: (start + .seconds(500), "no answer in time"))
        #expect(long.stalled.status == .unknown)
        #expect(
            long.stalled.message
                == "its aggregator has not answered since 2026-11-20T12:08:20Z: no answer in time")
    }
}
