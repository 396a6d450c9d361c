// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Glibc
import Testing
import Values
import YAMLText

/// What is generated from the schema: the files under docs/ must be what the schema says.
///
/// `RECORD_DOCS=1 swift test --filter ConfigModelTests` writes them anew.
@Suite struct `Documents of the plan` {
    private static let examples = ["cluster", "cluster-federate", "cluster-hospital"]

    private func compare(_ text: String, with file: String) throws {
        if getenv("RECORD_DOCS") != nil {
            let stream = try #require(fopen(file, "w"))
            defer { fclose(stream) }
            fputs(text, stream)
            return
        }
        let kept = String(decoding: try Fixtures.bytes(file), as: UTF8.self)
        #expect(
            kept == text, "\(file) is not what the schema says: RECORD_DOCS=1 swift test --filter ConfigModelTests"
        )
    }

    @Test func `the JSON Schema is up to date`() throws {
        try compare(PlanJSONSchema.text, with: Fixtures.repository + "/docs/cluster.schema.json")
    }
    @Test func `the reference page is up to date`() throws {
        try compare(PlanReference.text, with: Fixtures.repository + "/docs/plan.md")
    }

    @Test func `the JSON Schema is JSON, and knows every key of the examples`() throws {
        let schema = try Value(json: PlanJSONSchema.text)
        for name in Self.examples {
            let plan = try Value(yaml: Fixtures.bytes("\(Fixtures.repository)/examples/\(name).yaml"), file: name)
            for (key, block) in plan.mapping ?? [:] {
                let property = try #require(schema[path: "properties", key], "\(key)")
                for (inner, _) in block.mapping ?? [:] where property["properties"] != nil {
                    #expect(property[path: "properties", inner] != nil, "\(key).\(inner)")
                }
            }
        }
    }

    @Test(arguments: Role.allCases) func `a template is a good plan, and shows the defaults`(_ role: Role) throws {
        let text = PlanTemplate(role: role).text
        try compare(text, with: "\(Fixtures.folder)/Plans/init-\(role.rawValue).yaml")
        let plan = try PlanSource(Array(text.utf8), file: "cluster.yaml").plan()
        #expect(plan.warnings == [])
        #expect(plan.role == role)
        #expect(plan.modules == role.defaultModules)
        // Every option in it is good too, when it is uncommented.
        let all = text.split(separator: "\n").map { line -> Substring in
            let bare = line.drop { $0 == " " }
            let isOption =
                bare.hasPrefix("# ") && bare.dropFirst(2).prefix { $0.isLetter }.count > 1
                && (bare.contains(": {") || bare.contains(": [") || bare.contains("  #"))
            guard isOption else { return line }
            return line.prefix(line.count - bare.count) + bare.dropFirst(2)
        }.joined(separator: "\n")
        #expect(all != text)
        let options = try PlanSource(Array(all.utf8), file: "cluster.yaml").plan()
        #expect(options.warnings.allSatisfy { $0.severity == .warning })
        #expect(options.externalDatabase != nil)
    }

    @Test(arguments: examples) func `the examples are good plans`(_ name: String) throws {
        let plan = try PlanSource(contentsOf: "\(Fixtures.repository)/examples/\(name).yaml").plan()
        #expect(plan.warnings == [])
        #expect(plan.modules == plan.role.defaultModules)
    }
}
