// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// What a program printed and how it ended.
public struct CapturedOutput: Sendable, Hashable {
    /// How it ended.
    public var status: ExitStatus
    /// What it printed on standard output.
    public var output: [UInt8]
}

extension Command {
    /// Runs the program to its end and gives what it prints on standard output.
    ///
    /// - Throws: `SpawnError`, also when it takes longer than `timeout` or prints more than `limit` bytes: it is then
    ///   killed. `CancellationError` when the task is cancelled, which kills it too.
    public func capture(timeout: Duration, limit: Int = 1 << 20) async throws -> CapturedOutput {
        var pipe: [Int32] = [0, 0]
        guard Glibc.pipe(&pipe) == 0 else { throw SpawnError.refused(executable, reason: "no pipe can be made") }
        let (reading, writing) = (pipe[0], pipe[1])
        for descriptor in pipe { _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC) }
        var command = self
        command.output = .descriptor(writing)
        let child: ChildProcess
        do {
            defer { close(writing) }
            child = try command.spawn()
        } catch {
            close(reading)
            throw error
        }
        let name = executable
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                BlockingThread.run {
                    let result = Self.collect(reading, child, name, timeout: timeout, limit: limit)
                    close(reading)
                    continuation.resume(returning: result)
                }
            }
        } onCancel: {
            child.send(SIGKILL)
        }
        try Task.checkCancellation()
        return try result.get()
    }

    private static func collect(
        _ descriptor: Int32, _ child: ChildProcess, _ name: String, timeout: Duration, limit: Int
    ) -> Result<CapturedOutput, SpawnError> {
        let clock = ContinuousClock()
        let deadline = clock.now + timeout
        var output: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        var failure: SpawnError?
        while failure == nil {
            let (seconds, attoseconds) = (deadline - clock.now).components
            let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
            var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            let ready = milliseconds > 0 ? poll(&entry, 1, Int32(clamping: milliseconds)) : 0
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                failure = .timedOut(name, timeout)
                break
            }
            let count = buffer.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            if count <= 0 { break }
            output += buffer[..<count]
            if output.count > limit { failure = .tooMuchOutput(name, limit: limit) }
        }
        if failure != nil { child.send(SIGKILL) }
        let status = child.waitBlocking()
        return failure.map { .failure($0) } ?? .success(CapturedOutput(status: status, output: output))
    }
}
