// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

extension Mapping: Hashable {
    /// Equal keys with equal values, in whatever order.
    public static func == (left: Mapping, right: Mapping) -> Bool {
        guard left.count == right.count else { return false }
        if left.keys == right.keys { return left.values == right.values }
        return zip(left.keys, left.values).allSatisfy { key, value in right[key] == value }
    }

    /// Hashes without regard to the order.
    public func hash(into hasher: inout Hasher) {
        var combined = 0
        for (key, value) in self {
            var entry = Hasher()
            entry.combine(key)
            entry.combine(value)
            combined ^= entry.finalize()
        }
        hasher.combine(combined)
    }
}

extension Mapping: RandomAccessCollection {
    /// The first position.
    public var startIndex: Int { keys.startIndex }
    /// One past the last position.
    public var endIndex: Int { keys.endIndex }
    /// The entry at a position.
    public subscript(position: Int) -> (key: String, value: Value) { (keys[position], values[position]) }

    /// The entries in the byte order of their keys, as Go's `range` and `encoding/json` have them.
    public var sortedByKey: [(key: String, value: Value)] {
        sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }
}

extension Mapping: ExpressibleByDictionaryLiteral {
    /// A mapping from a literal, in its order.
    public init(dictionaryLiteral elements: (String, Value)...) { self.init(elements) }
}
