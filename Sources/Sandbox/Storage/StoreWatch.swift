// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// The changes of some resources from a moment on.
struct StoreWatch: Sendable {
    /// What a watch tells.
    enum Element: Sendable {
        case event(StoreEvent)
        /// Everything up to this revision has been told: the answer to `requestProgress`.
        case progress(Int64)
    }

    /// What happens; ends when the store closes or this task is cancelled.
    let elements: AsyncStream<Element>
    /// The revision the watch began at.
    let revision: Int64
    /// How many events of the watch tell what existed when it began.
    let initialCount: Int
    private let progress: @Sendable () -> Void

    init(
        elements: AsyncStream<Element>, revision: Int64, initialCount: Int, progress: @escaping @Sendable () -> Void
    ) {
        self.elements = elements
        self.revision = revision
        self.initialCount = initialCount
        self.progress = progress
    }

    /// Asks for a `progress` element, in order with the events.
    func requestProgress() { progress() }
}
