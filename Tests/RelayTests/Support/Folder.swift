// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// A folder of a test that goes with it.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = "/tmp/iflearnerctl-relay-\(UInt64.random(in: 0 ... .max))"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    func writeLogin(_ username: String, _ password: String) throws {
        try write("username", username)
        try write("password", password)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: "\(path)/\(name)") }

    /// The text of a file, empty when it is not there.
    func text(_ name: String) -> String {
        FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) } ?? ""
    }
}
