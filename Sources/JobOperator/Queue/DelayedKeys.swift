// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Keys that are due later, the earliest first; a key waits once, for the earliest of its moments.
struct DelayedKeys<Key: Hashable & Sendable>: Sendable {
    private struct Entry {
        var due: Duration
        var key: Key
    }

    /// A binary heap; entries that the table contradicts are out of date and passed over.
    private var heap: [Entry] = []
    private var moments: [Key: Duration] = [:]

    /// How many keys wait.
    var count: Int { moments.count }

    /// When the first key is due.
    var next: Duration? { heap.first?.due }

    /// Lets a key wait until a moment, unless it waits for an earlier one.
    mutating func add(_ key: Key, due: Duration) {
        if let known = moments[key], known <= due { return }
        moments[key] = due
        heap.append(Entry(due: due, key: key))
        rise(from: heap.count - 1)
    }

    /// Takes the keys that are due, the earliest first.
    mutating func popDue(at now: Duration) -> [Key] {
        var due: [Key] = []
        while let first = heap.first, first.due <= now || isStale(first) {
            if !isStale(first) {
                moments[first.key] = nil
                due.append(first.key)
            }
            removeFirst()
        }
        return due
    }

    /// Forgets all keys.
    mutating func removeAll() {
        heap = []
        moments = [:]
    }

    private func isStale(_ entry: Entry) -> Bool { moments[entry.key] != entry.due }

    private mutating func removeFirst() {
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].due < heap[smallest].due { smallest = child }
            }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }

    private mutating func rise(from position: Int) {
        var child = position
        while child > 0, heap[child].due < heap[(child - 1) / 2].due {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }
}
