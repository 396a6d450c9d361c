// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Keys in the order of their arrival.
struct KeyRing<Key: Sendable>: Sendable {
    private var keys: [Key] = []
    private var first = 0

    /// How many keys there are.
    var count: Int { keys.count - first }
    /// Whether there is none.
    var isEmpty: Bool { count == 0 }

    /// Adds a key at the end.
    mutating func append(_ key: Key) { keys.append(key) }

    /// Takes the first key.
    mutating func popFirst() -> Key? {
        guard first < keys.count else { return nil }
        let key = keys[first]
        first += 1
        // What was taken is dropped once it is the larger half, so that taking costs the same however many wait.
        if first * 2 > keys.count {
            keys.removeFirst(first)
            first = 0
        }
        return key
    }
}
