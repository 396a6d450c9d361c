// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc

/// A folder of a test that goes with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/iflearnerctl-e2e-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else { throw SystemFailure("mkdtemp") }
        path = String(cString: made)
    }

    /// Removes it; what cannot be removed stays in /tmp and harms nobody.
    func remove() { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file and gives its path.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        let file = "\(path)/\(name)"
        try Data(text.utf8).write(to: URL(filePath: file))
        return file
    }

    /// Makes a folder below and gives its path.
    func make(_ name: String) throws -> String {
        try FileManager.default.createDirectory(atPath: "\(path)/\(name)", withIntermediateDirectories: true)
        return "\(path)/\(name)"
    }

    /// The text of every file below a folder, by its path.
    static func texts(below folder: String) -> [String: String] {
        var found: [String: String] = [:]
        // A folder that is not there holds no file.
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            let path = "\(folder)/\(name)"
            var isFolder = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else { continue }
            if isFolder {
                found.merge(texts(below: path)) { $1 }
            } else if let data = FileManager.default.contents(atPath: path) {
                found[path] = String(decoding: data, as: UTF8.self)
            }
        }
        return found
    }
}

/// The text of a file of the package.
func text(ofPackageFile path: String) throws -> String {
    try String(contentsOfFile: "\(Program.package)/\(path)", encoding: .utf8)
}
