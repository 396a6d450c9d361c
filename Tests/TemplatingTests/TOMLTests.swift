// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Templating

/// `fromToml` (spec/templating.md C5): TOML 1.1 with the types and the messages of Go's BurntSushi decoder.
struct TOMLTests {
    /// What a template writes that sees the text as `.Values.text`.
    private func shown(_ template: String, of text: String) throws -> String {
        let quoted = GoJSON.encode(.text(text)).map(\.text)
        switch try Fixture.render(template, values: "text: \(try #require(quoted))\n") {
        case .text(let text): return text
        case .failure(let message): return "!" + message
        }
    }

    /// The values as JSON, or the message that `fromToml` leaves in their place.
    private func json(_ text: String) throws -> String {
        try shown("{{ toRawJson (fromToml .Values.text) }}", of: text)
    }

    private func problem(_ text: String) throws -> String {
        try shown(#"{{ get (fromToml .Values.text) "Error" }}"#, of: text)
    }

    @Test(arguments: [
        ("", "{}"),
        ("# only this\r\n", "{}"),
        ("a = 1 # one\nb = -17\nc = +0\n", #"{"a":1,"b":-17,"c":0}"#),
        ("a = 0xDEAD_beef\nb = 0o755\nc = 0b101\nd = 1_000", #"{"a":3735928559,"b":493,"c":5,"d":1000}"#),
        ("a = 9223372036854775807\nb = -9223372036854775808", #"{"a":9223372036854775807,"b":-9223372036854775808}"#),
        ("a = 1.5\nb = -1e3\nc = 6.626e-34\nd = 1_0.2_5", #"{"a":1.5,"b":-1000,"c":6.626e-34,"d":10.25}"#),
        ("a = true\nb = false", #"{"a":true,"b":false}"#),
        ("\"a b\" = 1\n'c.d' = 2\n\"\" = 3\n1234 = 4", #"{"":3,"1234":4,"a b":1,"c.d":2}"#),
    ])
    func `numbers, words and keys`(_ text: String, _ expected: String) throws {
        #expect(try json(text) == expected)
    }

    @Test func `a byte order mark is skipped`() throws {
        #expect(try TOMLReader.read([0xEF, 0xBB, 0xBF] + Bytes("a = 1"), localOffset: 0).keys == [Bytes("a")])
    }

    @Test(arguments: [
        (#"a = "x\ty\"z\\ \u00e9\U0001F600\x41""#, "x\ty\"z\\ é😀A"),
        (#"a = 'C:\new'"#, #"C:\new"#),
        ("a = \"\"\"\none\ntwo\"\"\"", "one\ntwo"),
        ("a = \"\"\"\r\none\r\ntwo\"\"\"", "one\r\ntwo"),
        ("a = \"\"\"one \\  \n\n   two\\\n\"\"\"", "one two"),
        ("a = \"\"\"\"quoted\"\" and \"this\"\"\"\"\"", "\"quoted\"\" and \"this\"\""),
        ("a = '''\nit's \\n\n'''''", "it's \\n\n''"),
        ("a = \"\"", ""),
        ("a = \"\"\"\"\"\"", ""),
    ])
    func `strings of four kinds`(_ text: String, _ expected: String) throws {
        #expect(try shown("{{ (fromToml .Values.text).a }}", of: text) == expected)
    }

    @Test(arguments: [
        ("[a]\nb = 1\n[a.c]\nd = 2\n[e]", #"{"a":{"b":1,"c":{"d":2}},"e":{}}"#),
        ("[a.b.c]\nx = 1\n[a]\ny = 2", #"{"a":{"b":{"c":{"x":1}},"y":2}}"#),
        ("[ a . \"b.c\" ]\nx = 1", #"{"a":{"b.c":{"x":1}}}"#),
        ("a.b = 1\na.c.d = 2\na . e = 3", #"{"a":{"b":1,"c":{"d":2},"e":3}}"#),
        ("[a]\nb.c = 1\n[a.b.d]\ne = 2", #"{"a":{"b":{"c":1,"d":{"e":2}}}}"#),
        (
            "[[a]]\nn = 1\n[a.t]\nx = 1\n[[a.l]]\n[[a.l]]\n[[a]]\nn = 2",
            #"{"a":[{"l":[{},{}],"n":1,"t":{"x":1}},{"n":2}]}"#
        ),
        ("a = [1, \"two\", [3.5], {x = 1},\n # more\n]", #"{"a":[1,"two",[3.5],{"x":1}]}"#),
        ("a = { b = 1, c.d = { e = [] } }\nf = {}", #"{"a":{"b":1,"c":{"d":{"e":[]}}},"f":{}}"#),
        ("a = {\n b = 1, # one\n c = 2,\n}", #"{"a":{"b":1,"c":2}}"#),
    ])
    func `tables, arrays and arrays of tables`(_ text: String, _ expected: String) throws {
        #expect(try json(text) == expected)
    }

    @Test func `values have the types of Go`() throws {
        let text = "i = 1\nf = 1.0\ns = ''\na = [1]\nd = 1979-05-27T07:32:00Z\ninf = -inf\n[[t]]\n"
        let template =
            "{{ $t := fromToml .Values.text }}{{ range list $t.i $t.f $t.s $t.a $t.d $t.t }}{{ typeOf . }} {{ end }}{{ $t.inf }}"
        #expect(
            try shown(template, of: text)
                == "int64 float64 string []interface {} time.Time []map[string]interface {} -Inf")
    }

    @Test(arguments: [
        ("1979-05-27T07:32:00Z", "1979-05-27 07:32:00 +0000 UTC", "1979-05-27T07:32:00Z"),
        ("1979-05-27 00:32:00.5-07:00", "1979-05-27 00:32:00.5 -0700 -0700", "1979-05-27T00:32:00.5-07:00"),
        ("1979-05-27t07:32z", "1979-05-27 07:32:00 +0000 UTC", "1979-05-27T07:32:00Z"),
    ])
    func `times with a zone`(_ text: String, _ printed: String, _ written: String) throws {
        #expect(try shown("{{ (fromToml .Values.text).a }}", of: "a = \(text) # then") == printed)
        #expect(try shown("{{ toToml (fromToml .Values.text) }}", of: "a = \(text)") == "a = \(written)\n")
    }

    @Test(arguments: ["1979-05-27T07:32:00.999999", "1979-05-27", "07:32:00"])
    func `times without a zone are kept as they are, wherever this runs`(_ text: String) throws {
        #expect(try shown("{{ toToml (fromToml .Values.text) }}", of: "a = \(text)") == "a = \(text)\n")
    }

    @Test func `what toToml writes fromToml reads`() throws {
        let values = #"{"a":[1,[2]],"b":{"c":{"x":"\u0001\"\\"},"d":[{"e":1.5},{}]},"z":true}"#
        let read = "{{ toRawJson (fromToml (toToml (fromJson .Values.text))) }}"
        #expect(
            try shown(read, of: values) == #"{"a":[1,[2]],"b":{"c":{"x":"\u0001\"\\"},"d":[{"e":1.5},{}]},"z":true}"#)
    }

    @Test(arguments: [
        ("a = \n", "toml: line 2 (last key \"a\"): expected value but found '\\n' instead"),
        ("a = 1\nb = nope\n", "toml: line 2 (last key \"b\"): expected value but found \"nope\" instead"),
        (
            "a = 1 2",
            "toml: line 1: expected a top-level item to end with a newline, comment, or EOF, but got '2' instead"
        ),
        ("= 1", "toml: line 1: unexpected '=': key name appears blank"),
        ("a.b 1", "toml: line 1: expected '.' or '=', but got '1' instead"),
        ("a..b = 1", "toml: line 1: unexpected '.'"),
        ("[a\n", "toml: line 2: expected '.' or ']' to end table name, but got '\\n' instead"),
        ("[]", "toml: line 1: unexpected end of table name (table names cannot be empty)"),
        ("[[a]\n", "toml: line 2: expected end of table array name delimiter ']', but got '\\n' instead"),
        ("a = 1\na = 2", "toml: line 2 (last key \"a\"): Key 'a' has already been defined."),
        ("a.b = 1\na.b.c = 2", "toml: line 2 (last key \"a.b.c\"): Key 'a.b' has already been defined."),
        ("[a]\n[a]", "toml: line 2: Key 'a' has already been defined."),
        ("[a]\nb.c = 1\n[a.b]", "toml: line 3 (last key \"a\"): Key 'a.b' has already been defined."),
        ("[a.b.c]\n[a]\nb.c.d = 1", "toml: line 3 (last key \"a.b.c.d\"): Key 'a.b' has already been defined."),
        ("a = {b = 1}\n[a.c]", "toml: line 2: Key 'a' has already been defined."),
        ("a = []\n[[a]]", "toml: line 2: Key 'a' was already created and cannot be used as an array."),
        ("a = 1\n[a.b]", "toml: line 2: Key 'a' was already created as a hash."),
        ("a = 007", #"toml: line 1 (last key "a"): Invalid integer "007": cannot have leading zeroes"#),
        ("a = 1__0", #"toml: line 1 (last key "a"): Invalid integer "1__0": underscores must be surrounded by digits"#),
        ("a = 1.", #"toml: line 1 (last key "a"): Invalid float "1.": '.' must be followed by one or more digits"#),
        ("a = .5", #"toml: line 1 (last key "a"): floats must start with a digit, not '.'"#),
        ("a = 9223372036854775808", #"toml: line 1 (last key "a"): 9223372036854775808 is out of range for int64"#),
        ("a = 1e999", #"toml: line 1 (last key "a"): 1e999 is out of range for float64"#),
        ("a = 2021-02-30", #"toml: line 1 (last key "a"): Invalid TOML Datetime: "2021-02-30"."#),
        ("a = -0x1", #"toml: line 1 (last key "a"): cannot use sign with non-decimal numbers: '-0x'"#),
        ("a = \"x\n\"", #"toml: line 1 (last key "a"): strings cannot contain newlines"#),
        (#"a = "\q""#, #"toml: line 1 (last key "a"): invalid escape in string '\q'"#),
        (#"a = "\uD800""#, #"toml: line 1 (last key "a"): Escaped character '\uD800' is not valid UTF-8."#),
        ("a = 'x\u{1}'", #"toml: line 1 (last key "a"): TOML files cannot contain control characters: '0x01'"#),
        ("a = [1 2]", #"toml: line 1 (last key "a"): expected a comma (',') or array terminator (']'), but got '2'"#),
        ("a = [,]", #"toml: line 1 (last key "a"): unexpected comma"#),
        ("b = 1\na = [\n", #"toml: line 2 (last key "a"): unexpected EOF; expected value"#),
        (
            "a = {b = 1 c = 2}",
            #"toml: line 1 (last key "a"): expected a comma or an inline table terminator '}', but got 'c' instead"#
        ),
    ])
    func `what is wrong is told in Go's words`(_ text: String, _ expected: String) throws {
        #expect(try problem(text) == expected)
    }

    @Test func `text that is nested without end is refused`() throws {
        let arrays = try problem("a = " + String(repeating: "[", count: 100_000))
        #expect(arrays.contains("nested deeper than 1000"))
        let keys = try problem(String(repeating: "a.", count: 100_000) + "a = 1")
        #expect(keys.contains("nested deeper than 1000"))
        let tables = try problem("a = " + String(repeating: "{a = ", count: 100_000))
        #expect(tables.contains("nested deeper than 1000"))
    }
}
