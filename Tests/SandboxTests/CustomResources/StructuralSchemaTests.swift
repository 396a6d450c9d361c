// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct StructuralSchemaTests {
    private static let schema = #"""
        {"type":"object","required":["spec"],"properties":{"spec":{"type":"object","required":["role"],"properties":{
        "role":{"type":"string"},"mode":{"type":"string","enum":["a","b"],"default":"a"},
        "count":{"type":"integer","minimum":1,"maximum":5},"ratio":{"type":"number","exclusiveMinimum":true,"minimum":0},
        "host":{"type":"string","pattern":"^[a-z]+$","maxLength":5},"port":{"x-kubernetes-int-or-string":true},
        "when":{"type":"string","format":"date-time"},"note":{"type":"string","nullable":true},
        "free":{"type":"object","x-kubernetes-preserve-unknown-fields":true},
        "template":{"type":"object","x-kubernetes-embedded-resource":true,"properties":{"spec":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}},
        "labels":{"type":"object","additionalProperties":{"type":"string"},"maxProperties":2},
        "items":{"type":"array","maxItems":3,"x-kubernetes-list-type":"map","x-kubernetes-list-map-keys":["name"],
        "items":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"size":{"type":"integer","default":3}}}},
        "tags":{"type":"array","x-kubernetes-list-type":"set","items":{"type":"string"}},
        "choice":{"type":"object","properties":{"x":{"type":"integer"},"y":{"type":"integer"}},"oneOf":[{"required":["x"]},{"required":["y"]}]}
        }},"status":{"type":"object","x-kubernetes-preserve-unknown-fields":true}}}
        """#

    private func compiled() throws -> StructuralSchema { StructuralSchema(try Value(json: Self.schema)) }

    private func problems(_ spec: String) throws -> [String] {
        var object: Value = ["apiVersion": "x.io/v1", "kind": "A", "metadata": ["name": "a"]]
        object["spec"] = try Value(json: spec)
        return try compiled().problems(in: object).map(\.description)
    }

    @Test(arguments: [
        ("{}", "spec.role: Required value"),
        (#"{"role":5}"#, #"spec.role: Invalid value: "integer": spec.role in body must be of type string: "integer""#),
        (#"{"role":"r","mode":"c"}"#, #"spec.mode: Unsupported value: "c": supported values: "a", "b""#),
        (
            #"{"role":"r","count":0}"#,
            "spec.count: Invalid value: 0: spec.count in body should be greater than or equal to 1"
        ),
        (
            #"{"role":"r","count":6}"#,
            "spec.count: Invalid value: 6: spec.count in body should be less than or equal to 5"
        ),
        (
            #"{"role":"r","count":1.5}"#,
            #"spec.count: Invalid value: "number": spec.count in body must be of type integer: "number""#
        ),
        (#"{"role":"r","ratio":0}"#, "spec.ratio: Invalid value: 0: spec.ratio in body should be greater than 0"),
        (#"{"role":"r","host":"A"}"#, #"spec.host: Invalid value: "A": spec.host in body should match '^[a-z]+$'"#),
        (#"{"role":"r","host":"abcdef"}"#, "spec.host: Too long: may not be more than 5 bytes"),
        (
            #"{"role":"r","port":{}}"#,
            #"spec.port: Invalid value: "object": spec.port in body must be of type integer,string: "object""#
        ),
        (
            #"{"role":"r","when":"today"}"#,
            #"spec.when: Invalid value: "today": spec.when in body must be of type date-time: "today""#
        ),
        (
            #"{"role":"r","labels":{"a":1}}"#,
            #"spec.labels.a: Invalid value: "integer": spec.labels.a in body must be of type string: "integer""#
        ),
        (#"{"role":"r","labels":{"a":"","b":"","c":""}}"#, "spec.labels: Too many: 3: must have at most 2 items"),
        (#"{"role":"r","items":[{"name":"a"},{"name":"a"}]}"#, #"spec.items[1]: Duplicate value: {"name":"a"}"#),
        (#"{"role":"r","items":[{}]}"#, "spec.items[0].name: Required value"),
        (#"{"role":"r","tags":["a","a"]}"#, #"spec.tags[1]: Duplicate value: "a""#),
        (
            #"{"role":"r","choice":{}}"#,
            #"spec.choice: Invalid value: {}: "spec.choice" must validate one and only one schema (oneOf). Found none valid"#
        ),
        (#""text""#, #"spec: Invalid value: "string": spec in body must be of type object: "string""#),
    ])
    func `values are checked in the server's words`(spec: String, expected: String) throws {
        let found = try problems(spec)
        #expect(found.contains(expected), "\(found)")
    }

    @Test func `good values pass`() throws {
        let spec =
            #"{"role":"r","count":5,"port":"http","note":null,"when":"2026-01-01T00:00:00Z","choice":{"x":1},"free":{"a":[1]}}"#
        #expect(try problems(spec).isEmpty)
        #expect(try compiled().problems(in: ["metadata": [:]]).map(\.description) == ["spec: Required value"])
    }

    @Test func `unknown fields are pruned, and strict clients are told`() throws {
        let json = #"""
            {"apiVersion":"x.io/v1","kind":"A","metadata":{"name":"a","labels":{"l":"v"},"bogus":1},"extra":1,
            "spec":{"role":"r","nope":{"deep":1},"free":{"kept":{"x":1}},"template":{"metadata":{"name":"n"},"spec":{"any":1},"gone":1},
            "items":[{"name":"a","odd":1}]},"status":{"whatever":1}}
            """#
        let schema = try compiled()
        let pruned = schema.pruned(try Value(json: json))
        let expected = try Value(
            json: #"""
                {"apiVersion":"x.io/v1","kind":"A","metadata":{"name":"a","labels":{"l":"v"}},
                "spec":{"role":"r","free":{"kept":{"x":1}},"template":{"metadata":{"name":"n"},"spec":{"any":1}},
                "items":[{"name":"a"}]},"status":{"whatever":1}}
                """#)
        #expect(pruned == expected)
        let error = try #require(throws: StatusError.self) {
            try ObjectDecoder(apiVersion: "x.io/v1", kind: "A", schema: schema.type)
                .decode(Array(json.utf8), fieldValidation: .strict)
        }
        #expect(
            error.message == #"""
                A in version "v1" cannot be handled as a A: strict decoding error: unknown field "metadata.bogus", unknown field "extra", unknown field "spec.nope", unknown field "spec.template.gone", unknown field "spec.items[0].odd"
                """#)
    }

    @Test func `defaults are filled in and nulls dropped`() throws {
        let object: Value = [
            "spec": [
                "mode": nil, "role": nil, "note": nil, "count": nil,
                "items": [["name": "a"], ["name": "b", "size": 9]],
            ]
        ]
        #expect(
            try compiled().defaulted(object) == [
                "spec": ["mode": "a", "note": nil, "items": [["name": "a", "size": 3], ["name": "b", "size": 9]]]
            ])
    }

    @Test func `server-side apply walks the schema`() throws {
        let schema = try compiled()
        let owner = FieldOwnership(apiVersion: "x.io/v1", kind: "A", schema: schema.type, time: "2026-01-01T00:00:00Z")
        func applied(_ items: Value) -> Value {
            ["apiVersion": "x.io/v1", "kind": "A", "metadata": ["name": "a"], "spec": ["role": "r", "items": items]]
        }
        let first = try owner.apply(live: nil, configuration: applied([["name": "a"]]), manager: "m", force: false)
        let second = try owner.apply(live: first, configuration: applied([["name": "b"]]), manager: "n", force: false)
        #expect(second[path: "spec", "items"] == [["name": "a"], ["name": "b"]])
        let error = try #require(throws: StatusError.self) {
            try owner.apply(
                live: second, configuration: applied([["name": "a", "odd": 1]]), manager: "m", force: false)
        }
        #expect(error.message.contains(#".spec.items[name="a"].odd: field not declared in schema"#))
    }

    @Test(arguments: [
        (#"{"type":"string"}"#, #"type: Invalid value: "string": must be object at the root"#),
        (#"{"type":"object","properties":{"a":{"type":"strng"}}}"#, #"properties[a].type: Unsupported value: "strng""#),
        (
            #"{"type":"object","properties":{"a":{"type":"array"}}}"#,
            "properties[a].items: Required value: must be specified"
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"string"}},"additionalProperties":{"type":"string"}}}}"#,
            "additionalProperties and properties are mutual exclusive"
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"array","items":{"type":"string"},"uniqueItems":true}}}"#,
            "uniqueItems cannot be set to true"
        ),
        (#"{"type":"object","properties":{"a":{"$ref":"x","type":"string"}}}"#, "$ref is not supported"),
        (
            #"{"type":"object","properties":{"a":{"type":"string","default":5}}}"#,
            #"properties[a].default: Invalid value: "integer""#
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"integer","x-kubernetes-int-or-string":true}}}"#,
            "must be empty if x-kubernetes-int-or-string is true"
        ),
        (
            #"{"type":"object","properties":{"a":{"type":"array","x-kubernetes-list-type":"map","items":{"type":"object"}}}}"#,
            "must not be empty if x-kubernetes-list-type is map"
        ),
        (#"{"type":"object","anyOf":[{"type":"object"}]}"#, "anyOf[0].type: Forbidden: must be empty to be structural"),
        (
            #"{"type":"object","properties":{"a":{"type":"string","pattern":"("}}}"#,
            "must be a valid regular expression"
        ),
    ])
    func `schemas that are not structural are refused`(json: String, expected: String) throws {
        let found = StructuralSchemaCheck.problems(in: try Value(json: json), at: FieldPath()).map(\.description)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test func `a good schema is structural, and rules that are not evaluated are told`() throws {
        #expect(StructuralSchemaCheck.problems(in: try Value(json: Self.schema), at: FieldPath()).isEmpty)
        #expect(try compiled().warning == nil)
        let ruled = StructuralSchema(["type": "object", "x-kubernetes-validations": [["rule": "self.a > 1"]]])
        #expect(ruled.warning?.contains("CEL") == true)
    }

    @Test func `without a schema everything is kept`() {
        let object: Value = ["apiVersion": "x/v1", "kind": "A", "anything": ["goes": [1, 2]]]
        #expect(StructuralSchema(nil).pruned(object) == object)
        #expect(StructuralSchema(nil).problems(in: object).isEmpty)
    }
}
