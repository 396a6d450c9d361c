// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Where a transfer and its reader meet: the head, the chunks that wait to be read, and the end.
///
/// The loop's thread fills it, one task reads it. Continuations are resumed outside of the lock.
final class TransferSink: Sendable {
    private struct State {
        var head: (status: Int, headers: HTTPFields)?
        var chunks: [[UInt8]] = []
        var bufferedBytes = 0
        var isFinished = false
        var failure: (any Error)?
        var isPaused = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    /// How much may wait for a slow reader before the transfer pauses.
    private static let bufferLimit = 4 << 20

    private let state = Mutex(State())

    // MARK: The loop's side

    /// Whether there is room; without it, the transfer pauses and the reader's next read resumes it.
    var wantsMore: Bool {
        state.withLock { state in
            state.isPaused = state.bufferedBytes >= Self.bufferLimit
            return !state.isPaused
        }
    }

    func takeHead(status: Int, headers: HTTPFields) {
        change { $0.head = (status, headers) }
    }

    func take(_ chunk: [UInt8]) {
        change { state in
            state.chunks.append(chunk)
            state.bufferedBytes += chunk.count
        }
    }

    /// Ends the transfer, well without a failure; what follows the first end is ignored.
    func finish(_ failure: (any Error)?) {
        change { state in
            guard !state.isFinished else { return }
            state.isFinished = true
            state.failure = failure
        }
    }

    private func change(_ body: (inout State) -> Void) {
        let waiter = state.withLock { state in
            body(&state)
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume()
    }

    // MARK: The reader's side

    /// The head, once it is there.
    func head() async throws -> (status: Int, headers: HTTPFields) {
        while true {
            let found = try state.withLock { state -> (Int, HTTPFields)? in
                if let head = state.head { return head }
                if let failure = state.failure { throw failure }
                if state.isFinished {
                    throw TransportError(.malformed, "the answer has no head", mayHaveBeenProcessed: true)
                }
                return nil
            }
            if let found { return found }
            await change { $0.head != nil }
        }
    }

    /// What has arrived since the last read; nil at the end.
    func bytes() async throws -> (bytes: [UInt8], wasPaused: Bool)? {
        while true {
            let found = try state.withLock { state -> (bytes: [UInt8], wasPaused: Bool)?? in
                if !state.chunks.isEmpty {
                    let bytes = state.chunks.count == 1 ? state.chunks[0] : Array(state.chunks.joined())
                    let wasPaused = state.isPaused
                    state.chunks = []
                    state.bufferedBytes = 0
                    state.isPaused = false
                    return .some((bytes, wasPaused))
                }
                if let failure = state.failure { throw failure }
                return state.isFinished ? .some(nil) : .none
            }
            if let found { return found }
            await change { !$0.chunks.isEmpty }
        }
    }

    /// Waits for a change, unless what is wanted came in the meantime; there is one reader.
    private func change(unless isThere: (borrowing State) -> Bool) async {
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            let isReady = state.withLock { state in
                if state.isFinished || isThere(state) { return true }
                state.waiter = continuation
                return false
            }
            if isReady { continuation.resume() }
        }
    }
}
