// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Testing

/// D24: upstream published the private keys of its certificates.
@Suite struct PublishedKeyTests {
    private static let repository = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(4).joined(separator: "/")

    @Test(arguments: ["Sources", "templates", "examples", "docs", "scripts"])
    func `D24: no private key is part of the program`(_ folder: String) throws {
        let key = try Regex("-----BEGIN [A-Z ]*PRIVATE KEY-----\\s+[A-Za-z0-9+/=]{40}")
        let names = try FileManager.default.subpathsOfDirectory(atPath: "\(Self.repository)/\(folder)")
        var count = 0
        for name in names {
            guard let bytes = FileManager.default.contents(atPath: "\(Self.repository)/\(folder)/\(name)") else {
                continue
            }
            count += 1
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.contains("PRIVATE KEY") else { continue }
            #expect(text.firstMatch(of: key) == nil, "\(folder)/\(name)")
        }
        #expect(count > 0)
    }
}
