// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import Values
import YAMLText

/// `spec/kubernetes-client.md` §7.4: every bad text is a located error, none crashes or hangs.
@Suite struct `Bad input` {
    /// A `§` in the text marks the place that the error must name.
    static let located: [(text: String, message: String, hint: String?)] = [
        ("a:\n§\tb: 1\n", "a tab cannot be used for indentation", "indent with spaces"),
        ("a: §@x\n", "a value cannot start with '@'", "put the value in quotes"),
        ("a: §`x`\n", "a value cannot start with '`'", "put the value in quotes"),
        (
            "url: http://x§: y\n", "a ': ' is not allowed here",
            "put a value that holds ': ' in quotes, or correct the indentation of this line"
        ),
        (
            "a: 1\n b§: 2\n", "a ': ' is not allowed here",
            "put a value that holds ': ' in quotes, or correct the indentation of this line"
        ),
        (
            "a:\n  b: 1\n §c: 2\n", "this line does not fit the mapping it stands in",
            "write all keys of one mapping as 'key: value', starting in the same column"
        ),
        (
            "a:\n  - 1\n  §x: 1\n", "this line does not fit the list it stands in",
            "start every item of one list with '- ' in the same column"
        ),
        ("a: 1\nb\n§", "expected ':' after a key", "write 'key: value' on one line"),
        ("a: 'x\n§", "the text ends inside a quoted value", "close the quote"),
        ("a: [1, 2\nb§: 3\n", "expected ',' or ']' in a list", nil),
        ("a: {b: 1\n§", "expected ',' or '}' in a mapping", nil),
        (
            "a: §*nobody\n", "unknown anchor 'nobody'",
            "define it above with '&nobody', or quote a value that starts with '*'"
        ),
        ("a: &d {b: §*d}\n", "anchor 'd' contains itself", nil),
        ("a: \"x§\\q\"\n", "an unknown escape in double quotes", "use single quotes, or write '\\\\' for a backslash"),
        ("a: x§\u{0}y\n", "a NUL byte is not allowed in YAML", "is this a binary file?"),
        (
            "é: §\u{1B}[31m\n", "control character U+001B is not allowed in YAML",
            "delete it, or write it as an escape in double quotes"
        ),
        (
            "a: §\u{9B}x\n", "control character U+009B is not allowed in YAML",
            "delete it, or write it as an escape in double quotes"
        ),
        (
            "a: §\u{7F}\n", "control character U+007F is not allowed in YAML",
            "delete it, or write it as an escape in double quotes"
        ),
    ]

    @Test(arguments: located) func `names the place`(_ marked: String, _ message: String, _ hint: String?) throws {
        let lines = marked.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(lines.firstIndex { $0.contains("§") })
        let column = try #require(
            lines[line].firstIndex(of: "§").map { lines[line].distance(from: lines[line].startIndex, to: $0) })
        let text = marked.replacing("§", with: "")
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(Array(text.utf8), file: "t.yaml") }
        #expect(error?.diagnostic.message == message)
        #expect(error?.diagnostic.hint == hint)
        #expect(error?.diagnostic.location?.description == "t.yaml:\(line + 1):\(column + 1)")
    }

    @Test(arguments: [
        ("a: b: c", "yaml: mapping values are not allowed in this context"),
        ("a:\n\tb: 2", "yaml: line 2: found character that cannot start any token"),
        ("a:\n  b: 1\n c: 2\n", "yaml: line 2: did not find expected key"),
        ("a: &d [*d]", "yaml: anchor 'd' value contains itself"), ("a: *x", "yaml: unknown anchor 'x' referenced"),
        ("a: \u{1}", "yaml: control characters are not allowed"),
    ])
    func `keeps the words of Go's yaml for Helm's texts`(_ text: String, _ message: String) {
        let error = #expect(throws: YAMLError.self) { try Value(yaml: Array(text.utf8), file: "t.yaml") }
        #expect(error?.goMessage == message)
    }

    @Test func `an error quotes the line, unless the text holds secrets`() throws {
        let text = Array("a:\n  b: 1\n c: 2\n".utf8)
        let shown = #expect(throws: YAMLError.self) { try YAMLDocument.parse(text, file: "t.yaml") }
        #expect(
            shown?.diagnostic.rendered() == """
                error: t.yaml:3:2: this line does not fit the mapping it stands in
                   c: 2
                   ^
                  note: t.yaml:1:1: the mapping starts here
                  hint: write all keys of one mapping as 'key: value', starting in the same column
                """)
        let hidden = #expect(throws: YAMLError.self) { try YAMLDocument.parse(text, file: "t.yaml", showsLines: false) }
        #expect(hidden?.diagnostic.location == SourceLocation(file: "t.yaml", line: 3, column: 2))
    }

    static let notUTF8: [[UInt8]] = [
        [0xFF], [0x80], [0xC0, 0xAF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF0, 0x80, 0x80, 0x80],
        [0xF4, 0x90, 0x80, 0x80], [0xC3, 0x28],
    ]

    @Test(arguments: notUTF8) func `refuses what is not UTF-8`(_ bytes: [UInt8]) {
        let error = #expect(throws: YAMLError.self) {
            try Value(yaml: Array("a: 1\nbé: ".utf8) + bytes, file: "t.yaml")
        }
        #expect(error?.kind == .encoding)
        #expect(error?.diagnostic.location?.description == "t.yaml:2:5")
    }

    @Test func `says that UTF-16 is UTF-16`() {
        let error = #expect(throws: YAMLError.self) { try Value(yaml: [0xFF, 0xFE, 0x61, 0], file: "t.yaml") }
        #expect(error?.diagnostic.message == "the text is UTF-16, not UTF-8")
    }

    @Test func `an alias bomb is refused`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            text +=
                "a\(level): &a\(level) [" + Array(repeating: "*a\(level - 1)", count: 9).joined(separator: ", ") + "]\n"
        }
        let error = #expect(throws: YAMLError.self) { try Value(yaml: Array(text.utf8), file: "t.yaml") }
        #expect(error?.kind == .alias)
        #expect(error?.goMessage == "yaml: document contains excessive aliasing")
        // Many plain uses of one anchor are no bomb.
        let honest = "x: &x {a: 1}\nl:\n" + String(repeating: "- *x\n", count: 1000)
        #expect(throws: Never.self) { try Value(yaml: Array(honest.utf8), file: "t.yaml") }
    }

    @Test(arguments: ["[", "{a: ", "- "]) func `deep nesting is refused`(_ opening: String) {
        let error = #expect(throws: YAMLError.self) {
            try Value(yaml: Array(String(repeating: opening, count: 20_000).utf8), file: "t.yaml")
        }
        #expect(error?.kind == .depth || error?.kind == .syntax)
    }

    @Test func `aliases cannot hide the depth`() {
        var text = "a0: &a0 [x]\n"
        for level in 1...300 { text += "a\(level): &a\(level) [*a\(level - 1)]\n" }
        let error = #expect(throws: YAMLError.self) { try Value(yaml: Array(text.utf8), file: "t.yaml") }
        #expect(error?.kind == .depth)
    }

    @Test func `a text beyond the limit is refused before it is looked at`() {
        let bytes = [UInt8](repeating: 0, count: 2 << 20)
        let error = #expect(throws: YAMLError.self) { try YAMLDocument.parse(bytes, file: "plan.yaml", limits: .plan) }
        #expect(error?.kind == .tooLarge)
        #expect(error?.diagnostic.message == "the text has 2097152 bytes, more than the 1048576 that are read")
    }

    /// Whatever the bytes are, the reader answers with a value or an error.
    @Test func `mangled texts never crash it`() {
        let seed = Array(
            "a: &x [1, 'b', \"c\\n\"]\nb: {<<: *y, ? k : v}\n--- |\n  t\n...\n%TAG ! x\n- - >-\n   f\n".utf8)
        var random = SplitMix(state: 42)
        for _ in 0..<4000 {
            var bytes = seed
            for _ in 0..<Int(random.next() % 6 + 1) {
                let place = Int(random.next() % UInt64(bytes.count))
                switch random.next() % 3 {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(seed[Int(random.next() % UInt64(seed.count))], at: place)
                }
            }
            do throws(YAMLError) {
                _ = try Value.yamlDocuments(bytes, file: "t.yaml")
                for document in try YAMLDocument.parseAll(bytes, file: "t.yaml") { _ = document.duplicateKeys() }
            } catch {
                #expect(!error.diagnostic.message.isEmpty)
                _ = error.diagnostic.rendered()
            }
        }
    }
}

/// A small generator, so that a failure can be repeated.
struct SplitMix: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var result = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
        result = (result ^ (result >> 27)) &* 0x94D0_49BB_1331_11EB
        return result ^ (result >> 31)
    }
}
