// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Processes
import Synchronization

/// A program that a test runs beside itself, and what it prints.
final class TestProgram: Sendable {
    private let child: ChildProcess
    private let isRunning = Mutex(true)
    private let folder: Folder
    private let log: String

    /// Starts it; its output goes to a file of the folder.
    init(_ executable: String, _ arguments: [String], in folder: Folder) throws {
        self.folder = folder
        log = "program-\(UInt32.random(in: 0 ... .max)).log"
        var command = Command(executable, arguments)
        let descriptor = open(try folder.write(log, ""), O_WRONLY | O_APPEND | O_CLOEXEC)
        defer { close(descriptor) }
        command.output = .descriptor(descriptor)
        command.errors = .descriptor(descriptor)
        child = try command.spawn()
    }

    /// What it has printed so far.
    var output: String { folder.text(log) }

    /// Ends it.
    func stop() async {
        guard takeRunning() else { return }
        child.send(SIGKILL)
        _ = await child.wait()
    }

    deinit {
        guard takeRunning() else { return }
        child.send(SIGKILL)
        Task { [child] in await child.wait() }
    }

    private func takeRunning() -> Bool {
        isRunning.withLock { isRunning in
            defer { isRunning = false }
            return isRunning
        }
    }

    /// The folder of the package.
    static let package = #filePath.split(separator: "/").dropLast(4).map { "/\($0)" }.joined()

    /// A script of this target's `Programs`.
    static func script(_ name: String) -> String { "\(package)/Tests/RelayTests/Programs/\(name)" }

    /// A Python that has gRPC.
    ///
    /// - Throws: what to do when it is not there; a test without it would prove nothing.
    static func python() throws -> String {
        let path = "\(package)/.build/tools/grpcio/bin/python"
        guard FileManager.default.isExecutableFile(atPath: path) else {
            throw TestFailure("\(path) is missing: run 'make test-deps'")
        }
        return path
    }

    /// A program of Debian's.
    static func find(_ name: String) throws -> String {
        guard let path = Environment.findExecutable(name, path: "/usr/local/bin:/usr/bin:/bin:/usr/sbin") else {
            throw TestFailure("\(name) is missing: run 'make test-deps'")
        }
        return path
    }
}
