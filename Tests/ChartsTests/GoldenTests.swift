// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Testing

/// The manifests of two plans, byte for byte; `RECORD_CHARTS=1` writes them anew.
@Suite struct `Golden renders` {
    @Test(arguments: [("server", 36), ("server", 18), ("hospital", 36)])
    func `of a plan`(_ name: String, _ minor: Int) throws {
        let file = "\(Repository.tests)/Golden/\(name)-1.\(minor).yaml"
        let text = try Rendering.of(name, minor: minor).text
        if Repository.environment("RECORD_CHARTS") != nil { try Repository.write(text, to: file) }
        let recorded = String(decoding: try Repository.bytes(file), as: UTF8.self).split(separator: "\n")
        let rendered = String(decoding: text, as: UTF8.self).split(separator: "\n")
        #expect(rendered.count == recorded.count)
        for (index, lines) in zip(rendered, recorded).enumerated() where lines.0 != lines.1 {
            Issue.record("line \(index): \(lines.0) instead of \(lines.1)")
            return
        }
    }
}
