// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing

@Suite struct DiagnosticTests {
    @Test func `a diagnostic shows the place, the line, a caret and the hint`() {
        let place = SourceLocation(file: "cluster.yaml", line: 12, column: 5, excerpt: "  - mysq")
        let diagnostic = Diagnostic("unknown module 'mysq'", at: place, hint: "did you mean 'mysql'?")
        #expect(
            diagnostic.rendered() == """
                error: cluster.yaml:12:5: unknown module 'mysq'
                    - mysq
                      ^
                  hint: did you mean 'mysql'?
                """)
    }

    @Test func `control characters of the input do not reach the terminal`() {
        let place = SourceLocation(file: "a", line: 1, column: 3, excerpt: "\tb\u{1B}[31m")
        let text = Diagnostic("odd \u{7}", at: place, severity: .warning).rendered()
        #expect(text == "warning: a:1:3: odd ·\n   b·[31m\n    ^")
    }

    @Test func `notes name their places`() {
        let note = Diagnostic.Note("first set here", at: SourceLocation(file: "a", line: 2, column: 1))
        #expect(Diagnostic("twice", notes: [note]).rendered() == "error: twice\n  note: a:2:1: first set here")
    }

    @Test(arguments: [
        ("mysq", "mysql"), ("flow-sever", "flow-server"), ("Operater", "operator"), ("zzz", nil), ("db", nil),
        ("nmae", "name"),
    ]) func `the nearest name is offered only when it is near`(name: String, expected: String?) {
        let candidates = ["mysql", "flow-server", "operator", "name"]
        #expect(nearestName(to: name, in: candidates) == expected)
    }
}
