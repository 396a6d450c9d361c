// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization

/// The faults that are waiting to happen.
final class FaultInjection: Sendable {
    private struct State {
        var faults: [Fault] = []
        /// The watches that run, in the order in which they began, with the requests they answer.
        var watches: [(request: HTTPRequest, line: WatchLine)] = []
        var hanging: [CheckedContinuation<Void, Never>] = []

        /// Uses a fault up by one.
        mutating func use(_ index: Int) {
            guard let count = faults[index].count else { return }
            faults[index].count = count - 1
        }

        mutating func removeUsed() { faults.removeAll { $0.count.map { $0 <= 0 } ?? false } }
    }

    private let state = Mutex(State())

    /// Adds a fault; one of watches happens at once to those that run.
    func add(_ fault: Fault) {
        var fault = fault
        state.withLock { state in
            if case .watch(let effect, let count) = fault.effect {
                for (request, line) in state.watches where fault.count != 0 && fault.fits(request) {
                    line.disturb(effect, after: count)
                    fault.count = fault.count.map { $0 - 1 }
                }
            }
            if fault.count != 0 { state.faults.append(fault) }
        }
    }

    /// The faults that have not happened yet, or happen to all requests.
    var pending: [Fault] { state.withLock { $0.faults } }

    /// Forgets them, and lets go on what hangs.
    func clear() {
        let (hanging, watches) = state.withLock { state in
            defer {
                state.faults = []
                state.hanging = []
            }
            return (state.hanging, state.watches)
        }
        for request in hanging { request.resume() }
        for watch in watches { watch.line.release() }
    }

    /// Waits until the faults are cleared.
    func hang() async {
        await withCheckedContinuation { request in state.withLock { $0.hanging.append(request) } }
    }

    /// The first fault that fits a request; it is used up by that.
    func take(for request: HTTPRequest) -> Fault.Effect? {
        state.withLock { state in
            let index = state.faults.firstIndex { fault in
                switch fault.effect {
                case .watch: false
                case .denied: ["POST", "PUT", "PATCH", "DELETE"].contains(request.method) && fault.fits(request)
                default: fault.fits(request)
                }
            }
            guard let index else { return nil }
            defer { state.removeUsed() }
            state.use(index)
            return state.faults[index].effect
        }
    }

    // MARK: Watches

    /// Lets a watch run under all faults that fit it, those that are there and those that will come, until it is over.
    func attend(_ line: WatchLine, of request: HTTPRequest) {
        state.withLock { state in
            state.watches.append((request, line))
            for (index, fault) in state.faults.enumerated() {
                guard case .watch(let effect, let count) = fault.effect, fault.fits(request) else { continue }
                state.use(index)
                line.disturb(effect, after: count)
            }
            state.removeUsed()
        }
    }

    /// Forgets a watch that is over.
    func leave(_ line: WatchLine) { state.withLock { $0.watches.removeAll { $0.line === line } } }
}

extension Fault {
    fileprivate func fits(_ request: HTTPRequest) -> Bool {
        guard method == nil || method == request.method else { return false }
        // One that is no expression was refused when it was made.
        guard let pattern = try? Regex(path) else { return false }
        return request.target.contains(pattern)
    }
}
