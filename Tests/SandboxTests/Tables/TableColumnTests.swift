// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Testing
import Values

@testable import Sandbox

@Suite struct TableColumnTests {
    @Test func `columns are those that Kubernetes 1.36 serves`() throws {
        let golden = try #require(Value(json: contents(of: "Fixtures/columns-1.36.json")).mapping)
        #expect(golden.count == 61)
        for (path, expected) in golden {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let group = parts.count == 3 ? parts[0] : ""
            let resource = try #require(parts.last)
            let columns = TableLayout.builtIn(group: group, resource: resource).columns
            let found: [Value] = columns.map {
                [.string($0.name), .string($0.type), .string($0.format), .int(Int64($0.priority))]
            }
            #expect(found == expected.array, "\(path)")
        }
    }

    @Test func `every layout gives as many cells as columns, even to an empty object`() throws {
        let golden = try #require(Value(json: contents(of: "Fixtures/columns-1.36.json")).mapping)
        for path in golden.keys {
            let parts = path.split(separator: "/").map(String.init)
            let layout = TableLayout.builtIn(
                group: parts.count == 3 ? parts[0] : "", resource: try #require(parts.last))
            let cells = layout.cells(Fields([:]), Timestamp(seconds: 0))
            #expect(cells.count == layout.columns.count, "\(path)")
        }
    }

    private func contents(of name: String, here: String = #filePath) throws -> [UInt8] {
        let folder = here.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        let file = try #require(fopen("\(folder)/\(name)", "r"))
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&chunk, 1, chunk.count, file), count > 0 { bytes += chunk[..<count] }
        return bytes
    }
}
