// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import Crypto
import Values

extension GoValue {
    /// A document as Go's JSON reader gives it: every number is a float64.
    init(_ value: Value) {
        switch value {
        case .null: self = .null
        case .bool(let flag): self = .bool(flag)
        case .int(let number): self = .float64(Double(number))
        case .double(let number): self = .float64(number)
        case .string(let text): self = .string(Bytes(text))
        case .array(let items): self = .list(items.map { GoValue($0) })
        case .mapping(let mapping): self = .map(GoMap(mapping))
        }
    }

    /// The value as a document; nil for what none can hold, such as an infinite number.
    var document: Value? {
        switch self {
        case .invalid, .null: return .null
        case .bool(let flag): return .bool(flag)
        case .int(let number): return .int(Int64(number))
        case .int64(let number): return .int(number)
        case .uint64(let number): return Int64(exactly: number).map { .int($0) } ?? .double(Double(number))
        case .float64(let number): return number.isFinite ? .double(number) : nil
        case .complex128: return nil
        case .string(let text): return .string(text.text)
        case .bytes(let bytes): return .string(Base64.encode(bytes))
        case .list(let list):
            var items: [Value] = []
            items.reserveCapacity(list.items.count)
            for item in list.items {
                guard let value = item.document else { return nil }
                items.append(value)
            }
            return .array(items)
        case .map(let map):
            var mapping = Mapping()
            for (key, item) in zip(map.keys, map.values) {
                guard let value = item.document else { return nil }
                mapping[key.text] = value
            }
            return .mapping(mapping)
        case .object(let object): return object.encoded.document
        }
    }
}

extension GoMap {
    /// A map of a document's entries.
    convenience init(_ mapping: Mapping, type: GoType = .anyMap) {
        self.init(mapping.map { (Bytes($0.key), GoValue($0.value)) }, type: type)
    }
}
