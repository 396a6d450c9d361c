// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// Keeps what callbacks are given.
final class Collector<Element: Sendable>: Sendable {
    private let kept = Mutex<[Element]>([])

    /// What was given so far, in order.
    var all: [Element] { kept.withLock(\.self) }

    func add(_ element: Element) { kept.withLock { $0.append(element) } }
}
