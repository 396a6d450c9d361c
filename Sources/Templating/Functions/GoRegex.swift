// Copyright the iflearnerctl authors.
// SPDX-License-Identifier: Apache-2.0

import CRE2

/// A regular expression with the behaviour of Go's `regexp`: RE2's matching, Go's splitting and replacing.
final class GoRegex {
    private let handle: OpaquePointer
    private let groups: Int
    private let isEmptyPattern: Bool

    init(_ pattern: Bytes) throws {
        let compiled = pattern.withUnsafeBytes { text in
            cre2_compile(text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
        }
        guard let compiled else { throw GoError("error parsing regexp: out of memory") }
        if let message = cre2_error(compiled) {
            let text = String(cString: message)
            cre2_free(compiled)
            throw GoError("error parsing regexp: \(Self.goMessage(text)): `\(pattern.text)`")
        }
        handle = compiled
        groups = Int(cre2_group_count(compiled)) + 1
        isEmptyPattern = pattern.isEmpty
    }

    deinit {
        cre2_free(handle)
    }

    /// RE2's words for the commonest mistakes are not quite Go's.
    private static func goMessage(_ message: String) -> String {
        let reason = message.split(separator: ": ", maxSplits: 1).first.map(String.init) ?? message
        switch reason {
        case "missing )": return "missing closing )"
        case "missing ]": return "missing closing ]"
        case "no argument for repetition operator": return "missing argument to repetition operator"
        case "invalid perl operator": return "invalid or unsupported Perl syntax"
        default: return reason
        }
    }

    /// Start and end of the whole match and of each group (-1 for one that took no part) at or after `start`.
    private func match(_ text: Bytes, from start: Int) -> [Int]? {
        var offsets = [Int](repeating: -1, count: groups * 2)
        let isFound = text.withUnsafeBytes { bytes in
            cre2_match(
                handle, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, start, &offsets,
                Int32(groups))
        }
        return isFound ? offsets : nil
    }

    func matches(_ text: Bytes) -> Bool { match(text, from: 0) != nil }

    func first(in text: Bytes) -> Bytes? {
        match(text, from: 0).map { Bytes(text[$0[0]..<$0[1]]) }
    }

    /// Up to `limit` matches; a negative limit means all.
    ///
    /// An empty match right after another one does not count.
    func all(in text: Bytes, limit: Int) -> [Range<Int>] {
        var result: [Range<Int>] = []
        var position = 0
        var previousEnd = -1
        while limit < 0 || result.count < limit, position <= text.count, let found = match(text, from: position) {
            var isAccepted = true
            if found[1] == position {
                isAccepted = found[0] != previousEnd
                position += position < text.count ? text.rune(at: position).width : 1
            } else {
                position = found[1]
            }
            previousEnd = found[1]
            if isAccepted { result.append(found[0]..<found[1]) }
        }
        return result
    }

    func split(_ text: Bytes, limit: Int) -> [Bytes] {
        if limit == 0 { return [] }
        if !isEmptyPattern && text.isEmpty { return [[]] }
        var parts: [Bytes] = []
        var start = 0
        var end = 0
        for match in all(in: text, limit: limit) {
            if limit > 0 && parts.count == limit - 1 { break }
            end = match.lowerBound
            if match.upperBound != 0 { parts.append(Bytes(text[start..<end])) }
            start = match.upperBound
        }
        if end != text.count { parts.append(Bytes(text[start...])) }
        return parts
    }

    /// All matches replaced by `replacement`, in which `$1`, `$name` and `${name}` stand for groups.
    func replacing(in text: Bytes, with replacement: Bytes, isLiteral: Bool) -> Bytes {
        var result = Bytes()
        var lastEnd = 0
        var position = 0
        while position <= text.count, let found = match(text, from: position) {
            result += text[lastEnd..<found[0]]
            if found[1] > lastEnd || found[0] == 0 {
                result += isLiteral ? replacement : expand(replacement, found, text)
            }
            lastEnd = found[1]
            let width = position < text.count ? text.rune(at: position).width : 0
            if position + width > found[1] {
                position += width
            } else if position + 1 > found[1] {
                position += 1
            } else {
                position = found[1]
            }
        }
        return result + text[lastEnd...]
    }

    private func expand(_ template: Bytes, _ match: [Int], _ text: Bytes) -> Bytes {
        var result = Bytes()
        var index = 0
        while index < template.count {
            let byte = template[index]
            index += 1
            guard byte == UInt8(ascii: "$") else {
                result.append(byte)
                continue
            }
            if index < template.count, template[index] == byte {
                result.append(byte)
                index += 1
            } else if let (name, end) = Self.groupName(template, at: index) {
                index = end
                if let group = number(of: name), match[group * 2] >= 0 {
                    result += text[match[group * 2]..<match[group * 2 + 1]]
                }
            } else {
                result.append(byte)
            }
        }
        return result
    }

    /// The name after a dollar sign: in braces, or as long as it goes.
    private static func groupName(_ template: Bytes, at start: Int) -> (Bytes, end: Int)? {
        let isBraced = start < template.count && template[start] == UInt8(ascii: "{")
        let nameStart = isBraced ? start + 1 : start
        var end = nameStart
        while end < template.count {
            let (rune, width) = template.rune(at: end)
            guard rune == UInt32(UInt8(ascii: "_")) || Rune.isLetter(rune) || Rune.isDigit(rune) else { break }
            end += width
        }
        guard end > nameStart else { return nil }
        let name = Bytes(template[nameStart..<end])
        guard isBraced else { return (name, end) }
        guard end < template.count, template[end] == UInt8(ascii: "}") else { return nil }
        return (name, end + 1)
    }

    private func number(of name: Bytes) -> Int? {
        if let number = SemanticVersion.number(name.text[...]) {
            return number < UInt64(groups) ? Int(number) : nil
        }
        let number = name.withUnsafeBytes { text in
            cre2_group_number(handle, text.baseAddress?.assumingMemoryBound(to: CChar.self), text.count)
        }
        return number >= 0 ? Int(number) : nil
    }
}
