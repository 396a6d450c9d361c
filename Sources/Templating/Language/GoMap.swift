// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// A map, shared by reference and kept in key order, which is the order in which Go templates show maps.
final class GoMap {
    /// The entries; maps of different types may share them, as Go's conversions do.
    private final class Storage {
        var keys: [Bytes] = []
        var values: [GoValue] = []

        deinit {
            GoValue.release(&values)
        }
    }

    private var storage: Storage
    /// The type's name and element type.
    let type: GoType

    init(type: GoType = .anyMap) {
        storage = Storage()
        self.type = type
    }

    private init(_ storage: Storage, type: GoType) {
        self.storage = storage
        self.type = type
    }

    private(set) var keys: [Bytes] {
        get { storage.keys }
        _modify { yield &storage.keys }
    }

    private(set) var values: [GoValue] {
        get { storage.values }
        _modify { yield &storage.values }
    }

    /// Hands over the values when nobody else holds the entries.
    func takeValues() -> [GoValue] {
        guard isKnownUniquelyReferenced(&storage) else { return [] }
        let result = storage.values
        storage.keys = []
        storage.values = []
        return result
    }

    /// The same map under another type: changes of one are changes of both.
    func sharing(type: GoType) -> GoMap { GoMap(storage, type: type) }

    /// Whether both are the same map.
    func isSame(as other: GoMap) -> Bool { storage === other.storage }

    /// A map of pairs in any order; later pairs win.
    convenience init(_ pairs: [(Bytes, GoValue)], type: GoType = .anyMap) {
        self.init(type: type)
        for (key, value) in pairs { self[key] = value }
    }

    /// The same entries under the same type; the values are shared.
    func copy(type: GoType? = nil) -> GoMap {
        let result = GoMap(type: type ?? self.type)
        result.keys = keys
        result.values = values
        return result
    }

    var isEmpty: Bool { keys.isEmpty }
    var count: Int { keys.count }

    /// What a missing key reads as.
    var zero: GoValue {
        if case .map(let element, _) = type { return element.zero }
        return .null
    }

    subscript(key: Bytes) -> GoValue? {
        get {
            let (index, isFound) = place(of: key)
            return isFound ? values[index] : nil
        }
        set {
            let (index, isFound) = place(of: key)
            switch (isFound, newValue) {
            case (true, .some(let value)): values[index] = value
            case (true, .none):
                keys.remove(at: index)
                values.remove(at: index)
            case (false, .some(let value)):
                keys.insert(key, at: index)
                values.insert(value, at: index)
            case (false, .none): break
            }
        }
    }

    private func place(of key: Bytes) -> (index: Int, isFound: Bool) {
        var low = 0
        var high = keys.count
        while low < high {
            let middle = (low + high) / 2
            let order = keys[middle].order(key)
            if order == 0 { return (middle, true) }
            if order < 0 { low = middle + 1 } else { high = middle }
        }
        return (low, false)
    }
}
