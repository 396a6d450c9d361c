// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Processes

/// Runs what blocks on a thread of its own; sockets of tests have time limits, so it ends.
func blocking<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
        let isStarted = BlockingThread.start { continuation.resume(with: Swift.Result { try body() }) }
        if !isStarted { continuation.resume(throwing: TestFailure("no thread can be had")) }
    }
}

/// Waits until something is so, at most twenty seconds.
func eventually(_ what: String, _ isSo: () async throws -> Bool) async throws {
    let clock = ContinuousClock()
    let deadline = clock.now + .seconds(20)
    while try await !isSo() {
        guard clock.now < deadline else { throw TestFailure("\(what) did not come about") }
        try await Task.sleep(for: .milliseconds(2))
    }
}

/// What kept a test from its end.
struct TestFailure: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
