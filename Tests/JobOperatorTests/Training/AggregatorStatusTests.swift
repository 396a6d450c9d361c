// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ClusterAPI
import JobOperator
import Testing
import Values

/// What aggregators say, and what is made of what they should not say.
struct AggregatorStatusTests {
    private func read(_ json: String) throws -> AggregatorStatus { try AggregatorStatus(try Value(json: json)) }

    private func problem(_ json: String) -> String? {
        do {
            _ = try read(json)
        } catch {
            return "\(error)"
        }
        return nil
    }

    @Test func `parties are read by name, and unknown keys are passed over`() throws {
        let status = try read(
            """
            {"party-b": {"ready": false, "complete": false, "current_epoch": 0, "total_epoch": 10, "new": [1]},
             "party-a": {"ready": true, "complete": false, "current_epoch": 1, "total_epoch": 10}}
            """)
        #expect(status.totalEpochs == 10)
        #expect(
            status.parties == [
                .init(name: "party-a", isReady: true, isComplete: false, epoch: 1),
                .init(name: "party-b", isReady: false, isComplete: false, epoch: 0),
            ])
    }

    @Test func `an aggregator without parties, or without a number of epochs, makes sense`() throws {
        #expect(try read("{}") == AggregatorStatus(parties: [], totalEpochs: nil))
        let endless = try read(#"{"a": {"ready": true, "complete": true, "current_epoch": 7, "total_epoch": null}}"#)
        #expect(endless.totalEpochs == nil)
        #expect(endless.parties.first?.epoch == 7)
    }

    @Test(arguments: [
        (#"[]"#, "expected an object, found array"),
        (#"{"a": 1}"#, "a: expected an object, found integer"),
        (#"{"a": {"complete": true, "current_epoch": 1}}"#, "a.ready: expected a boolean, found nothing"),
        (
            #"{"a": {"ready": "yes", "complete": true, "current_epoch": 1}}"#,
            "a.ready: expected a boolean, found string"
        ),
        (
            #"{"a": {"ready": true, "complete": true, "current_epoch": 1.5}}"#,
            "a.current_epoch: expected a whole number, found number"
        ),
        (
            #"{"a": {"ready": true, "complete": true, "current_epoch": null}}"#,
            "a.current_epoch: expected a whole number, found nothing"
        ),
        (#"{"a": {"ready": true, "complete": true, "current_epoch": -1}}"#, "a.current_epoch: -1 is out of range"),
        (
            #"{"a": {"ready": true, "complete": true, "current_epoch": 1, "total_epoch": 1000000001}}"#,
            "a.total_epoch: 1000000001 is out of range"
        ),
    ])
    func `a wrong answer says where it is wrong`(json: String, text: String) {
        #expect(problem(json) == text)
    }

    @Test func `an answer without bounds is refused`() {
        let party = #"{"ready": true, "complete": true, "current_epoch": 1}"#
        func answer(_ count: Int) -> String {
            "{" + (0..<count).map { "\"p\($0)\": \(party)" }.joined(separator: ",") + "}"
        }
        #expect(problem(answer(AggregatorStatus.partyLimit)) == nil)
        #expect(problem(answer(AggregatorStatus.partyLimit + 1)) == "513 parties are more than 512")
        let name = String(repeating: "n", count: 129)
        #expect(problem("{\"\(name)\": \(party)}")?.hasSuffix("…: the name is longer than 128 bytes") == true)
    }

    @Test(
        arguments: [
            (["python", "server.py", "-n=3", "--epochs=10"], 3, 10), (["-n", "3", "--epochs", "10"], 3, 10),
            (["-n3"], 3, nil), (["--num=4"], 4, nil), (["--num", "4"], 4, nil),
            // flow's list of arguments grows with each start of a task; argparse takes the last.
            (["-n=2", "--epochs=5", "-n=3", "--epochs=10"], 3, 10),
            (["-n=x", "--epochs=-1"], nil, nil), (["-n"], nil, nil), (["-n=0", "-nothing"], nil, nil), ([], nil, nil),
        ] as [([String], Int?, Int64?)])
    func `the command line says who is to come`(arguments: [String], parties: Int?, epochs: Int64?) {
        let job = IflearnerJob(
            KubernetesObject([
                "spec": [
                    "template": ["spec": ["containers": [["args": .array(arguments.map(Value.string))]]]]
                ]
            ]))
        #expect(TrainingTerms(of: job) == TrainingTerms(parties: parties, epochs: epochs))
        #expect(TrainingTerms(of: IflearnerJob(KubernetesObject([:]))) == TrainingTerms())
    }
}
