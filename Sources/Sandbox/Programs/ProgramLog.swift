// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// What a program has written, as its container's log.
final class ProgramLog: Sendable {
    private struct State {
        var lines: [LogLine] = []
        var count = 0
        var readers: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastReader = 0
    }

    private static let capacity = 2000
    private let now: @Sendable () -> Timestamp
    private let state = Mutex(State())

    init(now: @escaping @Sendable () -> Timestamp) { self.now = now }

    /// The last lines, in order.
    var lines: [LogLine] { state.withLock { $0.lines } }

    func append(_ text: String) {
        let readers = state.withLock { state in
            for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
                state.lines.append(LogLine(place: state.count, time: now(), text: String(line)))
                state.count += 1
            }
            if state.lines.count > 2 * Self.capacity { state.lines.removeFirst(Self.capacity) }
            return Array(state.readers.values)
        }
        for reader in readers { reader.yield() }
    }

    /// An element after each change, until the reader goes.
    var changes: AsyncStream<Void> {
        let (changes, reader) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let id = state.withLock { state in
            state.lastReader += 1
            state.readers[state.lastReader] = reader
            return state.lastReader
        }
        reader.onTermination = { [weak self] _ in self?.leave(id) }
        return changes
    }

    private func leave(_ id: Int) { state.withLock { state in _ = state.readers.removeValue(forKey: id) } }
}
