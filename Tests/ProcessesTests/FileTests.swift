// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
import Processes
import Testing

@Suite struct Files {
    private let folder = "/tmp/iflearnerctl-files-\(UInt64.random(in: 0 ... .max))"

    @Test func `a file is replaced in one step, for its owner alone`() throws {
        let path = "\(folder)/a/b"
        try FileBytes.replace(path, with: Array("one".utf8))
        try FileBytes.replace(path, with: Array("two".utf8))
        #expect(try FileBytes.read(path) == Array("two".utf8))
        #expect(FileBytes.permissions(of: path) == 0o600 && FileBytes.permissions(of: folder) == 0o700)
        #expect(FileBytes.names(in: "\(folder)/a") == ["b"])
        FileBytes.remove(path)
        FileBytes.remove(path)
        #expect(FileBytes.names(in: "\(folder)/a").isEmpty && FileBytes.names(in: "\(folder)/x").isEmpty)
    }

    @Test func `what is no readable file is said`() throws {
        try FileBytes.makeFolder(folder)
        #expect(mkfifo("\(folder)/fifo", 0o600) == 0)
        for (path, code) in [
            ("\(folder)/none", ENOENT), (folder, EISDIR), ("\(folder)/fifo", EINVAL), ("/dev/zero", EINVAL),
        ] {
            #expect { try FileBytes.read(path) } throws: { ($0 as? FileError)?.code == code }
        }
        try FileBytes.replace("\(folder)/large", with: Array(repeating: 0, count: 1000))
        #expect { try FileBytes.read("\(folder)/large", limit: 999) } throws: { ($0 as? FileError)?.code == EFBIG }
        #expect("\(FileError(path: "/x", action: "read", code: ENOENT))" == "cannot read /x: no such file or directory")
    }

    @Test func `paths are made absolute`() {
        #expect(FileBytes.absolutePath("/a") == "/a")
        #expect(FileBytes.absolutePath("a").hasSuffix("/a") && FileBytes.absolutePath("a").hasPrefix("/"))
    }
}
