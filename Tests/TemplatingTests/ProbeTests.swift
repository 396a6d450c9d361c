// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Templating

/// What the real Helm v4.2.4 answered to some hundred one-line templates.
struct ProbeTests {
    static let partials = """
        {{ define "h" }}H:{{ . }}{{ end }}{{ define "ret" }}a: 1
        b: [1, 2]
        {{ end }}
        """

    struct Probe: Sendable, CustomTestStringConvertible {
        let template: String
        let expected: String
        var testDescription: String { template }
    }

    static func probes(_ name: String) throws -> [Probe] {
        try Fixture.text(Fixture.golden + "probes/" + name).split(separator: "\n").compactMap { line in
            guard !line.hasPrefix("##") else { return nil }
            for (separator, prefix) in [("   =ERR=> ", "!"), ("   => ", "")] {
                let bytes = Array(line.utf8)
                guard let place = bytes.lastIndex(of: Array(separator.utf8)) else { continue }
                let rest = String(decoding: bytes[(place + separator.utf8.count)...], as: UTF8.self)
                return Probe(template: String(decoding: bytes[..<place], as: UTF8.self), expected: prefix + rest)
            }
            return nil
        }
    }

    @Test(arguments: try probes("language.txt"))
    func `a template renders, or fails, as with Helm (C1-C4)`(_ probe: Probe) throws {
        let values = try Fixture.text(Fixture.golden + "probes/values.yaml")
        let files = ["e.txt": "", "f/a.txt": "l1\nl2\n", "f/b.conf": "k=v"]
        let outcome = try Fixture.render(probe.template, values: values, partials: Self.partials, files: files)
        let shown =
            switch outcome {
            case .text(let text): GoQuote.quote(Array(text.utf8)).text
            case .failure(let message):
                "!" + message.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n")
            }
        #expect(Self.withoutAddresses(shown) == Self.withoutAddresses(probe.expected))
    }

    /// Go prints pointers as addresses.
    private static func withoutAddresses(_ text: String) -> String {
        guard let start = Array(text.utf8).firstIndex(of: Array("Capabilities:0x".utf8)) else { return text }
        let bytes = Array(text.utf8)
        let end = bytes[start...].firstIndex(of: 0x20) ?? bytes.count
        return String(decoding: bytes[..<start] + bytes[end...], as: UTF8.self)
    }
}
