// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// An ordered map from strings to values: what YAML and JSON call a mapping or an object.
///
/// Keys keep the order in which they were first set, because people's files are shown back to them; equality and hashing
/// ignore it. Small mappings are searched linearly, which beats hashing; an index is kept above `indexThreshold` keys.
public struct Mapping: Sendable {
    /// The number of keys above which look-ups go through an index.
    private static let indexThreshold = 16

    /// The keys, in insertion order.
    public private(set) var keys: [String] = []
    /// The values, in the order of `keys`.
    public private(set) var values: [Value] = []
    private var index: [String: Int] = [:]

    /// Makes an empty mapping.
    public init() {}

    /// Makes a mapping of the entries; of two equal keys the later one wins, at the place of the first.
    public init(_ entries: some Sequence<(String, Value)>) {
        for (key, value) in entries { self[key] = value }
    }

    /// The number of entries.
    public var count: Int { keys.count }
    /// Whether there is no entry.
    public var isEmpty: Bool { keys.isEmpty }

    /// The value of a key; setting nil removes the entry.
    public subscript(key: String) -> Value? {
        get {
            guard let position = position(of: key) else { return nil }
            return values[position]
        }
        _modify {
            let position = position(of: key)
            // The value leaves the array while it is changed, so that changing it in place does not copy it.
            var value: Value? = position.map { exchange(.null, at: $0) }
            defer { store(value, for: key, at: position) }
            yield &value
        }
    }

    /// The value of a key, or the default where the key is missing; writing through it sets the key.
    public subscript(key: String, default fallback: @autoclosure () -> Value) -> Value {
        get { self[key] ?? fallback() }
        _modify {
            let position = position(of: key)
            var value = position.map { exchange(.null, at: $0) } ?? fallback()
            defer { store(value, for: key, at: position) }
            yield &value
        }
    }

    /// Whether the key is there, if only with null.
    public func contains(_ key: String) -> Bool { position(of: key) != nil }

    /// Removes a key and returns its value.
    @discardableResult
    public mutating func remove(_ key: String) -> Value? {
        guard let position = position(of: key) else { return nil }
        keys.remove(at: position)
        let removed = values.remove(at: position)
        rebuildIndex()
        return removed
    }

    /// Removes every entry for which the closure says so.
    public mutating func removeAll(where shouldRemove: (_ key: String, _ value: Value) -> Bool) {
        let kept = zip(keys, values).filter { !shouldRemove($0.0, $0.1) }
        guard kept.count != keys.count else { return }
        keys = kept.map(\.0)
        values = kept.map(\.1)
        rebuildIndex()
    }

    /// The place of a key in `keys` and `values`.
    public func position(of key: String) -> Int? {
        if keys.count > Self.indexThreshold { return index[key] }
        return keys.firstIndex(of: key)
    }

    private mutating func exchange(_ value: Value, at position: Int) -> Value {
        var other = value
        swap(&values[position], &other)
        return other
    }

    private mutating func store(_ value: Value?, for key: String, at position: Int?) {
        switch (value, position) {
        case (let value?, let position?): values[position] = value
        case (let value?, nil):
            keys.append(key)
            values.append(value)
            if keys.count == Self.indexThreshold + 1 {
                rebuildIndex()
            } else if keys.count > Self.indexThreshold {
                index[key] = keys.count - 1
            }
        case (nil, _?): remove(key)
        case (nil, nil): break
        }
    }

    private mutating func rebuildIndex() {
        index = [:]
        guard keys.count > Self.indexThreshold else { return }
        for (position, key) in keys.enumerated() { index[key] = position }
    }
}
