// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import ConfigModel
import Diagnostics
import Glibc
import Testing

/// Files that lie beside the tests, or elsewhere in the repository.
enum Fixtures {
    static let folder = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex))
    static let repository = folder + "/../.."

    static func bytes(_ path: String) throws -> [UInt8] {
        let file = try #require(fopen(path, "r"), "cannot open \(path)")
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = fread(&chunk, 1, chunk.count, file)
            if count == 0 { return bytes }
            bytes += chunk[..<count]
        }
    }
}

/// A plan with the keys that a server cannot do without, and these lines after them.
func serverPlan(_ lines: String = "") throws(PlanError) -> ClusterPlan {
    try PlanSource(Array("name: lungnet\nnamespace: iflearner\nrole: server\n\(lines)".utf8), file: "plan.yaml").plan()
}

/// A plan with the keys that a federate cannot do without, and these lines after them.
func federatePlan(_ lines: String = "") throws(PlanError) -> ClusterPlan {
    let head = "name: lungnet\nnamespace: fl\nrole: federate\npartyId: party-a\n"
    let address = lines.contains("flow-federate:\n") ? "" : "flow-federate: {serverAddress: 'fl.example:32235'}\n"
    return try PlanSource(Array((head + address + lines).utf8), file: "plan.yaml").plan()
}

/// The problems of a plan's text as people see them, without the excerpts.
func problems(_ text: String) -> [String] {
    do throws(PlanError) {
        return try PlanSource(Array(text.utf8), file: "plan.yaml").plan().warnings.map(line)
    } catch {
        return error.diagnostics.map(line)
    }
}

func line(_ diagnostic: Diagnostic) -> String {
    "\(diagnostic.location?.description ?? "-"): \(diagnostic.severity.rawValue): \(diagnostic.message)"
        + (diagnostic.hint.map { " | \($0)" } ?? "")
}
