// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Sandbox

@Suite struct JSONPatchTests {
    private func apply(_ patch: String, to document: String) throws -> Value {
        try JSONPatch(Value(json: patch)).applied(to: Value(json: document))
    }

    @Test(arguments: [
        (#"{"a":1}"#, #"[{"op":"add","path":"/b","value":[1]}]"#, #"{"a":1,"b":[1]}"#),
        (#"{"a":[1,3]}"#, #"[{"op":"add","path":"/a/1","value":2}]"#, #"{"a":[1,2,3]}"#),
        (#"{"a":[1]}"#, #"[{"op":"add","path":"/a/-","value":2}]"#, #"{"a":[1,2]}"#),
        (#"{"a":1,"b":2}"#, #"[{"op":"remove","path":"/a"}]"#, #"{"b":2}"#),
        (#"{"a":[1,2]}"#, #"[{"op":"remove","path":"/a/0"}]"#, #"{"a":[2]}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"replace","path":"/a/b","value":null}]"#, #"{"a":{"b":null}}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"move","from":"/a/b","path":"/c"}]"#, #"{"a":{},"c":1}"#),
        (#"{"a":{"b":1}}"#, #"[{"op":"copy","from":"/a","path":"/c"}]"#, #"{"a":{"b":1},"c":{"b":1}}"#),
        (#"{"a/b":1,"c~d":2}"#, #"[{"op":"remove","path":"/a~1b"},{"op":"remove","path":"/c~0d"}]"#, "{}"),
        (#"{"a":1}"#, #"[{"op":"test","path":"/a","value":1.0}]"#, #"{"a":1}"#),
        (#"{"a":1}"#, #"[{"op":"test","path":"/b","value":null}]"#, #"{"a":1}"#),
        (#"{"a":1}"#, "[]", #"{"a":1}"#),
    ])
    func `operations do what RFC 6902 says`(document: String, patch: String, expected: String) throws {
        #expect(try apply(patch, to: document) == Value(json: expected))
    }

    @Test(arguments: [
        #"[{"op":"test","path":"/data/a","value":"9"}]"#, #"[{"op":"remove","path":"/data/zz"}]"#,
        #"[{"op":"replace","path":"/nope","value":1}]"#, #"[{"op":"add","path":"/x/y","value":1}]"#,
        #"[{"op":"add","path":"/list/5","value":1}]"#, #"[{"op":"add","path":"/list/01","value":1}]"#,
        #"[{"op":"move","from":"/data","path":"/data/b"}]"#, #"[{"op":"copy","from":"/nope","path":"/a"}]"#,
        #"[{"op":"jump","path":"/a"}]"#, #"[{"op":"add","path":"a","value":1}]"#, #"[{"op":"remove","path":""}]"#,
        "[1]",
    ])
    func `what cannot be done is refused with the server's body`(patch: String) throws {
        let error = try #require(throws: StatusError.self) {
            try apply(patch, to: #"{"data":{"a":"1"},"list":[1]}"#)
        }
        let expected = try Value(
            json: #"""
                {"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":"the server rejected our request due to an error in our request","reason":"Invalid","details":{},"code":422}
                """#)
        #expect(error.body == expected)
    }

    @Test func `a failed operation changes nothing before it`() throws {
        #expect(throws: StatusError.self) {
            try apply(#"[{"op":"add","path":"/b","value":1},{"op":"remove","path":"/zz"}]"#, to: "{}")
        }
    }

    @Test func `too many operations are refused`() throws {
        let many = Value.array(Array(repeating: ["op": "remove", "path": "/a"], count: 10_001))
        let error = try #require(throws: StatusError.self) { try JSONPatch(many) }
        #expect(error.code == 413)
        #expect(throws: StatusError.self) { try JSONPatch(["op": "add"]) }
    }

    @Test(arguments: [
        (#"{"a":"b"}"#, #"{"a":"c"}"#, #"{"a":"c"}"#), (#"{"a":"b"}"#, #"{"a":null}"#, "{}"),
        (#"{"a":{"b":"c","d":1}}"#, #"{"a":{"b":null}}"#, #"{"a":{"d":1}}"#),
        (#"{"a":[1]}"#, #"{"a":[2]}"#, #"{"a":[2]}"#),
        ("{}", #"{"a":{"bb":{"ccc":null}}}"#, #"{"a":{"bb":{}}}"#), (#"{"a":1}"#, "[1]", "[1]"),
    ])
    func `merge patches do what RFC 7386 says`(document: String, patch: String, expected: String) throws {
        #expect(try Value(json: document).applyingMergePatch(Value(json: patch)) == Value(json: expected))
    }
}
