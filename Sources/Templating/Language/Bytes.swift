// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

/// Text of templates: bytes, because Go's strings are bytes and charts cut them anywhere.
typealias Bytes = [UInt8]

extension Array where Element == UInt8 {
    /// The bytes of a Swift string.
    init(_ text: String) {
        self = Array(text.utf8)
    }

    /// The text, with U+FFFD for what is not UTF-8.
    var text: String { String(decoding: self, as: UTF8.self) }

    /// Bytewise order, as Go compares strings.
    func precedes(_ other: Bytes) -> Bool { order(other) < 0 }

    /// Negative, zero or positive as `self` sorts before, like or after `other`.
    func order(_ other: Bytes) -> Int {
        let common = Swift.min(count, other.count)
        return withUnsafeBufferPointer { left in
            other.withUnsafeBufferPointer { right in
                for index in 0..<common where left[index] != right[index] {
                    return Int(left[index]) - Int(right[index])
                }
                return left.count - right.count
            }
        }
    }

    func hasPrefix(_ prefix: Bytes, at start: Int = 0) -> Bool {
        guard start + prefix.count <= count else { return false }
        for index in 0..<prefix.count where self[start + index] != prefix[index] { return false }
        return true
    }

    func hasSuffix(_ suffix: Bytes) -> Bool {
        suffix.count <= count && hasPrefix(suffix, at: count - suffix.count)
    }

    /// The first place of `needle` at or after `start`.
    func firstIndex(of needle: Bytes, from start: Int = 0) -> Int? {
        guard let first = needle.first else { return start <= count ? start : nil }
        guard needle.count <= count else { return nil }
        let last = count - needle.count
        var index = start
        return withUnsafeBufferPointer { buffer in
            while index <= last {
                if buffer[index] == first {
                    var matched = 1
                    while matched < needle.count && buffer[index + matched] == needle[matched] { matched += 1 }
                    if matched == needle.count { return index }
                }
                index += 1
            }
            return nil
        }
    }

    func lastIndex(of needle: Bytes) -> Int? {
        guard needle.count <= count else { return nil }
        var index = count - needle.count
        while index >= 0 {
            if hasPrefix(needle, at: index) { return index }
            index -= 1
        }
        return nil
    }

    /// Go's `strings.Split`; an empty separator splits into characters.
    func split(by separator: Bytes, limit: Int = -1) -> [Bytes] {
        if limit == 0 { return [] }
        if separator.isEmpty { return splitIntoCharacters(limit: limit) }
        var parts: [Bytes] = []
        var start = 0
        while limit < 0 || parts.count < limit - 1, let found = firstIndex(of: separator, from: start) {
            parts.append(Bytes(self[start..<found]))
            start = found + separator.count
        }
        parts.append(Bytes(self[start...]))
        return parts
    }

    private func splitIntoCharacters(limit: Int) -> [Bytes] {
        var parts: [Bytes] = []
        var index = 0
        while index < count {
            if limit > 0 && parts.count == limit - 1 {
                parts.append(Bytes(self[index...]))
                return parts
            }
            let (_, width) = rune(at: index)
            parts.append(Bytes(self[index..<index + width]))
            index += width
        }
        return parts
    }

    /// All places of `old` replaced; an empty `old` inserts between characters.
    func replacing(_ old: Bytes, with new: Bytes) -> Bytes {
        if old.isEmpty {
            var result = new
            for part in splitIntoCharacters(limit: -1) {
                result += part
                result += new
            }
            return result
        }
        guard var found = firstIndex(of: old) else { return self }
        var result = Bytes()
        result.reserveCapacity(count)
        var start = 0
        while true {
            result += self[start..<found]
            result += new
            start = found + old.count
            guard let next = firstIndex(of: old, from: start) else { break }
            found = next
        }
        result += self[start...]
        return result
    }

    /// The bytes between leading and trailing bytes for which `drop` holds.
    func trimming(where drop: (UInt8) -> Bool) -> Bytes {
        var start = 0
        var end = count
        while start < end, drop(self[start]) { start += 1 }
        while end > start, drop(self[end - 1]) { end -= 1 }
        return start == 0 && end == count ? self : Bytes(self[start..<end])
    }
}

extension Sequence where Element == Bytes {
    /// The parts with `separator` between them.
    func joined(by separator: Bytes) -> Bytes {
        var result = Bytes()
        var isFirst = true
        for part in self {
            if !isFirst { result += separator }
            result += part
            isFirst = false
        }
        return result
    }
}

/// Bytes as a key of dictionaries: hashed at once, not one by one.
struct ByteKey: Hashable {
    let bytes: Bytes

    init(_ bytes: Bytes) {
        self.bytes = bytes
    }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
