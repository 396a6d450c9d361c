// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import Processes
import Testing
import Values

@testable import JobOperator

/// Two controllers that both ask an aggregator agree on what they say.
@Suite struct TrainingMemoryTests {
    private static let progress = TrainingProgress(
        parties: [AggregatorStatus.Party(name: "a", isReady: true, isComplete: false, epoch: 1)], expectedParties: 1,
        totalEpochs: 10)

    private static func job(saying observation: TrainingObservation? = nil) -> IflearnerJob {
        var object = KubernetesObject(ObjectKey(JobContract.kind, namespace: "default", name: "a"))
        object.value.set("uid", at: ["metadata", "uid"])
        object.value["status"] = ["phase": "Running", "training": observation?.value ?? .null]
        return IflearnerJob(object)
    }

    private static func moment(_ wall: Timestamp) -> TrainingMemory.Moment {
        TrainingMemory.Moment(wall: wall, elapsed: .seconds(wall.seconds))
    }

    @Test func `who saw a change first is right about its time`() throws {
        let early = Timestamp(seconds: 1000)
        let late = Timestamp(seconds: 1007)
        var memory = TrainingMemory(of: Self.job())
        let first = memory.note(Self.progress, of: Self.job(), at: Self.moment(late), patience: .seconds(900))
        #expect(first?.addition.training == TrainingObservation(Self.progress, lastChangeTime: late).value)
        // The other one has written meanwhile.
        let said = TrainingObservation(Self.progress, lastChangeTime: early)
        let second = memory.note(
            Self.progress, of: Self.job(saying: said), at: Self.moment(late), patience: .seconds(900))
        #expect(second?.addition.training == said.value)
        // Both say the same now: there is nothing to tell.
        let third = memory.note(
            Self.progress, of: Self.job(saying: said), at: Self.moment(late), patience: .seconds(900))
        #expect(third == nil)
    }

    @Test func `who saw it later does not make it younger, and has nothing to tell`() throws {
        let early = Timestamp(seconds: 1000)
        var memory = TrainingMemory(of: Self.job())
        _ = memory.note(Self.progress, of: Self.job(), at: Self.moment(early), patience: .seconds(900))
        let said = TrainingObservation(Self.progress, lastChangeTime: Timestamp(seconds: 1007))
        let news = memory.note(
            Self.progress, of: Self.job(saying: said), at: Self.moment(Timestamp(seconds: 1030)),
            patience: .seconds(900))
        #expect(news == nil)
    }
}
