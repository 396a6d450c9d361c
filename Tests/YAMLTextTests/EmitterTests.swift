// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values
import YAMLText

/// What Helm's `toYaml` prints (spec/templating.md C6).
struct EmitterTests {
    @Test(arguments: [
        ("plain", "plain"), ("", "\"\""), ("true", "\"true\""), ("y", "\"y\""), ("no", "\"no\""), ("null", "\"null\""),
        ("~", "\"~\""), ("1", "\"1\""), ("1.5", "\"1.5\""), ("0x1F", "\"0x1F\""), ("012", "\"012\""),
        ("1e3", "\"1e3\""),
        ("12:30", "\"12:30\""), ("12:99", "12:99"), ("2001-12-14", "\"2001-12-14\""), ("2001-13-14", "2001-13-14"),
        ("2001-02-30", "2001-02-30"), ("2001-12-14 21:59:43", "\"2001-12-14 21:59:43\""),
        ("2001-12-14T21:59:43Z", "\"2001-12-14T21:59:43Z\""), ("=", "="), ("<<", "<<"), ("a: b", "'a: b'"),
        ("#x", "'#x'"), ("- a", "'- a'"), ("-a", "-a"), ("*x", "'*x'"), (" lead", "' lead'"), ("trail ", "'trail '"),
        ("{", "'{'"), ("a:", "'a:'"), ("a:b", "a:b"), ("a #b", "'a #b'"), ("a#b", "a#b"), ("it's", "it's"),
        ("'q", "'''q'"), ("---", "'---'"), ("?", "'?'"), ("@a", "'@a'"), ("%a", "'%a'"),
        ("tab\there", "\"tab\\there\""),
        ("é", "é"), ("✓", "✓"), ("😀", "\"\\U0001F600\""), ("\u{FEFF}x", "\"\\uFEFFx\""), ("bell\u{7}", "\"bell\\a\""),
        ("a\"b", "a\"b"), ("\"a", "'\"a'"), (".5", "\".5\""), (".", "."), ("-", "'-'"), ("1_000", "\"1_000\""),
        ("{{ x }}", "'{{ x }}'"), ("a, b", "a, b"), ("[a]", "'[a]'"), ("!x", "'!x'"), ("|", "'|'"), ("> x", "'> x'"),
    ])
    func `a text is quoted only where it must be (C6)`(_ text: String, _ expected: String) throws {
        let yaml = Value.string(text).yamlString()
        #expect(yaml == expected + "\n")
        #expect(try Value(yaml: Array(yaml.utf8), file: "x") == .string(text))
    }

    @Test(arguments: [
        ("a\nb", "|-\n  a\n  b\n"), ("a\n", "|\n  a\n"), ("a\n\n", "|+\n  a\n\n"), ("\na", "|2-\n\n  a\n"),
        (" a\nb", "|2-\n   a\n  b\n"), ("a \nb", "\"a \\nb\"\n"), ("a\n\tb", "\"a\\n\\tb\"\n"), ("\n", "|2+\n\n"),
        ("a\r\nb", "\"a\\r\\nb\"\n"), ("a\nb ", "\"a\\nb \"\n"),
    ])
    func `a text of several lines is a block, or quoted where no block can hold it (C6)`(
        _ text: String, _ expected: String
    ) throws {
        let yaml = Value.string(text).yamlString()
        #expect(yaml == expected)
        #expect(try Value(yaml: Array(yaml.utf8), file: "x") == .string(text))
    }

    @Test(
        arguments: [
            (1000000, "1000000"), (1e15, "1000000000000000"), (1e20, "1e+20"), (1e21, "1e+21"), (1e-7, "1e-07"),
            (0.1, "0.1"), (1.5, "1.5"), (123456789.125, "1.23456789125e+08"), (-3, "-3"), (0, "0"), (0.0001, "0.0001"),
            (0.00001, "1e-05"), (123456.5, "123456.5"), (1234567.5, "1.2345675e+06"),
        ] as [(Double, String)])
    func `a number prints as Go prints it (C6)`(_ number: Double, _ expected: String) {
        #expect(Value.double(number).yamlString() == expected + "\n")
    }

    @Test func `sequences are not indented below their key (C6)`() {
        let value: Value = [
            "empty": [], "none": [:], "list": ["a", ["b": 1, "c": [true, nil]], ["x", ["y"]]], "map": ["k": "v"],
        ]
        #expect(
            value.yamlString() == """
                empty: []
                list:
                - a
                - b: 1
                  c:
                  - true
                  - null
                - - x
                  - - "y"
                map:
                  k: v
                none: {}

                """)
    }

    @Test func `the indented style indents them`() {
        let value: Value = ["list": ["a", ["b": [1]]]]
        #expect(value.yamlString(style: .indented) == "list:\n  - a\n  - b:\n      - 1\n")
    }

    @Test func `keys are in natural order (C6)`() {
        let keys = ["a", "a-b", "a.b", "a/b", "a_b", "a2", "a2b10", "a02", "a10b2", "ab"]
        let mapping = Mapping(keys.reversed().map { ($0, Value.int(1)) })
        #expect(Value.mapping(mapping).yamlString() == keys.map { $0 + ": 1\n" }.joined())
        #expect(Value.mapping(mapping).yamlString(keys: .given) == keys.reversed().map { $0 + ": 1\n" }.joined())
    }

    @Test func `keys that read as something else are quoted, long ones are explicit`() {
        let long = String(repeating: "k", count: 129)
        #expect(Value.mapping(["y": 1]).yamlString() == "\"y\": 1\n")
        #expect(Value.mapping(["1": 1]).yamlString() == "\"1\": 1\n")
        #expect(Value.mapping(Mapping([(long, Value.int(1))])).yamlString() == "? \(long)\n: 1\n")
    }

    @Test func `long text folds at the first single space after column 80 (C6)`() {
        let text = Array(repeating: "word", count: 30).joined(separator: " ")
        let lines = Value.mapping(["k": .string(text)]).yamlString().split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines[0] == "k: " + Array(repeating: "word", count: 16).joined(separator: " "))
        #expect(lines[1].hasPrefix("  word"))
        let quoted = Value.string("# " + text).yamlString()
        #expect(quoted.split(separator: "\n").count == 2)
        let wide = Array(repeating: "word", count: 30).joined(separator: "  ")
        #expect(Value.string(wide).yamlString() == wide + "\n")
    }

    @Test func `what is written reads back the same`() throws {
        let value: Value = [
            "a b": [
                "x: y", " z", "", "no", "1", .double(0.5), .int(-7), .bool(false), .null, "line\nline\n", "\u{85}",
            ],
            "nested": ["deep": [["k": ["l": [[]]]]]],
        ]
        #expect(try Value(yaml: value.yaml(), file: "x") == value)
    }
}
