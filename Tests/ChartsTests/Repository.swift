// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Templating

/// The files that the tests read and write.
enum Repository {
    static let tests = String(#filePath.prefix(upTo: #filePath.lastIndex(of: "/") ?? #filePath.endIndex))
    static let charts = tests + "/../../templates/iflearner-flow"

    static func bytes(_ path: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: path))) }

    static func write(_ bytes: [UInt8], to path: String) throws {
        let folder = URL(filePath: path).deletingLastPathComponent()
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// The paths of the files below a folder, relative to it and sorted.
    static func files(below folder: String) throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: folder).sorted().filter { path in
            var isDirectory = false
            return FileManager.default.fileExists(atPath: folder + "/" + path, isDirectory: &isDirectory)
                && !isDirectory
        }
    }

    /// The bundled chart, read once.
    static let chart = Result {
        try Chart(
            files: try files(below: charts).map { path in
                ChartFile(path: path, bytes: try bytes(charts + "/" + path))
            })
    }

    static func environment(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
