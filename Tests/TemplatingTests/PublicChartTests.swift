// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import Values
import YAMLText

@testable import Templating

/// Charts of other projects against what Helm v4.2.4 makes of them.
///
/// They are no part of this repository: `PUBLIC_CHARTS` names the folder that holds them, `PUBLIC_RENDERS` the one
/// with Helm's answers and their README.
@Suite(.enabled(if: getenv("PUBLIC_CHARTS") != nil && getenv("PUBLIC_RENDERS") != nil))
struct PublicChartTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var file: String
        var chart: String
        var arguments: [String]
        var testDescription: String { file }
    }

    static func cases() throws -> [Case] {
        guard let renders = getenv("PUBLIC_RENDERS") else { return [] }
        return try Fixture.text(String(cString: renders) + "/README.md").split(separator: "\n").compactMap { line in
            let cells = line.split(separator: "|").map {
                $0.filter { $0 != "`" }.split(separator: " ").joined(separator: " ")
            }
            guard cells.count == 4, cells[0].hasSuffix(".yaml"), cells[1].contains(": ") else { return nil }
            let parts = cells[1].split(separator: ":").map { $0.filter { $0 != " " } }
            let chart = parts[0].split(separator: "/").joined(separator: "+") + "/" + parts[1]
            return Case(file: cells[0], chart: chart, arguments: words(cells[3]))
        }
    }

    /// Words with single quotes.
    private static func words(_ text: String) -> [String] {
        var words: [String] = [""]
        var isQuoted = false
        for character in text {
            if character == "'" {
                isQuoted.toggle()
            } else if character == " " && !isQuoted {
                words.append("")
            } else {
                words[words.count - 1].append(character)
            }
        }
        return words
    }

    @Test(arguments: try cases())
    func `a public chart renders as with Helm`(_ test: Case) throws {
        let folder = try #require(getenv("PUBLIC_CHARTS").map { String(cString: $0) }) + "/" + test.chart
        var capabilities = Capabilities()
        var release = ReleaseOptions(name: "demo", namespace: "demo-ns")
        var values = Value.mapping(Mapping())
        var overrides: [ValueOverride] = []
        var includesHooks = true
        var words = test.arguments[...]
        func argument() -> String { words.popFirst() ?? "" }
        while let word = words.popFirst() {
            switch word {
            case "-n": release.namespace = argument()
            case "--kube-version": capabilities.kubeVersion = argument()
            case "--api-versions": capabilities.apiVersions.insert(argument())
            case "--set": overrides.append(ValueOverride(.set, argument()))
            case "--set-string": overrides.append(ValueOverride(.string, argument()))
            case "-f": values = try Value(yaml: try Fixture.read(folder + "/" + (argument())), file: "values")
            case "--is-upgrade": release.isUpgrade = true
            case "--no-hooks": includesHooks = false
            default: Issue.record("unknown argument \(word)")
            }
        }
        let chart = try Chart(path: folder)
        let rendered = try ReleaseRenderer(capabilities: capabilities)
            .render(chart, values: values, overrides: overrides, release: release)
        let actual = String(decoding: rendered.text(includesHooks: includesHooks), as: UTF8.self)
        let expected = try Fixture.text(
            try #require(getenv("PUBLIC_RENDERS").map { String(cString: $0) }) + "/renders/" + test.file)
        let (left, right) = (Self.documents(actual), Self.documents(expected))
        for (one, other) in zip(left, right) { try #require(one == other) }
        #expect(left.count == right.count)
    }

    private static func documents(_ text: String) -> [String] {
        text.split(separator: "\n---\n").map { document in
            var trimmed = document
            while trimmed.last?.isWhitespace ?? false { trimmed.removeLast() }
            // podinfo's tests have random names.
            return String(trimmed).replacing(/-test-[a-z0-9]{5}\b/, with: "-test-xxxxx")
        }
    }
}
