// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization

/// The way of a watch's lines to its client, with whatever was injected.
final class WatchLine: Sendable {
    private struct State {
        /// What happens after so many further events.
        var waiting: [(fault: WatchFault, after: Int)] = []
        var isSilent = false
        var isOver = false
        /// How the next line is cut; nil when it is not.
        var cut: WatchFault?
        var copies = 1
        var length = 0
        var isReversed = false
    }

    /// Ends when the watch shall.
    let end: AsyncStream<Void>
    private let ending: AsyncStream<Void>.Continuation
    private let writer: HTTPBodyWriter
    private let error: @Sendable (Int) -> [UInt8]
    private let state = Mutex(State())

    /// Makes the way to a client; `error` makes the line for an error of the API by its code.
    init(_ writer: HTTPBodyWriter, error: @escaping @Sendable (Int) -> [UInt8]) {
        self.writer = writer
        self.error = error
        (end, ending) = AsyncStream.makeStream()
    }

    /// Whether nothing reaches the client, not even the end.
    var isSilent: Bool { state.withLock { $0.isSilent } }

    /// Whether what exists is told in reverse order.
    var isReversed: Bool { state.withLock { $0.isReversed } }

    /// Sends the line of an event.
    func send(event line: [UInt8]) {
        state.withLock { state in
            guard write(line, &state) else { return }
            for _ in 1..<max(state.copies, 1) { _ = write(line, &state) }
            for index in state.waiting.indices { state.waiting[index].after -= 1 }
            let due = state.waiting.filter { $0.after <= 0 }
            state.waiting.removeAll { $0.after <= 0 }
            for item in due { act(item.fault, &state) }
        }
    }

    /// Sends the line of a bookmark, which counts as no event.
    func send(bookmark line: [UInt8]) { state.withLock { state in _ = write(line, &state) } }

    /// Lets something go wrong after so many further events.
    func disturb(_ fault: WatchFault, after count: Int) {
        state.withLock { state in
            guard count <= 0 else { return state.waiting.append((fault, count)) }
            act(fault, &state)
        }
    }

    /// Lets nothing go wrong any more; a silent connection breaks, for what it would have told is lost.
    func release() {
        state.withLock { state in
            guard !state.isOver else { return }
            if state.isSilent {
                state.isSilent = false
                over(&state, breaking: true)
            }
            state = State(isOver: state.isOver, isReversed: state.isReversed)
        }
    }

    private func act(_ fault: WatchFault, _ state: inout State) {
        guard !state.isOver else { return }
        switch fault {
        case .end: over(&state, breaking: false)
        case .breakOff: over(&state, breaking: true)
        case .silence: state.isSilent = true
        case .error(let code):
            guard write(error(code), &state) else { return }
            over(&state, breaking: false)
        case .cut: state.cut = fault
        case .line(let text): _ = write(Array(text.utf8) + [10], &state)
        case .pad(let length): state.length = length
        case .duplicate: state.copies = 2
        case .reverse: state.isReversed = true
        }
    }

    /// Writes a line as it shall arrive; false when nothing more shall.
    private func write(_ line: [UInt8], _ state: inout State) -> Bool {
        guard !state.isOver, !state.isSilent else { return false }
        if case .cut(let isClean)? = state.cut {
            writer.write(line[..<(line.count / 2)])
            over(&state, breaking: !isClean)
            return false
        }
        guard line.count < state.length else {
            writer.write(line)
            return true
        }
        // Blanks before the end of the line: JSON allows them there.
        writer.write(line.dropLast() + Array(repeating: 32, count: state.length - line.count) + [10])
        return true
    }

    private func over(_ state: inout State, breaking: Bool) {
        state.isOver = true
        if breaking { writer.abort() }
        ending.finish()
    }
}
