// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Testing
import Values

@testable import Templating

/// Where and how rendering fails (spec/templating.md C3).
struct ErrorTests {
    private func failure(_ templates: [String: String], values: String = "") throws -> RenderError {
        let chart = try Fixture.chart(templates, values: values)
        do throws(RenderError) {
            _ = try ReleaseRenderer().render(chart, release: Fixture.release)
        } catch {
            return error
        }
        throw Fixture.MissingFile(path: "an error")
    }

    @Test func `a failure below include names every link of the chain`() throws {
        let error = try failure([
            "x.yaml": "a: 1\nb: {{ include \"outer\" . }}",
            "_h.tpl":
                "{{ define \"outer\" }}\n  {{ include \"inner\" . }}{{ end }}{{ define \"inner\" }}{{ .Values.a.b }}{{ end }}",
        ])
        #expect(
            error.message == """
                t/templates/x.yaml:2:6
                  executing "t/templates/x.yaml" at <include "outer" .>:
                    error calling include:
                t/templates/_h.tpl:2:5
                  executing "outer" at <include "inner" .>:
                    error calling include:
                t/templates/_h.tpl:2:64
                  executing "inner" at <.Values.a.b>:
                    nil pointer evaluating interface {}.b
                """)
        #expect(error.diagnostic.location == SourceLocation(file: "t/templates/x.yaml", line: 2, column: 7))
        #expect(error.diagnostic.message == "nil pointer evaluating interface {}.b")
        #expect(error.diagnostic.notes.map(\.location?.line) == [2, 2, 2])
    }

    @Test func `required and fail tell only where the outermost template called`() throws {
        let error = try failure([
            "x.yaml": "\n\na: {{ include \"h\" . }}",
            "_h.tpl": "{{ define \"h\" }}{{ required \"set it\" .Values.none }}{{ end }}",
        ])
        #expect(error.message == "execution error at (t/templates/x.yaml:3:6): set it")
        #expect(error.diagnostic.message == "set it")
    }

    @Test func `a failure inside tpl is one line that quotes the text`() throws {
        let error = try failure(["x.yaml": "{{ tpl \"{{ .a.b }}\" (dict) }}"])
        #expect(
            error.message
                == "template: t/templates/x.yaml:1:3: executing \"t/templates/x.yaml\" at <tpl \"{{ .a.b }}\" (dict)>: "
                + "error calling tpl: error during tpl function execution for \"{{ .a.b }}\": "
                + "template: gotpl:1:5: executing \"gotpl\" at <.a.b>: nil pointer evaluating interface {}.b")
    }

    @Test(arguments: [
        ("{{ if }}x{{ end }}", "parse error at (t/templates/x.yaml:1): missing value for if"),
        ("{{ .a", "parse error at (t/templates/x.yaml:1): unclosed action"),
        ("a\n{{ range .a }}\n", "parse error at (t/templates/x.yaml:3): unexpected EOF"),
        ("{{ $y }}", "parse error at (t/templates/x.yaml:1): undefined variable \"$y\""),
        ("{{ else }}", "parse error at (t/templates/x.yaml:1): unexpected {{else}}"),
        ("{{ (1 }}", "parse error at (t/templates/x.yaml:1): unclosed left paren"),
        ("{{ 1) }}", "parse error at (t/templates/x.yaml:1): unexpected right paren"),
        ("{{ /* x", "parse error at (t/templates/x.yaml:1): unexpected \"/\" in command"),
        ("{{/* x", "parse error at (t/templates/x.yaml:1): unclosed comment"),
        ("{{ .a.b:c }}", "parse error at (t/templates/x.yaml:1): expected :="),
        (
            "{{ range $a, 1 := .x }}{{ end }}",
            "parse error at (t/templates/x.yaml:1): range can only initialize variables"
        ),
        ("{{ \"\\ud800\" }}", "parse error at (t/templates/x.yaml:1): invalid syntax"),
        ("{{ \u{E000} }}", "parse error at (t/templates/x.yaml:1): U+E000"),
        ("{{ 1.2.3 }}", "parse error at (t/templates/x.yaml:1): unexpected \".3\" in operand"),
    ])
    func `a template that does not parse names file and line (C1)`(_ template: String, _ expected: String) throws {
        #expect(try failure(["x.yaml": template]).message == expected)
    }

    @Test(arguments: [
        (
            "a: [",
            "YAML parse error on t/templates/x.yaml: error converting YAML to JSON: yaml: line 1: did not find expected node content"
        ),
        ("- a", "cannot unmarshal array into Go value of type releaseutil.SimpleHead"),
        ("just text", "cannot unmarshal string into Go value of type releaseutil.SimpleHead"),
    ])
    func `a document that is no object fails (C4)`(_ text: String, _ expected: String) throws {
        #expect(try failure(["x.yaml": text]).message.contains(expected))
    }

    @Test func `variables live until the end of their block (C1)`() throws {
        #expect(
            try Fixture.render("{{ $x := 1 }}{{ if true }}{{ $x = 2 }}{{ $x := 3 }}{{ end }}{{ $x }}") == .text("2"))
        #expect(try Fixture.render("{{ $x := 1 }}{{ $x := add $x 1 }}{{ $x }}") == .text("2"))
        #expect(try Fixture.render("{{ if ($y := 2) }}{{ $y }}{{ end }}") == .text("2"))
    }

    @Test func `tpl keeps its definitions to itself, and sees those of the chart`() throws {
        let outcome = try Fixture.render(
            #"{{ tpl "{{ define \"p\" }}P{{ end }}{{ include \"p\" . }}{{ include \"h\" . }}{{ .Template.Name }}" . }}"#,
            partials: #"{{ define "h" }}H{{ end }}"#)
        #expect(outcome == .text("PHt/templates/x.yaml"))
        let after = try Fixture.render(#"{{ tpl "{{ define \"p\" }}P{{ end }}" . }}{{ include "p" . }}"#)
        guard case .failure(let message) = after else {
            Issue.record("the definition is visible outside")
            return
        }
        #expect(message.contains("no template \"p\" associated with template \"gotpl\""))
    }
}
