// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

/// How the simulated trainings go on, by a clock of the test's own.
struct TrainingTests {
    static let length = Duration.seconds(5)

    static func member(_ uid: String, _ role: TrainingRole) -> Training.Member {
        Training.Member(podUID: uid, key: ObjectKey(.pods, namespace: "default", name: uid), role: role)
    }

    static let aggregator = member("agg", .aggregator(task: "t", parties: 2, epochs: 3))
    static func client(_ party: String) -> Training.Member {
        member(party, .client(task: "t", party: party, epochs: 7))
    }

    static func shown(_ training: Training, at seconds: Int64) -> [String] {
        let status = training.status(at: .seconds(seconds), length: length).mapping ?? Mapping()
        return status.map { party, value in
            let epochs = "\(value["current_epoch"]?.int ?? -1)/\(value["total_epoch"]?.int ?? -1)"
            return
                "\(party) \(epochs)\(value["ready"] == true ? " ready" : "")\(value["complete"] == true ? " complete" : "")"
        }
    }

    @Test(arguments: [
        (
            "python aggregate_server.py -n=2 --epochs=3", "iflearnerjob-server-abc",
            TrainingRole.aggregator(task: "abc", parties: 2, epochs: 3)
        ),
        (
            "python iflearner/business/homo/aggregate_server.py -n=2 --epochs=3 -n=4 --epochs=9", "agg",
            .aggregator(task: "agg", parties: 4, epochs: 9)
        ),
        ("x/aggregate_server.py --num 3", "agg", .aggregator(task: "agg", parties: 3, epochs: nil)),
        (
            "aggregate_server.py -n3 --epochs 99999999999999999999", "agg",
            .aggregator(task: "agg", parties: 3, epochs: nil)
        ),
        (
            "python train.py --name=a --epochs=3 --server=abc.server.iflearner.com:30031 --cert=/etc/c.crt", "p",
            .client(task: "abc", party: "a", epochs: 3)
        ),
    ]) func `a command line tells the part in a training`(line: String, pod: String, role: TrainingRole) {
        #expect(TrainingRole(line.split(separator: " ").map(String.init), pod: pod) == role)
    }

    @Test(arguments: ["python train.py", "train --server=local:1 --name=a", "train --name=a", "nginx -g daemon"])
    func `other command lines take no part`(line: String) {
        #expect(TrainingRole(line.split(separator: " ").map(String.init), pod: "p") == nil)
    }

    @Test func `rounds begin when all parties have come, and end after as many as were asked for`() {
        var training = Training()
        let change1 = training.join(Self.aggregator, at: .seconds(0), length: Self.length)
        #expect(change1)
        #expect(Self.shown(training, at: 10) == [])
        let change2 = training.join(Self.client("a"), at: .seconds(10), length: Self.length)
        #expect(change2)
        let change3 = training.join(Self.client("a"), at: .seconds(11), length: Self.length)
        #expect(!change3)
        #expect(Self.shown(training, at: 100) == ["a 0/3 ready"])
        #expect(training.left(at: .seconds(100), length: Self.length) == nil)
        let change4 = training.join(Self.client("b"), at: .seconds(100), length: Self.length)
        #expect(change4)
        #expect(Self.shown(training, at: 100) == ["a 1/3 ready", "b 1/3 ready"])
        #expect(Self.shown(training, at: 105) == ["a 2/3 ready", "b 2/3 ready"])
        #expect(training.left(at: .seconds(105), length: Self.length) == .seconds(10))
        #expect(Self.shown(training, at: 114) == ["a 3/3 ready", "b 3/3 ready"])
        #expect(Self.shown(training, at: 115) == ["a 3/3 ready complete", "b 3/3 ready complete"])
        // The parties are done and go; the aggregator knows of them yet.
        let change5 = training.leave("a", at: .seconds(115), length: Self.length)
        #expect(change5)
        let change6 = training.leave("b", at: .seconds(116), length: Self.length)
        #expect(change6)
        #expect(Self.shown(training, at: 999) == ["a 3/3 ready complete", "b 3/3 ready complete"])
    }

    @Test func `a training stands still while a party is away`() {
        var training = Training()
        _ = training.join(Self.client("b"), at: .seconds(0), length: Self.length)
        _ = training.join(Self.client("a"), at: .seconds(0), length: Self.length)
        _ = training.join(Self.aggregator, at: .seconds(10), length: Self.length)
        #expect(training.isGoingOn)
        let change7 = training.leave("a", at: .seconds(16), length: Self.length)
        #expect(change7)
        #expect(!training.isGoingOn)
        #expect(Self.shown(training, at: 500) == ["b 2/3 ready", "a 2/3 ready"])
        let again = Self.member("a again", .client(task: "t", party: "a", epochs: nil))
        let change8 = training.join(again, at: .seconds(500), length: Self.length)
        #expect(change8)
        #expect(training.left(at: .seconds(500), length: Self.length) == .seconds(9))
    }

    @Test func `a new aggregator begins anew, a party too many is not let in`() {
        var training = Training()
        for member in [Self.aggregator, Self.client("a"), Self.client("b"), Self.client("c")] {
            _ = training.join(member, at: .seconds(0), length: Self.length)
        }
        #expect(Self.shown(training, at: 6) == ["a 2/3 ready", "b 2/3 ready"])
        _ = training.leave("agg", at: .seconds(6), length: Self.length)
        #expect(!training.isGoingOn)
        let other = Self.member("other", .aggregator(task: "t", parties: 3, epochs: nil))
        _ = training.join(other, at: .seconds(20), length: Self.length)
        #expect(Self.shown(training, at: 20) == ["a 1/-1 ready", "b 1/-1 ready", "c 1/-1 ready"])
        // Where the aggregator was told no number of rounds, the parties know it.
        #expect(training.left(at: .seconds(20), length: Self.length) == .seconds(35))
    }
}
