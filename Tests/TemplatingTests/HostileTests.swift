// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing
import Values

@testable import Templating

/// Charts that try to use up the machine end in an error.
struct HostileTests {
    private func message(_ template: String, partials: String = "", renderer: ReleaseRenderer = ReleaseRenderer())
        throws -> String
    {
        let chart = try Fixture.chart(["x.yaml": template, "_p.tpl": partials])
        do throws(RenderError) {
            _ = try renderer.render(chart, release: Fixture.release)
            return "rendered"
        } catch {
            return error.message
        }
    }

    @Test func `a template that includes itself ends`() throws {
        let text = try message("{{ include \"a\" . }}", partials: "{{ define \"a\" }}{{ include \"a\" . }}{{ end }}")
        #expect(text.contains("rendering template has a nested reference name: a: unable to execute template"))
    }

    @Test func `a template that calls itself ends`() throws {
        let text = try message("{{ template \"a\" . }}", partials: "{{ define \"a\" }}{{ template \"a\" . }}{{ end }}")
        #expect(text.contains("exceeded maximum template depth"))
    }

    @Test func `tpl of itself ends`() throws {
        let text = try message(
            "{{ include `a` . }}", partials: "{{ define `a` }}{{ tpl `{{ include \"a\" . }}` . }}{{ end }}")
        #expect(text.contains("nested reference name: a") || text.contains("maximum template depth"))
    }

    @Test(arguments: [
        "{{ range 100000000 }}{{ end }}", "{{ range 9223372036854775807 }}x{{ end }}",
        "{{ until 9000000000000000000 }}",
        "{{ seq 1 4000000000 }}", "{{ $x := \"a\" }}{{ range 64 }}{{ $x = print $x $x }}{{ end }}",
    ])
    func `work without end is stopped by the step limit`(_ template: String) throws {
        var renderer = ReleaseRenderer()
        renderer.stepLimit = 200_000
        renderer.outputLimit = 1 << 20
        #expect(try message(template, renderer: renderer) != "rendered")
    }

    @Test(arguments: [
        "{{ repeat 9000000000 \"abc\" }}", "{{ indent 1000000000 \"a\nb\" }}", "{{ randAlphaNum 9000000000 }}",
        "{{ replace \"\" (repeat 100000 \"a\") (repeat 100000 \"b\") }}",
        "{{ printf \"%999999999d\" 1 | len }}{{ fail \"x\" }}",
    ])
    func `texts without end are refused`(_ template: String) throws {
        #expect(try message(template) != "rendered")
    }

    @Test(arguments: [
        "{{ $x := list }}{{ range 300000 }}{{ $x = list $x }}{{ end }}{{ len $x }}",
        "{{ $x := dict }}{{ range 300000 }}{{ $x = dict `a` $x }}{{ end }}{{ len $x }}",
    ])
    func `values nested more deeply than any stack are let go`(_ template: String) throws {
        #expect(try Fixture.render(template) == .text("1"))
    }

    @Test(arguments: [
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ $x }}",
        "{{ $x := dict }}{{ range 60 }}{{ $x = dict `a` $x `b` $x }}{{ end }}{{ toYaml $x }}",
        "{{ $x := dict }}{{ $_ := set $x `self` $x }}{{ toJson $x }}",
        "{{ $x := dict }}{{ $_ := set $x `self` $x }}{{ $x }}",
        "{{ $x := dict }}{{ $_ := set $x `self` $x }}{{ $y := deepCopy $x }}",
        "{{ $x := dict }}{{ $_ := set $x `self` $x }}{{ $y := dict }}{{ $_ := set $y `self` $y }}{{ $z := merge $x $y }}",
        "{{ $x := list 1 }}{{ range 60 }}{{ $x = list $x $x }}{{ end }}{{ deepEqual $x (list $x) }}",
        "{{ uniq (until 1000000) }}", "{{ join (repeat 1000000 `a`) (until 1000000) }}",
    ])
    func `values that hold themselves, or more than can be printed, are refused`(_ template: String) throws {
        var renderer = ReleaseRenderer()
        renderer.stepLimit = 2_000_000
        renderer.outputLimit = 4 << 20
        #expect(try message(template, renderer: renderer) != "rendered")
    }

    @Test func `parentheses and blocks nest only so deep`() throws {
        let parentheses =
            "{{ " + String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000) + " }}"
        #expect(try message(parentheses).contains("nesting is deeper"))
        #expect(try message(String(repeating: "{{ if true }}", count: 50_000)).contains("nesting is deeper"))
    }

    @Test func `a chain of else-ifs is no nesting that kills`() throws {
        let chain = "{{ if false }}" + String(repeating: "{{ else if false }}", count: 5000) + "{{ end }}"
        #expect(try message(chain).contains("nesting is deeper"))
    }

    @Test(arguments: 0..<200)
    func `damaged templates give errors or text, never a crash`(_ seed: Int) throws {
        let text = Array(
            "{{ range $i, $e := .Values.l | default (list 1 \"a\") }}{{- printf \"%d %s\" $i (index . 0).x -}}{{ end }}{{/* c */}}"
                .utf8)
        var bytes = text
        var state = UInt64(seed) &* 6364136223846793005 &+ 1442695040888963407
        for _ in 0..<4 {
            state = state &* 6364136223846793005 &+ 1442695040888963407
            let place = Int(state >> 33) % bytes.count
            switch state >> 20 & 3 {
            case 0: bytes.remove(at: place)
            case 1: bytes[place] = UInt8(truncatingIfNeeded: state >> 40)
            case 2: bytes.insert(contentsOf: [0x7B, 0x7B], at: place)
            default: bytes.swapAt(place, bytes.count / 2)
            }
        }
        let chart = try Chart(files: [
            ChartFile(path: "Chart.yaml", text: "apiVersion: v2\nname: t\nversion: 1.0.0\n"),
            ChartFile(path: "templates/x.yaml", bytes: bytes),
        ])
        do throws(RenderError) {
            let texts = try ReleaseRenderer().renderTemplates(chart, release: Fixture.release)
            #expect(texts.count == 1)
        } catch {
            #expect(!error.message.isEmpty)
        }
    }
}
