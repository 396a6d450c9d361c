// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

internal import Glibc

/// A program that we started.
public struct ChildProcess: Sendable, Hashable {
    /// Its process id.
    public let pid: Int32

    /// Waits until it ends; to be called once, or its end is lost to the others.
    ///
    /// Cancelling the task does not end the program: send it a signal.
    public func wait() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            BlockingThread.run { continuation.resume(returning: waitBlocking()) }
        }
    }

    /// Sends it a signal; one that has ended and was not waited for gets none.
    public func send(_ signal: Int32) {
        _ = kill(pid, signal)
    }

    func waitBlocking() -> ExitStatus {
        var status: Int32 = 0
        while waitpid(pid, &status, 0) < 0 {
            // Nobody's child: someone else has waited for it.
            guard errno == EINTR else { return .code(-1) }
        }
        let signal = status & 0x7f
        return signal == 0 ? .code((status >> 8) & 0xff) : .signal(signal)
    }
}
