// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Diagnostics
import Glibc
import YAMLText

extension PlanSource {
    /// Reads the plan of a file; `-` is standard input.
    ///
    /// A file that is too large, such as a disk image given by mistake, is refused by its size and not read.
    public init(contentsOf path: String) throws(PlanError) {
        let descriptor = path == "-" ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY)
        let name = path == "-" ? "standard input" : path
        guard descriptor >= 0 else { throw Self.unreadable(name, errno) }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw Self.unreadable(name, errno) }
        let limit = YAMLLimits.plan.bytes
        if status.st_mode & S_IFMT == S_IFDIR {
            throw PlanError([
                Diagnostic(
                    "cannot read \(name): it is a folder", at: SourceLocation(file: path),
                    hint: "name the plan in it, such as \(path)/cluster.yaml")
            ])
        }
        if status.st_mode & S_IFMT == S_IFREG, status.st_size > limit { throw Self.tooLarge(path, Int(status.st_size)) }
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = Glibc.read(descriptor, &chunk, chunk.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw Self.unreadable(name, errno)
            }
            if count == 0 { break }
            bytes += chunk[..<count]
            guard bytes.count <= limit else { throw Self.tooLarge(path, nil) }
        }
        try self.init(bytes, file: path)
    }

    private static func unreadable(_ name: String, _ code: Int32) -> PlanError {
        let reason = code == ENOENT ? "there is no such file" : String(cString: strerror(code))
        return PlanError([
            Diagnostic(
                "cannot read \(name): \(reason)", at: nil,
                hint: code == ENOENT ? "write one with 'iflearnerctl init -o \(name)'" : nil)
        ])
    }

    private static func tooLarge(_ path: String, _ size: Int?) -> PlanError {
        let limit = YAMLLimits.plan.bytes
        return PlanError([
            Diagnostic(
                size.map { "the plan has \($0) bytes, more than the \(limit) that are read" }
                    ?? "the plan has more than the \(limit) bytes that are read", at: SourceLocation(file: path),
                hint: "is this the right file?")
        ])
    }
}
