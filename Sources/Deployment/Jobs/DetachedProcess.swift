// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Glibc
public import Values

/// The other end of a ``DetachedLaunch``: what the process that was started does with it.
public enum DetachedProcess {
    /// What it has to know, from standard input.
    ///
    /// - Throws: when that is no JSON, as for somebody who starts such a process by hand.
    public static func instructions() throws -> Value {
        var bytes: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = read(STDIN_FILENO, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return try Value(json: bytes) }
            bytes += chunk[..<count]
        }
    }

    /// Says that it can do without its launcher.
    public static func confirm() {
        var byte: UInt8 = 1
        // A launcher that has gone does not wait for it.
        _ = write(DetachedLaunch.confirmation, &byte, 1)
        close(DetachedLaunch.confirmation)
    }
}
