// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct CustomTableTests {
    private let now = Timestamp(seconds: 1_795_180_605)
    private let job: Value = [
        "apiVersion": "git.iflytek.com/v1", "kind": "IflearnerJob",
        "metadata": ["name": "j", "creationTimestamp": "2026-11-20T13:11:45Z", "labels": ["a.b/c": "l"]],
        "spec": ["role": "server", "count": 3, "ratio": 0.5, "on": true, "list": [["n": 1], ["n": 2]]],
        "status": [
            "phase": "Running",
            "conditions": [["type": "Ready", "status": "False"], ["type": "Other", "status": "True", "age": 7]],
        ],
    ]

    @Test func `a CRD without printer columns shows name and age`() {
        let table = TablePrinter(printerColumns: []).table(of: [job], listMetadata: [:], now: now)
        #expect(table["columnDefinitions"]?.array?.map { $0["name"] } == ["Name", "Age"])
        #expect(table["rows"]?[0]?["cells"] == ["j", "5m"])
    }

    @Test func `printer columns keep their priority, and a missing field is an empty cell`() {
        let table = TablePrinter(printerColumns: [
            ["name": "Role", "type": "string", "jsonPath": ".spec.role"],
            ["name": "Gone", "type": "string", "jsonPath": ".spec.gone", "priority": 1],
            ["name": "Count", "type": "integer", "jsonPath": ".spec.count"],
            ["name": "Since", "type": "date", "jsonPath": ".spec.role"],
            ["name": "On", "type": "boolean", "jsonPath": ".spec.on"],
            ["name": "Ratio", "type": "number", "jsonPath": ".spec.ratio"],
        ]).table(of: [job], listMetadata: [:], now: now)
        #expect(table["columnDefinitions"]?[2]?["priority"] == 1)
        #expect(table["rows"]?[0]?["cells"] == ["j", "server", nil, 3, "<invalid>", true, 0.5])
    }

    @Test(arguments: [
        (".spec.role", "server"), ("spec.role", ""), ("", ""),
        (".status.conditions[?(@.type==\"Ready\")].status", "False"),
        (".status.conditions[?(@.type=='Other')].age", "7"), (".status.conditions[?(@.age>=7)].type", "Other"),
        (".status.conditions[?(@.age)].type", "Other"), (".spec.list[*].n", "1"), (".spec.list[-1].n", "2"),
        (".spec.list[9].n", ""), (".metadata.labels['a.b/c']", "l"), (".metadata.labels.a\\.b/c", "l"),
        (".spec.list", #"[{"n":1},{"n":2}]"#), (".spec.list[0]", #"{"n":1}"#), (".spec.on", "true"),
        (".spec[", ""), (".spec.list[x]", ""), (".status.conditions[?(@.type==\"Ready\")", ""),
    ])
    func `a path finds its first value`(path: String, text: String) {
        let found = JSONPath(path)?.values(in: job).first.map(JSONPath.text)
        #expect((found ?? "") == text)
    }

    @Test(arguments: [
        (TableOptions.IncludedObject.none, Value.null),
        (
            .metadata,
            Value.mapping([
                "kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1beta1", "metadata": ["name": "x"],
            ])
        ),
        (
            .object,
            Value.mapping(["kind": "Pod", "apiVersion": "v1", "metadata": ["name": "x"], "status": ["phase": "Failed"]])
        ),
    ])
    func `a row carries what includeObject asks for`(include: TableOptions.IncludedObject, object: Value) {
        let pod: Value = [
            "kind": "Pod", "apiVersion": "v1", "metadata": ["name": "x"], "status": ["phase": "Failed"],
        ]
        let table = TablePrinter(group: "", resource: "pods").table(
            of: [pod], listMetadata: [:], now: now,
            options: TableOptions(version: "v1beta1", includeObject: include, includeColumns: false))
        #expect(table["apiVersion"] == "meta.k8s.io/v1beta1")
        #expect(table["columnDefinitions"] == [])
        #expect(table["rows"]?[0]?["object"] == object)
        #expect(table["rows"]?[0]?["conditions"]?[0]?["reason"] == "Failed")
    }
}
