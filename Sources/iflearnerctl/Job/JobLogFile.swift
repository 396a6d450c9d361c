// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Deployment
import Glibc
import Rollout
import Synchronization
import Values

/// The log of a job that this process does itself: its events as JSON lines, where a worker's would be (J-6).
///
/// Losing it loses nothing that counts, so a folder that cannot be written is passed over.
final class JobLogFile: Sendable {
    private let state: StateDirectory
    private let descriptor = Mutex<Int32?>(nil)

    init(_ state: StateDirectory) { self.state = state }

    deinit { descriptor.withLock { if let open = $0, open >= 0 { close(open) } } }

    /// Adds an event, once there is a job.
    func append(_ line: EventLine) {
        guard !line.job.isEmpty else { return }
        let bytes = line.json.json() + [UInt8(ascii: "\n")]
        descriptor.withLock { descriptor in
            if descriptor == nil { descriptor = open(line.job) }
            guard let descriptor, descriptor >= 0 else { return }
            _ = bytes.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        }
    }

    private func open(_ job: String) -> Int32 {
        do {
            try state.make("jobs")
        } catch {
            return -1
        }
        return Glibc.open(state.jobLog(job), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
    }
}
