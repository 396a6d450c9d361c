// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import Processes
public import Values

/// Starts this very program as a process of its own (J-3a): its own session, nothing of ours open in it, our environment.
///
/// What it has to know comes through standard input, so that nothing of it shows among the arguments. It gets a log as
/// output and the writing end of a pipe as descriptor 3, on which it writes one byte once it can do without us.
public struct DetachedLaunch: Sendable {
    /// The descriptor on which the process confirms.
    public static let confirmation: Int32 = 3

    /// What became of a process that was started.
    public enum Confirmation: Sendable, Hashable {
        /// It goes on alone.
        case given
        /// It ended, or closed the pipe, without a word.
        case ended
        /// It took too long, and was killed.
        case late
    }

    private let state: StateDirectory
    private let environment: [String: String]
    private let time: TimeSource
    private let program: String?

    /// Prepares launches with an environment, of this very program unless another one is named.
    public init(state: StateDirectory, environment: [String: String], time: TimeSource, program: String? = nil) {
        self.state = state
        // The process runs in another folder: a relative path would lead elsewhere.
        self.environment = environment.merging(["IFLEARNERCTL_STATE_DIR": state.path]) { $1 }
        self.time = time
        self.program = program
    }

    /// Starts the process and waits until it confirms.
    ///
    /// - Parameters:
    ///   - arguments: what to run.
    ///   - input: what it has to know; no secret.
    ///   - path: the file that its output is added to.
    ///   - timeout: how long it may take to confirm.
    /// - Returns: whether it confirmed; if not, it runs no more, and the log may say why.
    /// - Throws: `StateDirectoryError` and `SpawnError`.
    public func start(
        _ arguments: [String], input: Value, log path: String, timeout: Duration
    ) async throws -> Confirmation {
        let log = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard log >= 0 else { throw StateDirectoryError.notWritable(path, reason: String(cString: strerror(errno))) }
        defer { close(log) }
        let input = try instructionFile(input.json())
        defer { close(input) }
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else {
            throw StateDirectoryError.notWritable("a pipe", reason: String(cString: strerror(errno)))
        }
        defer { close(ends[0]) }
        // Every child of ours closes what it was not given, so that the ends leak into none.
        _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
        var command = Command(try program ?? Self.ownProgram(), arguments, environment: environment)
        command.directory = "/"
        command.input = .descriptor(input)
        command.output = .descriptor(log)
        command.errors = .descriptor(log)
        command.passedDescriptors = [ends[1]]
        command.ownSession = true
        let child: ChildProcess
        do {
            child = try command.spawn()
        } catch {
            close(ends[1])
            throw error
        }
        close(ends[1])
        let confirmation = try await confirmation(on: ends[0], within: timeout)
        if confirmation != .given {
            // Somebody who comes late must not begin what has been given up, nor be at it when this returns.
            child.send(SIGKILL)
            _ = await child.wait()
        }
        return confirmation
    }

    /// This very program, whatever became of the file it was started from.
    private static func ownProgram() throws -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let count = readlink("/proc/self/exe", &buffer, buffer.count - 1)
        guard count > 0 else { throw SpawnError.notFound("/proc/self/exe") }
        return String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// A file without a name that holds the instructions, at its beginning.
    private func instructionFile(_ bytes: [UInt8]) throws -> Int32 {
        let folder = try state.make("jobs")
        // O_TMPFILE would do it in one step, but not on every file system that homes lie on.
        var template = Array("\(folder)/.instructions-XXXXXX\0".utf8CString)
        let descriptor = mkstemp(&template)
        guard descriptor >= 0 else {
            throw StateDirectoryError.notWritable(folder, reason: String(cString: strerror(errno)))
        }
        unlink(&template)
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard count > 0 else {
                let reason = String(cString: strerror(errno))
                close(descriptor)
                throw StateDirectoryError.notWritable(folder, reason: reason)
            }
            rest = rest.dropFirst(count)
        }
        lseek(descriptor, 0, SEEK_SET)
        return descriptor
    }

    /// Waits for a byte, the end of the pipe, or the end of the time.
    private func confirmation(on descriptor: Int32, within timeout: Duration) async throws -> Confirmation {
        let deadline = time.continuous() + timeout
        var byte: UInt8 = 0
        while time.continuous() < deadline {
            let count = read(descriptor, &byte, 1)
            if count == 1 { return .given }
            if count == 0 || (errno != EAGAIN && errno != EINTR) { return .ended }
            try await time.sleep(.milliseconds(5))
        }
        return .late
    }
}
