// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

/// One row: an object as JSON, and the cells that a real server gives for it, wide ones included.
struct TableCase: Sendable, CustomTestStringConvertible {
    var group = ""
    var resource: String
    var object: String
    var cells: [Value]
    var testDescription: String { "\(resource): \(cells.map { $0.string ?? JSONPath.text($0) })" }
}

@Suite struct TableCellTests {
    static let now = "2026-11-20T13:00:00Z"
    /// Metadata of an object named `x` that is five minutes old.
    static let metadata = #""metadata":{"name":"x","namespace":"ns","creationTimestamp":"2026-11-20T12:55:00Z"}"#

    @Test(arguments: podCases + workloadCases + networkCases + otherCases)
    func `cells are those that a real server sends`(row: TableCase) throws {
        let now = try #require(Timestamp(Self.now))
        let object = try Value(json: row.object)
        let table = TablePrinter(group: row.group, resource: row.resource)
            .table(of: [object], listMetadata: ["resourceVersion": "7"], now: now)
        #expect(table[path: "metadata", "resourceVersion"] == "7")
        #expect(table["rows"]?[0]?["cells"]?.array == row.cells)
    }

    static func pod(_ status: String, spec: String = #""containers":[{"name":"c","image":"i"}]"#, deleted: Bool = false)
        -> String
    {
        let deletion = deleted ? #","deletionTimestamp":"2026-11-20T12:59:00Z""# : ""
        return """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"x","creationTimestamp":"2026-11-20T12:55:00Z"\(deletion)},
            "spec":{"nodeName":"n",\(spec)},"status":{"podIP":"10.1.0.2",\(status)}}
            """
    }

    static func podRow(
        _ ready: Value, _ status: Value, _ statusJSON: String, restarts: Value = "0",
        spec: String = #""containers":[{"name":"c","image":"i"}]"#, deleted: Bool = false
    ) -> TableCase {
        TableCase(
            resource: "pods", object: pod(statusJSON, spec: spec, deleted: deleted),
            cells: ["x", ready, status, restarts, "5m", "10.1.0.2", "n", "<none>", "<none>"])
    }

    static let initSpec = #""initContainers":[{"name":"a"},{"name":"b"}],"containers":[{"name":"c"}]"#
    static let sidecarSpec = #""initContainers":[{"name":"a","restartPolicy":"Always"}],"containers":[{"name":"c"}]"#
    static let running = #"{"name":"c","ready":true,"restartCount":0,"state":{"running":{}}}"#

    static let podCases: [TableCase] = [
        podRow("0/1", "Pending", #""phase":"Pending""#),
        podRow("1/1", "Running", #""phase":"Running","containerStatuses":[\#(running)]"#),
        podRow("1/1", "Terminating", #""phase":"Running","containerStatuses":[\#(running)]"#, deleted: true),
        podRow(
            "0/1", "ImagePullBackOff",
            #""phase":"Pending","containerStatuses":[{"state":{"waiting":{"reason":"ImagePullBackOff"}}}]"#),
        podRow(
            "0/1", "CrashLoopBackOff",
            """
            "phase":"Running","containerStatuses":[{"restartCount":4,"state":{"waiting":{"reason":"CrashLoopBackOff"}},
            "lastState":{"terminated":{"exitCode":1,"finishedAt":"2026-11-20T12:58:30Z"}}}]
            """, restarts: "4 (90s ago)"),
        podRow(
            "0/1", "Completed",
            #""phase":"Succeeded","containerStatuses":[{"state":{"terminated":{"exitCode":0,"reason":"Completed"}}}]"#),
        podRow(
            "0/1", "ExitCode:3",
            #""phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":3}}}]"#),
        podRow(
            "0/1", "Signal:9",
            #""phase":"Failed","containerStatuses":[{"state":{"terminated":{"exitCode":137,"signal":9}}}]"#),
        podRow("0/1", "Evicted", #""phase":"Failed","reason":"Evicted""#),
        podRow("0/1", "Unknown", #""phase":"Running","reason":"NodeLost""#, deleted: true),
        podRow("0/1", "Failed", #""phase":"Failed""#, deleted: true),
        podRow(
            "0/1", "SchedulingGated",
            #""phase":"Pending","conditions":[{"type":"PodScheduled","status":"False","reason":"SchedulingGated"}]"#),
        podRow(
            "0/1", "Init:1/2",
            """
            "phase":"Pending","initContainerStatuses":[{"name":"a","state":{"terminated":{"exitCode":0}}},
            {"name":"b","state":{"running":{}}}],
            "containerStatuses":[{"state":{"waiting":{"reason":"PodInitializing"}}}]
            """, spec: initSpec),
        podRow(
            "0/1", "Init:Error",
            """
            "phase":"Pending","initContainerStatuses":[{"name":"a","restartCount":2,
            "lastState":{"terminated":{"finishedAt":"2026-11-20T12:56:40Z"}},
            "state":{"terminated":{"exitCode":1,"reason":"Error"}}}]
            """, restarts: "2 (3m20s ago)", spec: initSpec),
        podRow(
            "0/1", "Init:ImagePullBackOff",
            #""phase":"Pending","initContainerStatuses":[{"name":"a","state":{"waiting":{"reason":"ImagePullBackOff"}}}]"#,
            spec: initSpec),
        podRow(
            "2/2", "Running",
            """
            "phase":"Running","initContainerStatuses":[{"name":"a","started":true,"ready":true,"restartCount":0,
            "state":{"running":{}}}],"containerStatuses":[\(running)]
            """, spec: sidecarSpec),
        podRow(
            "1/2", "NotReady",
            """
            "phase":"Running","containerStatuses":[{"state":{"terminated":{"exitCode":0,"reason":"Completed"}}},
            \(running)]
            """, spec: #""containers":[{"name":"c"},{"name":"d"}]"#),
    ]
}
