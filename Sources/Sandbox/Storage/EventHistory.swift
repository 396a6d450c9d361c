// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// The last changes of one resource, from which watches continue.
struct EventHistory {
    /// How many events are kept at least; twice as many at most.
    static let capacity = 2000

    private var events: [StoreEvent] = []
    /// Every change after this revision is known.
    private(set) var begin: Int64

    init(begin: Int64) { self.begin = begin }

    mutating func append(_ event: StoreEvent) {
        events.append(event)
        guard events.count > 2 * Self.capacity else { return }
        let dropped = events.count - Self.capacity
        begin = events[dropped - 1].object.revision
        events.removeFirst(dropped)
    }

    /// Forgets everything up to a revision, as a real server does after a while.
    mutating func forget(upTo revision: Int64) {
        events.removeAll { $0.object.revision <= revision }
        begin = max(begin, revision)
    }

    /// The changes after a revision.
    func events(after revision: Int64) throws(StoreError) -> ArraySlice<StoreEvent> {
        guard revision >= begin else { throw .expired(requested: revision, oldest: begin) }
        var low = 0
        var high = events.count
        while low < high {
            let middle = (low + high) / 2
            if events[middle].object.revision > revision { high = middle } else { low = middle + 1 }
        }
        return events[low...]
    }
}
