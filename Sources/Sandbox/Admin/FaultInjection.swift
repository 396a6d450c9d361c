// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import HTTPServer
import Synchronization

/// The faults that are waiting to happen.
final class FaultInjection: Sendable {
    private let faults = Mutex<[Fault]>([])
    private let hanging = Mutex<[CheckedContinuation<Void, Never>]>([])

    func add(_ fault: Fault) { faults.withLock { $0.append(fault) } }

    /// The faults that have not happened yet, or happen to all requests.
    var pending: [Fault] { faults.withLock(\.self) }

    /// Forgets them, and lets go on what hangs.
    func clear() {
        faults.withLock { $0 = [] }
        let hanging = hanging.withLock { hanging in
            defer { hanging = [] }
            return hanging
        }
        for request in hanging { request.resume() }
    }

    /// Waits until the faults are cleared.
    func hang() async {
        await withCheckedContinuation { request in hanging.withLock { $0.append(request) } }
    }

    /// The first fault that fits a request; it is used up by that.
    func take(for request: HTTPRequest) -> Fault.Effect? {
        faults.withLock { faults in
            let index = faults.firstIndex { fault in
                guard fault.method == nil || fault.method == request.method else { return false }
                // One that is no expression was refused when it was made.
                guard let pattern = try? Regex(fault.path) else { return false }
                return request.target.contains(pattern)
            }
            guard let index else { return nil }
            let effect = faults[index].effect
            if let count = faults[index].count {
                faults[index].count = count - 1
                if count <= 1 { faults.remove(at: index) }
            }
            return effect
        }
    }
}
