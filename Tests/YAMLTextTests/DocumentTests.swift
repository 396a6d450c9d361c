// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import Values
import YAMLText

@Suite struct `Documents` {
    private func values(_ text: String) throws -> [Value] {
        try Value.yamlDocuments(Array(text.utf8), file: "t.yaml")
    }

    @Test func `a stream gives its documents without the empty ones`() throws {
        let text = "# head\n---\na: 1\n---\n---\n# nothing\n---\nb: [1, x]\n...\n"
        #expect(try values(text) == [["a": 1], ["b": [1, "x"]]])
        #expect(try YAMLDocument.parseAll(Array(text.utf8), file: "t.yaml").count == 4)
    }

    @Test(arguments: ["", "\n", "# only a comment\n", "---\n", "~"]) func `an empty text is null`(_ text: String) throws
    {
        #expect(try Value(yaml: Array(text.utf8), file: "t.yaml") == .null)
        #expect(try YAMLDocument.parse(Array(text.utf8), file: "t.yaml").root.isNull)
        #expect(try values(text).isEmpty)
    }

    @Test func `one document is read, what follows it is not even parsed`() throws {
        #expect(try Value(yaml: Array("a: 1\n---\n\tb: [".utf8), file: "t.yaml") == ["a": 1])
    }

    @Test func `a second document is refused where one is expected`() throws {
        let error = #expect(throws: YAMLError.self) {
            try YAMLDocument.parse(Array("a: 1\n---\nb: 2\n".utf8), file: "plan.yaml")
        }
        #expect(error?.kind == .documents)
        #expect(error?.diagnostic.location == SourceLocation(file: "plan.yaml", line: 3, column: 1, excerpt: "b: 2"))
        // Empty documents do no harm.
        let document = try YAMLDocument.parse(Array("---\na: 1\n---\n".utf8), file: "plan.yaml")
        #expect(document.root["a"]?.scalar?.text == "1")
    }

    @Test func `byte order mark and CRLF change nothing`() throws {
        let bytes: [UInt8] = [0xEF, 0xBB, 0xBF] + Array("a: 1\r\nb:\r\n  - x\r\n  - |\r\n    l1\r\n    l2\r\n".utf8)
        let document = try YAMLDocument.parse(bytes, file: "t.yaml")
        #expect(try document.value() == ["a": 1, "b": ["x", "l1\nl2\n"]])
        let mark = try #require(document.root["b"]?.items?.first).mark
        #expect(document.location(of: mark) == SourceLocation(file: "t.yaml", line: 3, column: 5, excerpt: "  - x"))
        #expect(document.root.mark == YAMLMark(line: 1, column: 1))
    }

    @Test func `columns count characters, as people see them`() throws {
        // The family is one character of seven scalars; é is written as two scalars.
        let document = try YAMLDocument.parse(Array("{cle\u{301}: '👨‍👩‍👧‍👦', b: x}".utf8), file: "t.yaml")
        let mark = try #require(document.root["b"]).mark
        #expect(mark.column == 22)
        #expect(document.location(of: mark).column == 15)
    }

    @Test func `nodes keep their places, order and styles`() throws {
        let document = try YAMLDocument.parse(Array("b: 'x'\na:\n  - \"y\"\n  - >\n    z\n".utf8), file: "t.yaml")
        let pairs = try #require(document.root.pairs)
        #expect(pairs.map(\.key.scalar?.text) == ["b", "a"])
        #expect(pairs[0].value.scalar == YAMLScalar("x", style: .singleQuoted))
        let items = try #require(pairs[1].value.items)
        #expect(items.map(\.scalar?.style) == [.doubleQuoted, .folded])
        #expect(items.map(\.mark) == [YAMLMark(line: 3, column: 5), YAMLMark(line: 4, column: 5)])
    }

    @Test func `duplicate keys: the last wins for Helm, all are reported for a plan`() throws {
        let text = "a: 1\nb: {c: 1, c: 2}\n'a': 3\ny: 1\ntrue: 2\n"
        #expect(try Value(yaml: Array(text.utf8), file: "t") == ["a": 3, "b": ["c": 2], "true": 2])
        let document = try YAMLDocument.parse(Array(text.utf8), file: "plan.yaml")
        #expect(
            document.duplicateKeys().map { $0.rendered() } == [
                """
                error: plan.yaml:2:11: key 'c' is written twice
                  b: {c: 1, c: 2}
                            ^
                  note: plan.yaml:2:5: it is written first here
                  hint: keep one of the two
                """,
                """
                error: plan.yaml:3:1: key 'a' is written twice
                  'a': 3
                  ^
                  note: plan.yaml:1:1: it is written first here
                  hint: keep one of the two
                """,
                """
                error: plan.yaml:5:1: key 'true' is written twice
                  true: 2
                  ^
                  note: plan.yaml:4:1: it is written first here
                  hint: keep one of the two
                """,
            ])
        #expect(throws: YAMLError.self) { try document.value(.strict) }
    }

    @Test func `merge keys`() throws {
        let base = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\n"
        func merged(_ text: String, _ reading: YAMLReading) throws -> Value? {
            try YAMLDocument.parse(Array((base + "m: " + text).utf8), file: "t").value(reading)["m"]
        }
        for reading in [YAMLReading.kubernetes, .strict] {
            #expect(try merged("{<<: *x, a: 9}", reading) == ["a": 9, "b": 1])
            #expect(try merged("{<<: [*x, *y]}", reading) == ["a": 1, "b": 1, "c": 2])
            #expect(try merged("{'<<': *x}", reading) == ["<<": ["a": 1, "b": 1]])
        }
        // Go's yaml v2 lets a later merge replace a written key; a person means the opposite.
        #expect(try merged("{a: 9, <<: *x}", .kubernetes) == ["a": 1, "b": 1])
        #expect(try merged("{a: 9, <<: *x}", .strict) == ["a": 9, "b": 1])
        #expect(throws: YAMLError.self) { try merged("{<<: [*x, 1]}", .kubernetes) }
    }

    @Test func `an alias may be used after its anchor is defined anew`() throws {
        #expect(try values("a: &x 1\nb: *x\nc: &x 2\nd: *x\n") == [["a": 1, "b": 1, "c": 2, "d": 2]])
    }
}
