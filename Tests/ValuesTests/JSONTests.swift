// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@Suite struct JSONTests {
    @Test(arguments: [
        (#"{"b":1,"a":[true,false,null]}"#, Value.mapping(["b": 1, "a": [true, false, nil]])),
        ("9223372036854775807", .int(.max)),
        ("-9223372036854775808", .int(.min)),
        ("9223372036854775808", .double(9_223_372_036_854_775_808)),
        ("1.0", .double(1)),
        ("-0", .int(0)),
        ("1e3", .double(1000)),
        (#""\u00e9\ud83d\ude00\n\/""#, "é😀\n/"),
        ("\u{FEFF}[]", .array([])),
        (" { } ", .mapping([:])),
    ]) func `a text is read exactly`(text: String, expected: Value) throws {
        #expect(try Value(json: text) == expected)
    }

    @Test(arguments: [
        ("", 1, 1), ("{", 1, 2), ("[1,]", 1, 4), ("{\"a\":1,}", 1, 8), ("[1\n 2]", 2, 2), ("01", 1, 1), ("1.", 1, 3),
        ("tru", 1, 1), ("\"\u{1}\"", 1, 2), ("\"\\ud800\"", 1, 2), ("\"\\x\"", 1, 2), ("\"abc", 1, 1),
        ("1e999", 1, 1), ("{} x", 1, 4), ("NaN", 1, 1), ("\"\\u+123\"", 1, 4),
    ]) func `a bad text is refused at its place`(text: String, line: Int, column: Int) throws {
        let error = #expect(throws: JSONError.self) { try Value(json: text) }
        #expect(error?.line == line)
        #expect(error?.column == column)
    }

    @Test func `invalid UTF-8 is refused`() {
        #expect(throws: JSONError.self) { try Value(json: [0x22, 0xFF, 0x22]) }
    }

    @Test func `deep nesting is refused before the stack ends`() {
        #expect(throws: JSONError.self) { try Value(json: String(repeating: "[", count: 100_000)) }
    }

    @Test func `deep nesting is left out where that is asked for, and the rest is read`() throws {
        var options = JSONReadingOptions()
        options.deepValues = .leftOut
        options.depthLimit = 3
        let text = #"{"a":{"b":{"c":{"]}":"\"}]{"},"d":[[1],[]]}},"e":[2]}"#
        #expect(try Value(json: text, options: options) == ["a": ["b": ["c": nil, "d": nil]], "e": [2]])
        let depth = 100_000
        let deep =
            #"{"deep":"# + String(repeating: #"{"a":["#, count: depth) + String(repeating: "]}", count: depth) + "}"
        options.depthLimit = 500
        let value = try Value(json: deep, options: options)
        #expect(value["deep"]?["a"]?[0]?["a"] != nil)
        #expect(throws: JSONError.self) { try Value(json: String(deep.dropLast(2)), options: options) }
        #expect(throws: JSONError.self) { try Value(json: #"[[[["\ud800"]]]]"#, options: options) }
    }

    @Test func `a duplicate key wins last or is refused`() throws {
        let text = #"{"a":1,"a":2}"#
        #expect(try Value(json: text) == ["a": 2])
        var strict = JSONReadingOptions()
        strict.duplicateKeys = .refused
        let error = #expect(throws: JSONError.self) { try Value(json: text, options: strict) }
        #expect(error?.message == "duplicate key \"a\"")
        #expect(error?.column == 8)
    }

    @Test(arguments: [
        (Value.double(1), "1"), (.double(0.1), "0.1"), (.double(1e21), "1e+21"),
        (.double(1e20), "100000000000000000000"),
        (.double(1e-7), "1e-7"), (.double(0.000001), "0.000001"), (.double(-1234567.8), "-1234567.8"),
        (.double(1.5e300), "1.5e+300"), (.int(.max), "9223372036854775807"), ("a\"\\\u{1}é", "\"a\\\"\\\\\\u0001é\""),
    ]) func `numbers and strings are written as Go writes them`(value: Value, expected: String) {
        #expect(value.jsonString() == expected)
    }

    @Test func `keys stand in order, or sorted by bytes`() {
        let value: Value = ["b": 1, "a": ["é": 1, "z": 2], "B": nil]
        #expect(value.jsonString() == #"{"b":1,"a":{"é":1,"z":2},"B":null}"#)
        #expect(value.jsonString(.canonical) == #"{"B":null,"a":{"z":2,"é":1},"b":1}"#)
    }

    @Test func `the pretty form indents by two and closes empty lists at once`() {
        let value: Value = ["a": [1, 2], "b": [], "c": [:]]
        #expect(value.jsonString(.pretty) == "{\n  \"a\": [\n    1,\n    2\n  ],\n  \"b\": [],\n  \"c\": {}\n}")
    }

    @Test func `HTML is escaped only on demand`() {
        let value: Value = "<a>&\u{2028}"
        #expect(value.jsonString() == "\"<a>&\u{2028}\"")
        #expect(value.jsonString(JSONWritingOptions(escapesHTML: true)) == "\"\\u003ca\\u003e\\u0026\\u2028\"")
    }
}
